//! Making one user of two (spec 09 §10).

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::people::{Merged, Merging};
use promgen_core::app::{AppError, both, people, roles};
use promgen_core::model::{Problem, UserId};
use promgen_core::plugin::Registry;

use super::{admit, crumb};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::members::{SuggestPage, USERS, users};
use crate::ui::parts::{ConfirmPage, Field, FormView, Sheet};
use crate::ui::text::Texts;

/// Where it is asked and done.
const PATH: &str = "/admin/auth/user/merge/";

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
    let sure = form.given("sure").is_some();
    let merged = async {
        let gone = named(&server, &viewer, from, FROM).await;
        let (gone, kept) = both(gone, named(&server, &viewer, into, INTO).await)?;
        let (app, actor) = (&server.app, viewer.actor());
        if sure {
            return people::merge(app, actor, gone, kept).await.map(Step::Done);
        }
        let merging = people::merging(app, actor, gone, kept).await?;
        Ok::<_, AppError>(Step::Asks(merging))
    };
    match merged.await {
        Ok(Step::Asks(merging)) => viewer.show(&sure_page(&viewer, merging, server.app.registry())),
        Ok(Step::Done(merged)) => {
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

/// How far a merge has come.
enum Step {
    /// It tells what it would do.
    Asks(Merging),
    /// It is done.
    Done(Merged),
}

/// Asks, and names what goes over and what ends.
fn sure_page(viewer: &Viewer, merging: Merging, registry: &Registry) -> ConfirmPage {
    let t = viewer.t();
    let (from, into) = (&merging.from.username, &merging.into.username);
    let names = [
        ("from", from.as_str().into()),
        ("into", into.as_str().into()),
    ];
    let frame = viewer.frame(t.with("admin-merge-ask", &names), way(t));
    let text = t.with("admin-merge-text-sure", &names);
    let button = t.say("admin-merge");
    let ends = t.name("admin-merge-password", from);
    let mut page = ConfirmPage::new(frame, PATH, "/admin/user", button, text)
        .goes([ends])
        .things(told(merging.goes, registry, t))
        .things(told(merging.ends, registry, t));
    page.form.fields.extend([
        Field::hidden(FROM, from),
        Field::hidden(INTO, into),
        Field::hidden("sure", "1"),
    ]);
    page
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

/// The way to this page.
fn way(t: &Texts) -> Vec<Crumb> {
    vec![
        crumb(t),
        Crumb::new(t.say("admin-users"), "/admin/user"),
        Crumb::here(t.say("admin-merge")),
    ]
}

async fn show(
    server: &Server,
    viewer: &Viewer,
    from: &str,
    into: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let frame = viewer.frame(t.say("admin-merge"), way(t));
    let field = |name: &str, label, value: &str, help| {
        let field = Field::text(name, t.say(label)).value(value).required();
        field.list("suggestions").suggest(USERS).help(t.say(help))
    };
    let fields = vec![
        field(FROM, "admin-merge-from", from, "admin-merge-from-help"),
        field(INTO, "admin-merge-into", into, "admin-merge-into-help"),
    ];
    let form = FormView::new(&frame, PATH, t.say("admin-merge"), fields)
        .problems(problems)
        .cancel(&frame, "/admin/user");
    viewer.show(&SuggestPage {
        frame,
        intro: t.say("admin-merge-intro").into_owned(),
        form,
        suggestions: users(server, viewer).await?,
    })
}
