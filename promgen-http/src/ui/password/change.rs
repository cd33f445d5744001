//! Changing one's own password, by the present one.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::{AppError, Unread, users};
use promgen_core::model::{Problem, Secret};

use super::{fields, same};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Visitor;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::login::forgotten;
use crate::ui::parts::{Field, FormPage, FormView};

/// Where it is.
const HERE: &str = "/password_change/";

/// `GET /password_change/`
pub(super) async fn show(viewer: Viewer) -> Result<Response, HttpError> {
    form(&viewer, &[])
}

/// `POST /password_change/`
pub(super) async fn finish(
    State(server): State<Server>,
    visitor: Visitor,
    Posted { viewer, form: sent }: Posted,
) -> Result<Response, HttpError> {
    let mut unread = Unread::default();
    unread.or(same(&sent, viewer.t()), ())?;
    let app = unread.app(&server.app);
    let present = Secret::new(sent.text("present").to_owned());
    let password = Secret::new(sent.text("password").to_owned());
    let changed = users::change_own_password(&app, viewer.actor(), present, password).await;
    match unread.with(changed) {
        Ok(()) => {
            let done = Notice::success(viewer.t().say("password-set-done"));
            let cookies = forgotten(&visitor);
            Ok((cookies, viewer.back_to("/login/", done)).into_response())
        }
        // By a token there is no session, and no password to be changed.
        Err(AppError::Unauthenticated) => {
            let message = viewer.t().say("password-change-session");
            Ok(viewer.back_to(HERE, Notice::error(message)))
        }
        Err(error) => form(&viewer, &error.problems()?),
    }
}

fn form(viewer: &Viewer, problems: &[Problem]) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("password-change-title");
    let crumbs = vec![
        Crumb::new(t.say("frame-profile"), "/profile"),
        Crumb::here(title.clone()),
    ];
    let frame = viewer.frame(title, crumbs);
    let present = Field::line("password", "present", frame.say("password-change-present"))
        .autocomplete("current-password");
    let mut all = vec![present];
    all.extend(fields(&frame));
    let form = FormView::new(&frame, HERE, frame.say("password-set-submit"), all)
        .problems(problems)
        .cancel(&frame, "/profile");
    let mut page = FormPage::new(frame, form);
    page.intro.push(t.say("password-change-lead"));
    viewer.show(&page)
}
