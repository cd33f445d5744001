//! Making a token for somebody, or for a service account: it is shown once.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, Unread, roles, tokens};
use promgen_core::model::{Problem, Scope};

use super::tokens::SCOPES;
use super::{admit, crumb};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::ui::frame::{Crumb, Frame, Posted, Viewer};
use crate::ui::members::{SuggestPage, USERS, users};
use crate::ui::parts::{Choice, Code, Field, FormView, Sheet};

/// Most days until a token ends: a hundred years.
const MOST_DAYS: u64 = 36_525;

/// The token, this once.
#[derive(Template)]
#[template(path = "admin/made.html")]
struct TokenMade {
    frame: Frame,
    text: String,
    code: Code,
    back: &'static str,
}

/// `GET /admin/token/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let username = sheet.filter("username").unwrap_or_default();
    let sent = Sent {
        username,
        scopes: vec![Scope::Alerts],
        days: "",
    };
    ask(&server, &viewer, &sent, &[]).await
}

/// `POST /admin/token/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let sent = Sent::read(&form);
    let made = async {
        let (app, actor) = (&server.app, viewer.actor());
        let mut unread = Unread::default();
        let expires = unread.or(lifetime(sent.days), None)?;
        let named = roles::user_named(app, actor, sent.username).await;
        unread.or(named.map(drop), ())?;
        let scopes = sent.scopes.clone();
        let made = tokens::create(&unread.app(app), actor, sent.username, scopes, expires).await;
        unread.with(made.map_err(|error| match error {
            AppError::NotFound { .. } => nobody(sent.username),
            other => other,
        }))
    };
    match made.await {
        Ok(made) => {
            let t = viewer.t();
            let text = made.text.reveal().as_str();
            viewer.show(&TokenMade {
                code: Code::new("token", t.say("admin-token"), text, t),
                text: t.name("admin-token-once", sent.username),
                back: "/admin/token",
                frame: viewer.frame(t.say("admin-token-made"), way(&viewer)),
            })
        }
        Err(error) => ask(&server, &viewer, &sent, &of_form(error.problems()?)).await,
    }
}

fn nobody(username: &str) -> AppError {
    let message = format!("there is no user {username:?}");
    AppError::invalid("username", message, "write a user name")
}

/// What was sent.
struct Sent<'a> {
    username: &'a str,
    scopes: Vec<Scope>,
    days: &'a str,
}

impl<'a> Sent<'a> {
    fn read(form: &'a Form) -> Self {
        Self {
            username: form.text("username"),
            scopes: form
                .all("scopes")
                .filter_map(|word| word.parse().ok())
                .collect(),
            days: form.text("days").trim(),
        }
    }
}

/// For how long the token is good.
fn lifetime(days: &str) -> Result<Option<Duration>, AppError> {
    if days.is_empty() {
        return Ok(None);
    }
    let days = days.parse().ok();
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    let days = days.ok_or_else(|| {
        let remedy = format!("write a number from 1 to {MOST_DAYS}, or nothing");
        AppError::invalid("days", "is no number of days", remedy)
    })?;
    Ok(Some(Duration::from_hours(24 * days)))
}

/// Problems, with the names of fields that the form has.
fn of_form(problems: Vec<Problem>) -> Vec<Problem> {
    let renamed = |problem: Problem| match problem.field.as_str() {
        "scope" => Problem {
            field: "scopes".to_owned(),
            ..problem
        },
        _ => problem,
    };
    problems.into_iter().map(renamed).collect()
}

fn way(viewer: &Viewer) -> Vec<Crumb> {
    let t = viewer.t();
    vec![
        crumb(t),
        Crumb::new(t.say("admin-tokens"), "/admin/token"),
        Crumb::here(t.say("admin-token-new")),
    ]
}

async fn ask(
    server: &Server,
    viewer: &Viewer,
    sent: &Sent<'_>,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let frame = viewer.frame(t.say("admin-token-new"), way(viewer));
    let choice = |scope: Scope| {
        let mut choice = Choice::new(scope.as_str(), scope.as_str(), sent.scopes.contains(&scope));
        choice.note = t.say(meaning(scope)).into_owned();
        choice
    };
    let fields = vec![
        Field::text("username", t.say("admin-username"))
            .value(sent.username)
            .required()
            .list("suggestions")
            .suggest(USERS),
        Field::many(
            "scopes",
            t.say("admin-scopes"),
            SCOPES.into_iter().map(choice).collect(),
        ),
        Field::line("number", "days", t.say("admin-days"))
            .value(sent.days)
            .help(t.say("admin-days-help")),
    ];
    let form = FormView::new(&frame, "/admin/token/new", t.say("admin-token-new"), fields)
        .problems(problems)
        .cancel(&frame, "/admin/token");
    viewer.show(&SuggestPage {
        frame,
        intro: t.say("admin-token-intro").into_owned(),
        form,
        suggestions: users(server, viewer).await?,
    })
}

/// The key of what a scope is for.
fn meaning(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "admin-scope-read",
        Scope::Write => "admin-scope-write",
        Scope::Alerts => "admin-scope-alerts",
    }
}
