//! Putting users into a group, and what they may do there.

use std::borrow::Cow;

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::groups::Admitted;
use promgen_core::app::{AppError, Slice, Unread, groups, roles};
use promgen_core::model::{Group, GroupId, GroupRole, Problem};

use super::{choices, role};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::members::{SuggestPage, USERS, users};
use crate::ui::next;
use crate::ui::parts::{Field, FormView};
use crate::ui::text::Texts;

/// `GET /group/{id}/add-member`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let group = groups::find_to_manage(&server.app, viewer.actor(), GroupId(id)).await?;
    ask(&server, &viewer, &group, &Form::default(), &[]).await
}

/// `POST /group/{id}/add-member`
pub(super) async fn add(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    let names = named(&form);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut unread = Unread::default();
    let role = role(form.text("permission")).ok_or_else(no_role);
    let role = unread.or(role, GroupRole::Member)?;
    let done = groups::admit(&unread.app(app), actor, id, &names, role).await;
    match unread.with(done) {
        Ok(admitted) => {
            let notices = told(t, &admitted);
            Ok(viewer.back_with(format!("/group/{id}#members"), &notices))
        }
        Err(error) => {
            let problems = error.problems()?;
            let group = groups::find_to_manage(app, actor, id).await?;
            ask(&server, &viewer, &group, &form, &problems).await
        }
    }
}

/// What is to be said of who was put into a group, and of who was there.
pub(super) fn told(t: &Texts, admitted: &Admitted) -> Vec<Notice> {
    let mut notices = Vec::new();
    if !admitted.added.is_empty() {
        let names = admitted.added.join(", ");
        notices.push(Notice::success(t.name("groups-added", names)));
    }
    if !admitted.present.is_empty() {
        let names = admitted.present.join(", ");
        notices.push(Notice::info(t.name("groups-present", names)));
    }
    notices
}

/// The user names of a form: each field may hold several.
pub(super) fn named(form: &Form) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in form.all("users") {
        for name in field.split([',', ' ', '\n', '\r', '\t']) {
            if !name.is_empty() && !names.iter().any(|one| one == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// `POST /group/{id}/update-member`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    groups::find_to_manage(app, actor, id).await?;
    let username = form.text("username");
    let changed = async {
        let role = role(form.text("permission")).ok_or_else(no_role)?;
        let user = roles::user_named(app, actor, username).await?;
        groups::set_role(app, actor, id, user, role).await
    };
    let notice = match changed.await {
        Ok(()) => Notice::success(t.name("groups-role-saved", username)),
        Err(error) => Notice::refused(error, t)?,
    };
    let next = next::or(form.given("next"), format!("/group/{id}#members"));
    Ok(viewer.back_to(next, notice))
}

pub(super) fn no_role() -> AppError {
    let remedy = "use group_member or group_admin";
    AppError::invalid("permission", "is no role in a group", remedy)
}

/// Who is put into a group.
pub(super) fn users_field(t: &Texts, sent: &Form, label: Cow<'static, str>) -> Field {
    Field::several("users", label, named(sent), t.say("groups-users-more"))
        .list("suggestions")
        .suggest(USERS)
        .help(t.say("groups-users-help"))
}

/// What they may do there.
pub(super) fn role_field(t: &Texts, sent: &Form) -> Field {
    let chosen = role(sent.text("permission")).unwrap_or(GroupRole::Member);
    Field::select(
        "permission",
        t.say("groups-role-theirs"),
        choices(t, chosen),
    )
}

async fn ask(
    server: &Server,
    viewer: &Viewer,
    group: &Group,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.name("groups-add-title", &group.name);
    let frame = viewer.frame(title, super::crumbs(t, group, "groups-add"));
    let here = format!("/group/{}", group.id);
    let fields = vec![
        users_field(t, sent, t.say("groups-users")).required(),
        role_field(t, sent),
    ];
    let action = format!("{here}/add-member");
    let form = FormView::new(&frame, action, t.say("groups-add"), fields)
        .problems(problems)
        .cancel(&frame, here);
    let present = groups::members(&server.app, viewer.actor(), group.id, None, Slice::ALL).await?;
    let present = present.map(|(user, _)| user.username).items;
    viewer.show(&SuggestPage {
        frame,
        intro: String::new(),
        form,
        suggestions: users(server, viewer).await?.without(present),
    })
}
