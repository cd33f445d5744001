//! Registering notifiers: a form for each driver, made from what it says of itself.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::registration::Registered;
use promgen_core::app::senders::{self, DriverView, NewSender, SenderView};
use promgen_core::app::{AppError, Unread, people, projects, services};
use promgen_core::model::{Problem, ProjectId, SenderOwner, ServiceId, UserId};
use promgen_core::plugin::{Field as DriverField, FieldKind};

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::members::{Suggestions, users};
use crate::ui::parts::{Field, FormView, Linked, Remark, remarks};
use crate::ui::text::Texts;

#[derive(Template)]
#[template(path = "notifiers/register.html")]
struct Register {
    frame: Frame,
    /// What is wrong, where that is about none of the drivers.
    remarks: Vec<Remark>,
    drivers: Vec<Driver>,
    /// Users who can be named.
    suggestions: Suggestions,
}

struct Driver {
    key: &'static str,
    label: Cow<'static, str>,
    help: Linked,
    /// Whether it is the one that was just sent.
    open: bool,
    available: bool,
    form: FormView,
}

/// Whose notifiers they are.
struct Whose {
    owner: SenderOwner,
    /// Name of that.
    name: String,
    /// Where the forms are posted.
    action: String,
}

/// `GET /service/{id}/notifier`
pub(super) async fn of_service(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let whose = service(&server, &viewer, id).await?;
    show(&server, &viewer, &whose, &Form::default(), &[]).await
}

/// `POST /service/{id}/notifier`
pub(super) async fn create_of_service(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let whose = service(&server, &viewer, id).await?;
    create(&server, &viewer, &whose, &form).await
}

/// `GET /project/{id}/notifier`
pub(super) async fn of_project(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let whose = project(&server, &viewer, id).await?;
    show(&server, &viewer, &whose, &Form::default(), &[]).await
}

/// `POST /project/{id}/notifier`
pub(super) async fn create_of_project(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let whose = project(&server, &viewer, id).await?;
    create(&server, &viewer, &whose, &form).await
}

/// `GET /profile/notifier`
pub(super) async fn own(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    let whose = mine(&viewer)?;
    show(&server, &viewer, &whose, &Form::default(), &[]).await
}

/// `POST /profile/notifier`, and `POST /profile`, as the original has it.
pub(in crate::ui) async fn create_own(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let whose = mine(&viewer)?;
    create(&server, &viewer, &whose, &form).await
}

async fn service(server: &Server, viewer: &Viewer, id: i32) -> Result<Whose, HttpError> {
    let found = services::find(&server.app, viewer.actor(), ServiceId(id)).await?;
    Ok(Whose {
        owner: SenderOwner::Service(ServiceId(id)),
        name: found.service.name.into(),
        action: format!("/service/{id}/notifier"),
    })
}

async fn project(server: &Server, viewer: &Viewer, id: i32) -> Result<Whose, HttpError> {
    let found = projects::find(&server.app, viewer.actor(), ProjectId(id)).await?;
    Ok(Whose {
        owner: SenderOwner::Project(ProjectId(id)),
        name: found.project.name.into(),
        action: format!("/project/{id}/notifier"),
    })
}

fn mine(viewer: &Viewer) -> Result<Whose, HttpError> {
    let user = viewer.known().ok_or(AppError::Unauthenticated)?;
    Ok(Whose {
        owner: SenderOwner::User(user.id),
        name: user.username.clone(),
        action: "/profile/notifier".to_owned(),
    })
}

async fn create(
    server: &Server,
    viewer: &Viewer,
    whose: &Whose,
    form: &Form,
) -> Result<Response, HttpError> {
    match register(server, viewer, whose, form).await {
        Ok((made, registered)) => {
            let t = viewer.t();
            let label = whose::label(server.app.registry(), &made.driver, t);
            let mut notices = vec![match registered {
                Registered::Created => Notice::success(t.name("notifiers-registered", label)),
                Registered::Found => Notice::info(t.name("notifiers-there", label)),
            }];
            let warnings = made.warnings.iter();
            notices.extend(warnings.map(|one| Notice::warning(t.advice(one))));
            Ok(viewer.back_with(whose::page_of(whose.owner), &notices))
        }
        Err(error) => show(server, viewer, whose, form, &error.problems()?).await,
    }
}

async fn register(
    server: &Server,
    viewer: &Viewer,
    whose: &Whose,
    form: &Form,
) -> Result<(SenderView, Registered), AppError> {
    let actor = viewer.actor();
    let mut unread = Unread::default();
    let driver = form.text("sender");
    let mut value = value(form);
    let named = server.app.registry().notifier(driver);
    if named.is_some_and(|it| it.fields.iter().any(is_user_field)) {
        value = unread.or(user(server, viewer, &value).await, String::new())?;
    }
    let app = &unread.app(&server.app);
    let name = form.text("filter.name").trim();
    let filters: Vec<(String, String)> = if name.is_empty() {
        Vec::new()
    } else {
        vec![(name.to_owned(), form.text("filter.value").trim().to_owned())]
    };
    let new = NewSender {
        driver,
        value: &value,
        alias: form.text("alias").trim(),
        enabled: true,
        secret: None,
        filters: &filters,
    };
    let made = match whose.owner {
        SenderOwner::User(_) => senders::create_own(app, actor, &new).await,
        owner => senders::create(app, actor, owner, &new).await,
    };
    unread.with(made)
}

/// People are chosen by name, and kept by id; as the original does, an id is taken too, unless somebody
/// is called so.
async fn user(server: &Server, viewer: &Viewer, value: &str) -> Result<String, AppError> {
    match people::find_by_name(&server.app, viewer.actor(), value, "value").await {
        Ok(found) => Ok(found.id.to_string()),
        Err(AppError::Invalid { .. }) if value.parse::<UserId>().is_ok() => Ok(value.to_owned()),
        Err(error) => Err(error),
    }
}

/// The value; the original's form of PagerDuty has two fields for it.
fn value(form: &Form) -> String {
    match (form.given("domain"), form.given("integration_key")) {
        (Some(domain), Some(key)) if form.given("value").is_none() => {
            format!("{}:{}", domain.trim(), key.trim())
        }
        _ => form.text("value").trim().to_owned(),
    }
}

fn is_user_field(field: &DriverField) -> bool {
    field.kind == FieldKind::User
}

async fn show(
    server: &Server,
    viewer: &Viewer,
    whose: &Whose,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let may = match whose.owner {
        SenderOwner::User(_) => true,
        owner => senders::may_edit(&server.app, viewer.actor(), owner).await?,
    };
    if !may {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let title = t.name("notifiers-register-title", &whose.name);
    let mut crumbs = whose::crumb(whose.owner, &whose.name, t);
    crumbs.push(Crumb::here(t.say("notifiers-register")));
    let frame = viewer.frame(title, crumbs);
    let personal = matches!(whose.owner, SenderOwner::User(_));
    let drivers = senders::drivers(&server.app, viewer.actor()).await?;
    let drivers = drivers
        .into_iter()
        .filter(|driver| !(personal && driver.fans_out));
    let drivers: Vec<Driver> = drivers
        .map(|driver| driver_form(&driver, &frame, whose, sent, problems, t))
        .collect();
    let page = Register {
        remarks: if drivers.iter().any(|driver| driver.open) {
            Vec::new()
        } else {
            remarks(problems, t)
        },
        drivers,
        suggestions: users(server, viewer).await?,
        frame,
    };
    viewer.show(&page)
}

fn driver_form(
    driver: &DriverView,
    frame: &Frame,
    whose: &Whose,
    sent: &Form,
    problems: &[Problem],
    t: &Texts,
) -> Driver {
    let key = driver.description.key;
    let chosen = sent.text("sender") == key;
    let filled = |name: &str| if chosen { sent.text(name) } else { "" };
    let id = |name: &str| format!("id_{}_{name}", key.replace('.', "_"));
    let mut fields = vec![Field::hidden("sender", key)];
    for field in driver.description.fields {
        let texts = t.notifier_field(driver.description, field);
        let made = field_of(field, texts, filled(field.name));
        fields.push(made.id(id(field.name)));
    }
    if !driver.fans_out {
        fields.push(
            Field::text("filter.name", t.say("notifiers-filter-name"))
                .value(filled("filter.name"))
                .id(id("filter_name"))
                .list("filter_names")
                .help(t.say("notifiers-filter-help")),
        );
        fields.push(
            Field::text("filter.value", t.say("notifiers-filter-value"))
                .value(filled("filter.value"))
                .id(id("filter_value"))
                .list("filter_values"),
        );
    }
    let submit = t.say("notifiers-register");
    let form = FormView::new(frame, &whose.action, submit, fields);
    Driver {
        key,
        label: t.notifier(driver.description),
        help: Linked::new(&t.notifier_help(driver.description)),
        open: chosen,
        available: driver.available,
        form: if chosen {
            form.problems(problems)
        } else {
            form
        },
    }
}

/// The field of a driver's form, with its label and help.
fn field_of(field: &DriverField, [label, help]: [Cow<'static, str>; 2], value: &str) -> Field {
    let made = match field.kind {
        FieldKind::Email => Field::line("email", field.name, label),
        FieldKind::Url => Field::line("url", field.name, label),
        FieldKind::Secret => Field::line("password", field.name, label).autocomplete("off"),
        FieldKind::User => Field::text(field.name, label).list("suggestions"),
        _ => Field::text(field.name, label),
    };
    // What is secret does not come back.
    let value = if field.kind == FieldKind::Secret {
        ""
    } else {
        value
    };
    let made = made.value(value).help(help);
    if field.required {
        made.required()
    } else {
        made
    }
}
