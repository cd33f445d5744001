//! Setting the password by the link.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use promgen_core::app::{AppError, Unread, reset};
use promgen_core::model::{Problem, Secret, User};

use super::reset::Told;
use super::{fields, same};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Notice;
use crate::ui::login::forgotten;
use crate::ui::parts::{Field, FormPage, FormView};
use crate::ui::stranger::{Stranger, StrangerForm};

/// `GET /password_reset/{token}/`
pub(super) async fn show(
    State(server): State<Server>,
    Path(text): Path<String>,
    stranger: Stranger,
) -> Result<Response, HttpError> {
    match reset::check(&server.app, &text, &stranger.visitor.origin).await {
        Ok(user) => form(&stranger, &text, &user, &[]),
        Err(AppError::LinkEnded) => ended(&stranger),
        Err(error) => Err(error.into()),
    }
}

/// `POST /password_reset/{token}/`
pub(super) async fn finish(
    State(server): State<Server>,
    Path(text): Path<String>,
    sent: StrangerForm,
) -> Result<Response, HttpError> {
    let stranger = &sent.stranger;
    let origin = &stranger.visitor.origin;
    let user = match reset::check(&server.app, &text, origin).await {
        Err(AppError::LinkEnded) => return ended(stranger),
        found => found?,
    };
    if let Err(error) = sent.check() {
        return form(stranger, &text, &user, &error.problems()?);
    }
    let mut unread = Unread::default();
    unread.or(same(&sent.form, stranger.viewer.t()), ())?;
    let app = unread.app(&server.app);
    let password = Secret::new(sent.form.text("password").to_owned());
    let done = reset::finish(&app, &text, password, origin).await;
    match unread.with(done) {
        Ok(_) => {
            let done = Notice::success(stranger.viewer.t().say("password-set-done"));
            // A session of this browser has ended, whosever it was.
            let cookies = forgotten(&stranger.visitor);
            Ok((cookies, stranger.viewer.back_to("/login/", done)).into_response())
        }
        Err(AppError::LinkEnded) => ended(stranger),
        // The link may be good, and what was typed too: it is sent again in a while.
        Err(error @ AppError::SlowDown { .. }) => {
            let remedy = error.remedy().unwrap_or_default();
            let later = Problem::error("", error.to_string(), remedy);
            form(stranger, &text, &user, &[later])
        }
        Err(error) => form(stranger, &text, &user, &error.problems()?),
    }
}

fn form(
    stranger: &Stranger,
    text: &str,
    user: &User,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = stranger.viewer.t();
    let frame = stranger.frame(t.say("password-set-title"))?;
    let token = frame.token.clone();
    // Lets the browser keep the password with the name that it is for.
    let name = Field::hidden("username", &user.username);
    let mut all = vec![name];
    all.extend(fields(&frame));
    let action = format!("/password_reset/{text}/");
    let submit = frame.say("password-set-submit");
    let form = FormView::new(&frame, action, submit, all).problems(problems);
    let mut page = FormPage::new(frame, form);
    page.intro
        .push(t.name("password-set-lead", &user.username).into());
    stranger.show(&token, &page)
}

fn ended(stranger: &Stranger) -> Result<Response, HttpError> {
    let t = stranger.viewer.t();
    let mut page = stranger.viewer.show(&Told {
        frame: stranger.frame(t.say("password-ended-title"))?,
        text: t.say("password-ended").into_owned(),
        next: (
            t.say("password-ended-again").into_owned(),
            "/password_reset/",
        ),
    })?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}
