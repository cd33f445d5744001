//! Where somebody is logged in.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{Actor, App, AppError, sessions};
use promgen_core::model::{Session, SessionId};

use super::HERE;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{BigId, Credential};
use crate::ui::frame::{Notice, Posted};
use crate::ui::parts::Moment;
use crate::ui::text::Texts;

/// A session as a row.
pub(super) struct Row {
    pub(super) session: Session,
    pub(super) created: Moment,
    pub(super) seen: Moment,
    /// Whether it is that of the browser that shows this page.
    pub(super) this: bool,
}

/// The sessions of whoever looks, the latest first.
pub(super) async fn rows(
    app: &App,
    actor: &Actor,
    credential: &Credential,
    t: &Texts,
) -> Result<Vec<Row>, AppError> {
    let all = sessions::list(app, actor).await?;
    let text = credential.session();
    let this = match text {
        Some(text) => sessions::current(app, actor, text).await?,
        None => None,
    };
    let row = |session: Session| Row {
        created: Moment::new(session.created, t),
        seen: Moment::new(session.last_seen, t),
        this: this == Some(session.id),
        session,
    };
    Ok(all.into_iter().map(row).collect())
}

/// `POST /profile/session/{id}/end`
pub(super) async fn end(
    State(server): State<Server>,
    BigId(id): BigId,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    sessions::revoke(&server.app, viewer.actor(), SessionId(id)).await?;
    let text = viewer.t().say("profile-session-ended");
    Ok(viewer.back_to(there(), Notice::success(text)))
}

/// `POST /profile/sessions/end`
pub(super) async fn end_others(
    State(server): State<Server>,
    credential: Credential,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    // By a token there is no session that could be kept.
    let own = credential.session().unwrap_or_default();
    let ended = sessions::end_others(&server.app, viewer.actor(), own).await?;
    let text = viewer.t().count("profile-sessions-ended", ended);
    Ok(viewer.back_to(there(), Notice::success(text)))
}

fn there() -> String {
    format!("{HERE}#sessions")
}
