//! Founding a group, and renaming one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::groups;
use promgen_core::model::{Group, GroupId, Problem};

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{Field, FormPage, FormView, Sheet};
use crate::ui::text::Texts;

/// Longest name of a group.
const LONGEST_NAME: u32 = 150;

/// `GET /group/new`
pub(super) async fn new(viewer: Viewer, sheet: Sheet) -> Result<Response, HttpError> {
    let next = sheet.filter("next").unwrap_or_default();
    found(&viewer, "", next, &[])
}

/// `POST /group/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (name, next) = (form.text("name"), form.text("next"));
    match groups::create(&server.app, viewer.actor(), name).await {
        Ok(group) => {
            let text = viewer.t().name("groups-registered", &group.name);
            Ok(viewer.back_to(after(next, &group), Notice::success(text)))
        }
        Err(error) => found(&viewer, name, next, &error.problems()?),
    }
}

/// Where it goes on: where it was asked to, else to the group.
fn after(next: &str, group: &Group) -> String {
    next::or(Some(next), format!("/group/{}", group.id))
}

fn found(
    viewer: &Viewer,
    name: &str,
    next: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("groups-register");
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    let frame = viewer.frame(title.clone(), crumbs);
    let fields = vec![field(t, name), Field::hidden("next", next)];
    let form = FormView::new(&frame, "/group/new", title, fields)
        .problems(problems)
        .cancel(&frame, "/group");
    let mut page = FormPage::new(frame, form);
    page.intro.push(t.say("groups-register-help"));
    viewer.show(&page)
}

/// `GET /group/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let group = groups::find_to_manage(&server.app, viewer.actor(), GroupId(id)).await?;
    change(&viewer, &group, &group.name, &[])
}

/// `POST /group/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), GroupId(id));
    let name = form.text("name");
    match groups::rename(app, actor, id, Some(name)).await {
        Ok(group) => {
            let text = viewer.t().name("groups-saved", &group.name);
            Ok(viewer.back_to(after(form.text("next"), &group), Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let group = groups::find_to_manage(app, actor, id).await?;
            change(&viewer, &group, name, &problems)
        }
    }
}

fn change(
    viewer: &Viewer,
    group: &Group,
    name: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.name("groups-edit-title", &group.name);
    let frame = viewer.frame(title, super::crumbs(t, group, "groups-edit"));
    let here = format!("/group/{}", group.id);
    let action = format!("{here}/update");
    let form = FormView::new(&frame, action, t.say("groups-save"), vec![field(t, name)])
        .problems(problems)
        .cancel(&frame, here);
    viewer.show(&FormPage::new(frame, form))
}

fn field(t: &Texts, name: &str) -> Field {
    Field::text("name", t.say("groups-name"))
        .value(name)
        .required()
        .longest(LONGEST_NAME)
}
