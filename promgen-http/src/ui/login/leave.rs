//! Leaving, and taking the ways of other sites back.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use promgen_core::app::{login, sessions};

use super::forgotten;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form, Visitor};
use crate::ui::frame::{Notice, Posted, redirect};

/// `POST /logout/`: ends the session, here and in the database.
pub(super) async fn logout(
    State(server): State<Server>,
    credential: Credential,
    visitor: Visitor,
    form: Form,
) -> Result<Response, HttpError> {
    // Another site must not be able to throw somebody out.
    credential.actor_by(&server.app, form.token()).await?;
    if let Some(session) = credential.session() {
        sessions::end(&server.app, session).await?;
    }
    Ok((forgotten(&visitor), redirect("/")).into_response())
}

/// `POST /disconnect/{backend}/`: unlinks the identities that a backend gave.
pub(super) async fn disconnect(
    State(server): State<Server>,
    Path(backend): Path<String>,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let told = match login::disconnect(&server.app, viewer.actor(), &backend).await {
        Ok(()) => Notice::success(viewer.t().say("profile-identity-ended")),
        // It is the last way in.
        Err(error) => Notice::refused(error)?,
    };
    Ok(viewer.back_to("/profile#identities", told))
}
