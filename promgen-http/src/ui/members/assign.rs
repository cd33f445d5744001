//! `/permission/assign`: giving a role.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, Slice, both, roles};
use promgen_core::model::{Problem, Role, RoleOn};

use super::object::{Kind, Named, crumbs};
use super::{GROUPS, SuggestPage, Suggestions, USERS, choices, groups, role, users};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormView, Sheet};
use crate::ui::text::Texts;

/// `GET /permission/assign?model=…&id=…&perm-type=…`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let named = Named::read(|name| sheet.filter(name));
    ask(&server, &viewer, &named, Role::Viewer, &[]).await
}

/// `POST /permission/assign`
pub(super) async fn assign(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let named = Named::read(|name| form.given(name)).with_users(form.all("users"));
    let on = named.on()?;
    roles::find_to_manage(app, actor, on).await?;
    let role = role(on, form.text("permission"));
    let assigned = async {
        let given = role.ok_or_else(|| no_role(on));
        let (role, grantees) = both(given, named.grantees(&server, &viewer).await)?;
        let mut holders = Vec::new();
        for to in grantees {
            holders.push(roles::assign(app, actor, on, to, role).await?.holder);
        }
        Ok::<_, AppError>(holders.join(", "))
    };
    match assigned.await {
        Ok(holders) => {
            let text = t.name("members-assigned", holders);
            Ok(viewer.back_to(named.next(on), Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let role = role.unwrap_or(Role::Viewer);
            ask(&server, &viewer, &named, role, &of_form(problems)).await
        }
    }
}

/// Problems, with the names of fields that the form has.
fn of_form(problems: Vec<Problem>) -> Vec<Problem> {
    let renamed = |problem: Problem| match problem.field.as_str() {
        "role" => Problem {
            field: "permission".to_owned(),
            ..problem
        },
        "id" | "username" => Problem {
            field: "users".to_owned(),
            ..problem
        },
        _ => problem,
    };
    problems.into_iter().map(renamed).collect()
}

fn no_role(on: RoleOn) -> AppError {
    let kind = on.kind();
    let remedy = format!("use {kind}_viewer, {kind}_editor or {kind}_admin");
    AppError::invalid("permission", format!("is no role on a {kind}"), remedy)
}

async fn ask(
    server: &Server,
    viewer: &Viewer,
    named: &Named,
    chosen: Role,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let on = named.on()?;
    let name = roles::find_to_manage(&server.app, viewer.actor(), on).await?;
    let title = match named.kind() {
        Kind::User => t.say("members-add-user"),
        Kind::Group => t.say("members-add-group"),
    };
    let frame = viewer.frame(title.clone(), crumbs(on, &name, title.clone()));
    let fields = vec![
        holders(named, t).required().list("suggestions"),
        Field::select("permission", t.say("members-role"), choices(t, on, chosen))
            .help(t.say("members-role-help")),
        Field::hidden("model", on.kind()),
        Field::hidden("id", on.id().to_string()),
        Field::hidden(
            "perm-type",
            if named.kind() == Kind::User {
                "user"
            } else {
                "group"
            },
        ),
        Field::hidden("next", &named.next),
    ];
    let form = FormView::new(&frame, "/permission/assign", title, fields)
        .problems(problems)
        .cancel(&frame, named.next(on));
    viewer.show(&SuggestPage {
        intro: t.name("members-on", &name),
        frame,
        form,
        suggestions: suggestions(server, viewer, named.kind(), on).await?,
    })
}

/// The field for who gets the role.
fn holders(named: &Named, t: &Texts) -> Field {
    match named.kind() {
        Kind::User => {
            let (typed, more) = (named.usernames.clone(), t.say("members-user-more"));
            Field::several("users", t.say("members-users"), typed, more)
                .suggest(USERS)
                .help(t.say("members-users-help"))
        }
        Kind::Group => Field::text("group", t.say("members-group"))
            .value(named.holder())
            .suggest(GROUPS)
            .help(t.say("members-group-help")),
    }
}

/// Who can be named: whoever has no role yet.
async fn suggestions(
    server: &Server,
    viewer: &Viewer,
    kind: Kind,
    on: RoleOn,
) -> Result<Suggestions, AppError> {
    let (app, actor) = (&server.app, viewer.actor());
    match kind {
        Kind::User => {
            let present = roles::users(app, actor, on, None, Slice::ALL).await?;
            let present = present.map(|(user, _)| user.username).items;
            Ok(users(server, viewer).await?.without(present))
        }
        Kind::Group => {
            let present = roles::groups(app, actor, on, None, Slice::ALL).await?;
            let present = present.map(|(group, _)| group.name).items;
            Ok(groups(server, viewer).await?.without(present))
        }
    }
}
