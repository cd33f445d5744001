//! Making one user of two (spec 09 §10).

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, people, roles};
use promgen_core::model::{Problem, UserId};

use super::{admit, crumb};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::members::{SuggestPage, users};
use crate::ui::parts::{Field, FormView, Sheet};

/// The field of the user who goes.
const FROM: &str = "user_to_merge_from";

/// The field of the user who stays.
const INTO: &str = "user_to_merge_into";

/// `GET /admin/auth/user/merge/`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let from = sheet.filter("from").unwrap_or_default();
    show(&server, &viewer, from, "", &[]).await
}

/// `POST /admin/auth/user/merge/`
pub(super) async fn merge(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let (from, into) = (form.text(FROM).trim(), form.text(INTO).trim());
    let merged = async {
        let gone = named(&server, &viewer, from, FROM).await?;
        let kept = named(&server, &viewer, into, INTO).await?;
        people::merge(&server.app, viewer.actor(), gone, kept).await
    };
    match merged.await {
        Ok(merged) => {
            let names = [
                ("from", merged.from.username.as_str().into()),
                ("into", merged.into.username.as_str().into()),
            ];
            let text = viewer.t().with("admin-merged", &names);
            Ok(viewer.back_to("/admin/user", Notice::success(text)))
        }
        Err(error) => show(&server, &viewer, from, into, &of_form(error.problems()?)).await,
    }
}

/// The user of a field, active or not.
async fn named(
    server: &Server,
    viewer: &Viewer,
    username: &str,
    field: &str,
) -> Result<UserId, AppError> {
    let found = roles::user_named(&server.app, viewer.actor(), username).await;
    found.map_err(|error| match error {
        AppError::Invalid { problems } => AppError::Invalid {
            problems: problems
                .into_iter()
                .map(|problem| Problem {
                    field: field.to_owned(),
                    ..problem
                })
                .collect(),
        },
        other => other,
    })
}

/// Problems, with the names of fields that the form has.
fn of_form(problems: Vec<Problem>) -> Vec<Problem> {
    let renamed = |problem: Problem| match problem.field.as_str() {
        "into" => Problem {
            field: INTO.to_owned(),
            ..problem
        },
        _ => problem,
    };
    problems.into_iter().map(renamed).collect()
}

async fn show(
    server: &Server,
    viewer: &Viewer,
    from: &str,
    into: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let crumbs = vec![
        crumb(t),
        Crumb::new(t.say("admin-users"), "/admin/user"),
        Crumb::here(t.say("admin-merge")),
    ];
    let frame = viewer.frame(t.say("admin-merge"), crumbs);
    let field = |name: &str, label, value: &str, help| {
        let field = Field::text(name, t.say(label)).value(value).required();
        field.list("suggestions").help(t.say(help))
    };
    let fields = vec![
        field(FROM, "admin-merge-from", from, "admin-merge-from-help"),
        field(INTO, "admin-merge-into", into, "admin-merge-into-help"),
    ];
    let mut form = FormView::new(
        &frame,
        "/admin/auth/user/merge/",
        t.say("admin-merge"),
        fields,
    )
    .problems(problems)
    .cancel(&frame, "/admin/user");
    form.danger = true;
    viewer.show(&SuggestPage {
        frame,
        intro: t.say("admin-merge-intro").into_owned(),
        form,
        suggestions: users(server, viewer).await?,
    })
}
