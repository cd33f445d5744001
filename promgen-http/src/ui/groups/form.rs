//! Founding a group, and renaming one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{Unread, groups};
use promgen_core::model::{Group, GroupId, GroupRole, Problem};

use super::{members, role};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::members::{SuggestPage, users};
use crate::ui::next;
use crate::ui::parts::{Field, FormPage, FormView, Sheet};
use crate::ui::text::Texts;

/// Longest name of a group.
const LONGEST_NAME: u32 = 150;

/// `GET /group/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let next = sheet.filter("next").unwrap_or_default();
    registration(&server, &viewer, &Form::default(), next, &[]).await
}

/// `POST /group/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let names = members::named(&form);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Programs that know the original send a name alone.
    let role = match form.given("permission") {
        Some(codename) => role(codename).ok_or_else(members::no_role),
        None => Ok(GroupRole::Member),
    };
    let (app, actor, t, next) = (&server.app, viewer.actor(), viewer.t(), form.text("next"));
    let mut unread = Unread::default();
    let role = unread.or(role, GroupRole::Member)?;
    let name = form.text("name");
    let made = groups::create_with(&unread.app(app), actor, name, &names, role).await;
    match unread.with(made) {
        Ok((group, admitted)) => {
            let text = t.name("groups-registered", &group.name);
            let mut notices = vec![Notice::success(text)];
            notices.extend(members::told(t, &admitted));
            Ok(viewer.back_with(after(next, &group), &notices))
        }
        Err(error) => registration(&server, &viewer, &form, next, &error.problems()?).await,
    }
}

/// Where it goes on: where it was asked to, else to the group.
fn after(next: &str, group: &Group) -> String {
    next::or(Some(next), format!("/group/{}", group.id))
}

async fn registration(
    server: &Server,
    viewer: &Viewer,
    sent: &Form,
    next: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("groups-register");
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    let frame = viewer.frame(title.clone(), crumbs);
    let fields = vec![
        field(t, sent.text("name")),
        members::users_field(t, sent, t.say("groups-first")),
        members::role_field(t, sent),
        Field::hidden("next", next),
    ];
    let form = FormView::new(&frame, "/group/new", title, fields)
        .problems(problems)
        .cancel(&frame, "/group");
    let founder = viewer.known().map(|user| user.username.clone());
    viewer.show(&SuggestPage {
        frame,
        intro: t.say("groups-register-help").into_owned(),
        form,
        suggestions: users(server, viewer)
            .await?
            .without(founder.into_iter().collect()),
    })
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
