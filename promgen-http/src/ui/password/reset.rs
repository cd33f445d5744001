//! Asking for the mail with the link.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::reset;
use promgen_core::model::Problem;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Frame;
use crate::ui::parts::{Field, FormPage, FormView};
use crate::ui::stranger::{Stranger, StrangerForm};

#[derive(Template)]
#[template(path = "password/told.html")]
pub(super) struct Told {
    pub(super) frame: Frame,
    pub(super) text: String,
    /// What leads on: its words and address.
    pub(super) next: (String, &'static str),
}

/// `GET /password_reset/`
pub(super) async fn show(
    State(server): State<Server>,
    stranger: Stranger,
) -> Result<Response, HttpError> {
    form(&server, &stranger, "", &[])
}

/// `POST /password_reset/`: the same answer, whoever has the address.
pub(super) async fn ask(
    State(server): State<Server>,
    sent: StrangerForm,
) -> Result<Response, HttpError> {
    let (stranger, email) = (&sent.stranger, sent.form.text("email"));
    if !reset::is_possible(&server.app) {
        return form(&server, stranger, email, &[]);
    }
    let origin = &stranger.visitor.origin;
    let asked = sent
        .check()
        .and_then(|()| reset::ask(&server.app, email, origin));
    match asked {
        Ok(()) => told(stranger, "password-reset-sent-title", "password-reset-sent"),
        Err(error) => form(&server, stranger, email, &error.problems()?),
    }
}

fn form(
    server: &Server,
    stranger: &Stranger,
    email: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    if !reset::is_possible(&server.app) {
        return told(
            stranger,
            "password-reset-title",
            "password-reset-impossible",
        );
    }
    let frame = stranger.frame(stranger.viewer.t().say("password-reset-title"))?;
    let token = frame.token.clone();
    let field = Field::line("email", "email", frame.say("password-reset-email"))
        .value(email)
        .autocomplete("email")
        .required();
    let submit = frame.say("password-reset-submit");
    let form = FormView::new(&frame, "/password_reset/", submit, vec![field])
        .problems(problems)
        .cancel(&frame, "/login/");
    let mut page = FormPage::new(frame, form);
    page.intro
        .push(stranger.viewer.t().say("password-reset-lead"));
    stranger.show(&token, &page)
}

fn told(
    stranger: &Stranger,
    title: &'static str,
    text: &'static str,
) -> Result<Response, HttpError> {
    let t = stranger.viewer.t();
    stranger.viewer.show(&Told {
        frame: stranger.frame(t.say(title))?,
        text: t.say(text).into_owned(),
        next: (t.say("login-title").into_owned(), "/login/"),
    })
}
