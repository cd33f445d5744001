//! Registering a project, and changing one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::policy::Act;
use promgen_core::app::projects::{self, NewProject, ProjectChange, ProjectDetail};
use promgen_core::app::{AppError, Slice, Unread, by_name, people, services};
use promgen_core::model::{Problem, ProjectId, Service, ServiceId, ShardId, UserId};

use super::picker::ShardPicker;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::members::{Suggestions, USERS, users};
use crate::ui::parts::{Field, FormView, Sheet};
use crate::ui::text::Texts;

/// Longest name; see `model::Name`.
const LONGEST_NAME: u32 = 128;

/// Most services that are suggested; others are typed.
const SUGGESTED: u64 = 500;

#[derive(Template)]
#[template(path = "projects/form.html")]
struct ProjectForm {
    frame: Frame,
    form: FormView,
    shards: ShardPicker,
    /// Users who can own it.
    suggestions: Suggestions,
    /// Names of services that it can move to.
    services: Vec<String>,
    /// What is said of a project that moves; on registration it does not.
    moves: bool,
}

/// `GET /service/{id}/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let service = editable(&server, &viewer, ServiceId(id)).await?;
    let chosen = sheet.filter("shard").and_then(|shard| shard.parse().ok());
    register(&server, &viewer, &service, chosen, &Form::default(), &[]).await
}

/// `POST /service/{id}/new`
pub(super) async fn create(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let service = editable(&server, &viewer, ServiceId(id)).await?;
    match make(&server, &viewer, service.id, &form).await {
        Ok((id, name)) => {
            let text = viewer.t().name("projects-registered", name);
            Ok(viewer.back_to(format!("/project/{id}"), Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let chosen = form.text("shard").parse().ok();
            register(&server, &viewer, &service, chosen, &form, &problems).await
        }
    }
}

async fn make(
    server: &Server,
    viewer: &Viewer,
    service: ServiceId,
    form: &Form,
) -> Result<(ProjectId, String), AppError> {
    let mut unread = Unread::default();
    let new = NewProject {
        name: form.text("name"),
        description: form.text("description"),
        shard: unread.or(shard_of(form), ShardId(0))?,
        owner: unread.or(owner_of(server, viewer, form, None).await, None)?,
    };
    let app = unread.app(&server.app);
    let project = unread.with(projects::create(&app, viewer.actor(), service, new).await)?;
    Ok((project.id, project.name.to_string()))
}

/// A service below which the viewer may register projects.
async fn editable(server: &Server, viewer: &Viewer, id: ServiceId) -> Result<Service, HttpError> {
    let page = services::page(&server.app, viewer.actor(), id).await?;
    if page.may.edit {
        return Ok(page.detail.service);
    }
    let need = "the role editor".to_owned();
    Err(AppError::Forbidden { need }.into())
}

async fn register(
    server: &Server,
    viewer: &Viewer,
    service: &Service,
    shard: Option<i32>,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("projects-register");
    let above = format!("/service/{}", service.id);
    let crumbs = vec![
        crate::ui::services::crumb(t),
        Crumb::new(service.name.to_string(), &above),
        Crumb::here(title.clone()),
    ];
    let frame = viewer.frame(title.clone(), crumbs);
    let mut fields = fields(t, sent.text("name"), sent.text("description"));
    if frame.superuser {
        fields.push(owner(t, sent.text("owner")).help(t.say("projects-owner-new-help")));
    }
    let form = FormView::new(
        &frame,
        format!("/service/{}/new", service.id),
        title,
        fields,
    )
    .problems(&of_form(problems))
    .cancel(&frame, above);
    let shards = ShardPicker::load(server, viewer, shard.map(ShardId), None, problems).await?;
    viewer.show(&ProjectForm {
        form,
        frame,
        shards,
        suggestions: users(server, viewer).await?,
        services: Vec::new(),
        moves: false,
    })
}

/// `GET /project/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await?;
    change(&server, &viewer, &detail, &Form::default(), &[]).await
}

/// `POST /project/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await?;
    match save(&server, &viewer, &detail, &form).await {
        Ok(notices) => Ok(viewer.back_with(format!("/project/{id}"), &notices)),
        Err(error) => change(&server, &viewer, &detail, &form, &error.problems()?).await,
    }
}

async fn save(
    server: &Server,
    viewer: &Viewer,
    detail: &ProjectDetail,
    form: &Form,
) -> Result<Vec<Notice>, AppError> {
    let mut unread = Unread::default();
    let shard = match form.given("shard") {
        Some(_) => shard_of(form).map(Some),
        None => Ok(None),
    };
    let owner = owner_of(server, viewer, form, detail.owner.as_deref()).await;
    let wanted = ProjectChange {
        name: form.given("name"),
        description: form.given("description"),
        owner: unread.or(owner, None)?,
        service: unread.or(service_of(server, viewer, form, detail).await, None)?,
        shard: unread.or(shard, None)?,
    };
    let (app, id) = (unread.app(&server.app), detail.project.id);
    let written = unread.with(projects::update(&app, viewer.actor(), id, wanted).await)?;
    let text = viewer.t().name("projects-saved", &written.object.name);
    let mut notices = vec![Notice::success(text)];
    notices.extend(Notice::mentions(viewer.t(), &written.mentions));
    Ok(notices)
}

async fn change(
    server: &Server,
    viewer: &Viewer,
    detail: &ProjectDetail,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let project = &detail.project;
    let here = format!("/project/{}", project.id);
    let crumbs = super::crumbs(t, detail, Some(Crumb::here(t.say("projects-edit"))));
    let frame = viewer.frame(t.name("projects-edit-title", &project.name), crumbs);
    let value = |name: &str, stored: &str| sent.given(name).unwrap_or(stored).to_owned();
    let (name, description) = (
        value("name", &project.name),
        value("description", &project.description),
    );
    let mut fields = fields(t, &name, &description);
    if may_own(server, viewer, project.id).await? {
        let named = value("owner", detail.owner.as_deref().unwrap_or_default());
        fields.push(owner(t, &named).help(t.say("projects-owner-help")));
    }
    let service = Field::text("service", t.say("projects-service"));
    let service = service.value(value("service", &detail.service.name));
    let service = service.list("services").required();
    fields.push(service.help(t.say("projects-service-help")));
    let submit = t.say("projects-save");
    let form = FormView::new(&frame, format!("{here}/update"), submit, fields)
        .problems(&of_form(problems))
        .cancel(&frame, here);
    let chosen = sent.text("shard").parse().map_or(project.shard, ShardId);
    let current = Some(project.shard);
    let shards = ShardPicker::load(server, viewer, Some(chosen), current, problems).await?;
    viewer.show(&ProjectForm {
        form,
        frame,
        shards,
        suggestions: users(server, viewer).await?,
        services: suggested(server, viewer).await?,
        moves: true,
    })
}

/// Whether the viewer may give a project to another owner.
async fn may_own(server: &Server, viewer: &Viewer, id: ProjectId) -> Result<bool, AppError> {
    match projects::find_for(&server.app, viewer.actor(), Act::Own, id).await {
        Ok(_) => Ok(true),
        Err(AppError::Forbidden { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn suggested(server: &Server, viewer: &Viewer) -> Result<Vec<String>, AppError> {
    let few = Slice {
        offset: 0,
        limit: SUGGESTED,
    };
    let cards = services::list(&server.app, viewer.actor(), None, few).await?;
    let names = cards.items.into_iter().map(|one| one.name.to_string());
    Ok(names.collect())
}

/// What the form says; what is wrong with the shard the picker says by itself.
fn of_form(problems: &[Problem]) -> Vec<Problem> {
    let others = problems.iter().filter(|problem| problem.field != "shard");
    others.cloned().collect()
}

fn fields(t: &Texts, name: &str, description: &str) -> Vec<Field> {
    vec![
        Field::text("name", t.say("projects-name"))
            .value(name)
            .required()
            .longest(LONGEST_NAME)
            .help(t.say("projects-name-help")),
        Field::area("description", t.say("projects-description"), 3).value(description),
    ]
}

fn owner(t: &Texts, named: &str) -> Field {
    let field = Field::text("owner", t.say("projects-owner"));
    field.value(named).list("suggestions").suggest(USERS)
}

fn shard_of(form: &Form) -> Result<ShardId, AppError> {
    let chosen = form.text("shard").parse().map(ShardId);
    chosen.map_err(|_| AppError::invalid("shard", "is not chosen", "choose a datasource"))
}

/// The user who is named as the owner, when that is another one than before.
async fn owner_of(
    server: &Server,
    viewer: &Viewer,
    form: &Form,
    before: Option<&str>,
) -> Result<Option<UserId>, AppError> {
    let given = form
        .given("owner")
        .map(str::trim)
        .filter(|name| !name.is_empty());
    match given.filter(|name| before != Some(*name)) {
        None => Ok(None),
        Some(name) => {
            let user = people::find_by_name(&server.app, viewer.actor(), name, "owner").await?;
            Ok(Some(user.id))
        }
    }
}

/// The service that is named, when that is another one than before; an id is taken too, unless a
/// service is called so.
async fn service_of(
    server: &Server,
    viewer: &Viewer,
    form: &Form,
    detail: &ProjectDetail,
) -> Result<Option<ServiceId>, AppError> {
    let given = form.given("service").map(str::trim);
    let Some(name) = given.filter(|name| detail.service.name != **name) else {
        return Ok(None);
    };
    match by_name::service(&server.app, viewer.actor(), name).await {
        Ok(found) => Ok(Some(found.service.id)),
        Err(AppError::NotFound { .. }) => by_id(server, viewer, name).await.map(Some),
        Err(error) => Err(error),
    }
}

async fn by_id(server: &Server, viewer: &Viewer, text: &str) -> Result<ServiceId, AppError> {
    let unknown = || {
        let message = "is no service that you may see";
        AppError::invalid("service", message, "check its name")
    };
    let id = text.parse().map(ServiceId).map_err(|_| unknown())?;
    match services::find(&server.app, viewer.actor(), id).await {
        Ok(found) => Ok(found.service.id),
        Err(AppError::NotFound { .. } | AppError::Forbidden { .. }) => Err(unknown()),
        Err(error) => Err(error),
    }
}
