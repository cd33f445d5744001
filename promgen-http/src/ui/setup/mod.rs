//! `/setup/{token}/`: whoever holds the one-time link makes the first superuser.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{Method, StatusCode};
use promgen_core::app::policy::Act;
use promgen_core::app::setup::{self, First};
use promgen_core::app::{AppError, sessions::NewSession};
use promgen_core::model::{Problem, Secret};

use super::frame::{Frame, Notice};
use super::login::entered;
use super::parts::{Field, FormPage, FormView};
use super::stranger::{Stranger, StrangerForm};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::routes::Routes;

/// Where the guide is, which comes next.
const GUIDE: &str = "/guide";

#[derive(Template)]
#[template(path = "setup/ended.html")]
struct Ended {
    frame: Frame,
}

/// The routes of this module.
pub(super) fn routes() -> Routes {
    Routes::default()
        .on(Act::LogIn, &Method::GET, "/setup/{token}/", show)
        .on(Act::LogIn, &Method::POST, "/setup/{token}/", finish)
}

async fn show(
    State(server): State<Server>,
    Path(text): Path<String>,
    stranger: Stranger,
) -> Result<Response, HttpError> {
    match setup::check(&server.app, &text, &stranger.visitor.origin).await {
        Ok(()) => form(&stranger, &text, &Form::default(), &[]),
        Err(AppError::LinkEnded) => ended(&stranger),
        Err(error) => Err(error.into()),
    }
}

async fn finish(
    State(server): State<Server>,
    Path(text): Path<String>,
    sent: StrangerForm,
) -> Result<Response, HttpError> {
    let stranger = &sent.stranger;
    match make(&server, &text, &sent).await {
        Ok(session) => {
            let t = stranger.viewer.t();
            let welcome = Notice::success(t.name("setup-welcome", &session.user.username));
            let visitor = &stranger.visitor;
            let cookie = Notice::leave(&[welcome], visitor.secure);
            let answer = entered(&server, &stranger.credential, visitor, &session, GUIDE).await?;
            Ok(axum::response::IntoResponse::into_response((
                cookie, answer,
            )))
        }
        Err(AppError::LinkEnded) => ended(stranger),
        Err(error) => form(stranger, &text, &sent.form, &error.problems()?),
    }
}

async fn make(server: &Server, text: &str, sent: &StrangerForm) -> Result<NewSession, AppError> {
    sent.check()?;
    let (form, visitor) = (&sent.form, &sent.stranger.visitor);
    let host = visitor.base.split_once("://").map(|(_, host)| host);
    let first = First {
        username: form.text("username").to_owned(),
        email: form.text("email").trim().to_owned(),
        password: Secret::new(form.text("password").to_owned()),
        host: host.map(str::to_owned),
    };
    setup::finish(&server.app, text, first, &visitor.origin).await
}

fn form(
    stranger: &Stranger,
    text: &str,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let frame = stranger.frame(stranger.viewer.t().say("setup-title"))?;
    let token = frame.token.clone();
    let fields = vec![
        Field::text("username", frame.say("setup-username"))
            .value(sent.text("username"))
            .help(frame.say("setup-username-help"))
            .autocomplete("username")
            .longest(150)
            .required(),
        Field::line("email", "email", frame.say("setup-email"))
            .value(sent.text("email"))
            .help(frame.say("setup-email-help"))
            .autocomplete("email"),
        Field::line("password", "password", frame.say("setup-password"))
            .help(frame.say("setup-password-help"))
            .autocomplete("new-password")
            .required(),
    ];
    let action = format!("/setup/{text}/");
    let form = FormView::new(&frame, action, frame.say("setup-submit"), fields).problems(problems);
    let mut page = FormPage::new(frame, form);
    page.intro.push(stranger.viewer.t().say("setup-lead"));
    stranger.show(&token, &page)
}

fn ended(stranger: &Stranger) -> Result<Response, HttpError> {
    let frame = stranger.frame(stranger.viewer.t().say("setup-ended-title"))?;
    let mut page = stranger.viewer.show(&Ended { frame })?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}
