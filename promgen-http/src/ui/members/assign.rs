//! `/permission/assign`: giving a role.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, roles};
use promgen_core::model::{Problem, Role, RoleOn};

use super::object::{Kind, Named, crumbs};
use super::{SuggestPage, choices, groups, role, users};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormView, Sheet};

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
    let named = Named::read(|name| form.given(name));
    let on = named.on()?;
    roles::find_to_manage(app, actor, on).await?;
    let role = role(on, form.text("permission"));
    let assigned = async {
        let role = role.ok_or_else(|| no_role(on))?;
        let to = named.grantee(&server, &viewer).await?;
        roles::assign(app, actor, on, to, role).await
    };
    match assigned.await {
        Ok(assigned) => {
            let text = t.name("members-assigned", assigned.holder);
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
        "id" => Problem {
            field: "username".to_owned(),
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
    let (title, field, suggestions) = match named.kind() {
        Kind::User => (
            t.say("members-add-user"),
            Field::text("username", t.say("members-user")).help(t.say("members-user-help")),
            users(server, viewer).await?,
        ),
        Kind::Group => (
            t.say("members-add-group"),
            Field::text("group", t.say("members-group")).help(t.say("members-group-help")),
            groups(server, viewer).await?,
        ),
    };
    let frame = viewer.frame(title.clone(), crumbs(on, &name, title.clone()));
    let fields = vec![
        field.value(named.holder()).required().list("suggestions"),
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
        suggestions,
    })
}
