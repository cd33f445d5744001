//! `POST /api/v1/alerts`: the webhook receiver of Alertmanager.

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use promgen_core::app::{Actor, Right, intake};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Limits, Received, discard, read};

/// Takes a message; 202 says that it is durable.
pub(crate) async fn alerts(
    State(server): State<Server>,
    credential: Credential,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, &'static str), HttpError> {
    let limits = limits(&server);
    let actor = match admit(&server, &credential).await {
        Ok(actor) => actor,
        Err(error) => {
            discard(&headers, body, limits.time).await;
            return Err(error);
        }
    };
    let Received { bytes, memory } = read(&headers, body, &limits).await?;
    intake::accept(&server.app, &actor, bytes).await?;
    drop(memory);
    Ok((StatusCode::ACCEPTED, "OK"))
}

/// Asks whether a body would be taken at all, before megabytes of it are kept for somebody who may
/// not send any. The use case decides again.
async fn admit(server: &Server, credential: &Credential) -> Result<Actor, HttpError> {
    let actor = credential.poster(&server.app).await?;
    actor.require(Right::PostAlerts, server.app.settings())?;
    Ok(actor)
}

fn limits(server: &Server) -> Limits {
    Limits {
        bytes: server.app.settings().alerts.max_body_bytes,
        time: server.body_timeout,
        memory: std::sync::Arc::clone(&server.body_memory),
    }
}
