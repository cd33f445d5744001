//! Ending the sessions of somebody: one, or all after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::losses::{self, Loss};
use promgen_core::app::{AppError, people, sessions};
use promgen_core::model::{SessionId, UserId};

use super::{page_of, user_crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::{ConfirmPage, NONE};

/// `GET /admin/user/{id}/sessions/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let view = people::account(&server.app, viewer.actor(), UserId(id), NONE).await?;
    let user = &view.account.user;
    let confirm = ConfirmPage::new(
        viewer.frame(
            t.name("admin-end-title", &user.username),
            user_crumbs(t, user, "admin-end-all"),
        ),
        format!("/admin/user/{id}/sessions/delete"),
        format!("{}#sessions", page_of(user)),
        t.say("admin-end-all"),
        t.say("admin-end-text"),
    );
    let ended = Loss::Sessions(losses::first(view.sessions));
    viewer.show(&confirm.things(told(vec![ended], server.app.registry(), t)))
}

/// `POST /admin/user/{id}/sessions/delete`; with a `session`, that one alone.
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let one = match form.given("session") {
        None => None,
        // Nonsense must not end all of them.
        Some(text) => {
            let id = text.parse().ok().map(SessionId);
            Some(id.ok_or_else(|| AppError::not_found("session", text))?)
        }
    };
    sessions::end_of(&server.app, viewer.actor(), UserId(id), one).await?;
    let told = match one {
        Some(_) => "admin-ended",
        None => "admin-ended-all",
    };
    let notice = Notice::success(viewer.t().say(told));
    Ok(viewer.back_to(format!("/admin/user/{id}#sessions"), notice))
}
