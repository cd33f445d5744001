//! Founding a service, and changing one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::services::{self, NewService, ServiceChange, ServicePage};
use promgen_core::app::{AppError, Unread, people};
use promgen_core::model::{Problem, Service, ServiceId, UserId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::members::{SuggestPage, Suggestions, USERS, users};
use crate::ui::parts::{Field, FormView};
use crate::ui::text::Texts;

/// Longest name; see `model::Name`.
const LONGEST_NAME: u32 = 128;

/// `GET /new/service`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    found(&server, &viewer, &Form::default(), &[]).await
}

/// `POST /new/service`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    match make(&server, &viewer, &form).await {
        Ok(service) => {
            let text = viewer.t().name("services-registered", &service.name);
            Ok(viewer.back_to(format!("/service/{}", service.id), Notice::success(text)))
        }
        Err(error) => found(&server, &viewer, &form, &error.problems()?).await,
    }
}

async fn make(server: &Server, viewer: &Viewer, form: &Form) -> Result<Service, AppError> {
    let mut unread = Unread::default();
    let new = NewService {
        name: form.text("name"),
        description: form.text("description"),
        owner: unread.or(wanted_owner(server, viewer, None, form).await, None)?,
    };
    let app = unread.app(&server.app);
    unread.with(services::create(&app, viewer.actor(), new).await)
}

async fn found(
    server: &Server,
    viewer: &Viewer,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("services-register");
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    let frame = viewer.frame(title.clone(), crumbs);
    let mut fields = fields(t, sent.text("name"), sent.text("description"));
    let mut suggestions = Suggestions::default();
    if frame.superuser {
        fields.push(owner(t, sent.text("owner")).help(t.say("services-owner-new-help")));
        suggestions = users(server, viewer).await?;
    }
    let form = FormView::new(&frame, "/new/service", title, fields)
        .problems(problems)
        .cancel(&frame, "/service");
    viewer.show(&SuggestPage {
        frame,
        intro: String::new(),
        form,
        suggestions,
    })
}

/// `GET /service/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let page = services::page(&server.app, viewer.actor(), ServiceId(id)).await?;
    change(&server, &viewer, &page, None, &[]).await
}

/// `POST /service/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let page = services::page(&server.app, viewer.actor(), ServiceId(id)).await?;
    let mut unread = Unread::default();
    let owner = wanted_owner(&server, &viewer, page.detail.owner.as_deref(), &form).await;
    let wanted = ServiceChange {
        name: form.given("name"),
        description: form.given("description"),
        owner: unread.or(owner, None)?,
    };
    let app = unread.app(&server.app);
    let written = services::update(&app, viewer.actor(), ServiceId(id), wanted).await;
    match unread.with(written) {
        Ok(written) => {
            let text = viewer.t().name("services-saved", &written.object.name);
            let mut notices = vec![Notice::success(text)];
            notices.extend(Notice::mentions(viewer.t(), &written.mentions));
            Ok(viewer.back_with(format!("/service/{id}"), &notices))
        }
        Err(error) => change(&server, &viewer, &page, Some(&form), &error.problems()?).await,
    }
}

/// The user who is named as the owner, when that is another one than before; nobody named changes
/// nothing.
async fn wanted_owner(
    server: &Server,
    viewer: &Viewer,
    before: Option<&str>,
    form: &Form,
) -> Result<Option<UserId>, AppError> {
    let given = Some(form.text("owner").trim()).filter(|name| !name.is_empty());
    match given.filter(|name| before != Some(*name)) {
        None => Ok(None),
        Some(name) => {
            let user = people::find_by_name(&server.app, viewer.actor(), name, "owner").await?;
            Ok(Some(user.id))
        }
    }
}

async fn change(
    server: &Server,
    viewer: &Viewer,
    page: &ServicePage,
    sent: Option<&Form>,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    if !page.may.edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let t = viewer.t();
    let service = &page.detail.service;
    let here = format!("/service/{}", service.id);
    let title = t.name("services-edit-title", &service.name);
    let crumbs = vec![
        super::crumb(t),
        Crumb::new(service.name.to_string(), &here),
        Crumb::here(t.say("services-edit")),
    ];
    let frame = viewer.frame(title, crumbs);
    let value = |name: &str, stored: &str| {
        let sent = sent.and_then(|form| form.given(name));
        sent.unwrap_or(stored).to_owned()
    };
    let name = value("name", &service.name);
    let mut fields = fields(t, &name, &value("description", &service.description));
    let mut suggestions = Suggestions::default();
    if page.may.own {
        let named = value("owner", page.detail.owner.as_deref().unwrap_or_default());
        fields.push(owner(t, &named).help(t.say("services-owner-help")));
        suggestions = users(server, viewer).await?;
    }
    let action = format!("{here}/update");
    let form = FormView::new(&frame, action, t.say("services-save"), fields)
        .problems(problems)
        .cancel(&frame, here);
    viewer.show(&SuggestPage {
        frame,
        intro: t.say("services-rename-warning").into_owned(),
        form,
        suggestions,
    })
}

fn owner(t: &Texts, named: &str) -> Field {
    let field = Field::text("owner", t.say("services-owner"));
    field.value(named).list("suggestions").suggest(USERS)
}

fn fields(t: &Texts, name: &str, description: &str) -> Vec<Field> {
    vec![
        Field::text("name", t.say("services-name"))
            .value(name)
            .required()
            .longest(LONGEST_NAME)
            .help(t.say("services-name-help")),
        Field::area("description", t.say("services-description"), 3).value(description),
    ]
}
