//! `POST /api/v1/alerts`: the webhook receiver of Alertmanager.

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use promgen_core::app::{Actor, AppError, Right, intake};

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
            intake::refused(&server.app, &error);
            discard(&headers, body, limits.time).await;
            return Err(error.into());
        }
    };
    let received = read(&headers, body, &limits).await;
    let Received { bytes, memory } = received.inspect_err(|error| {
        server.app.metrics().refused(reason(error));
    })?;
    intake::accept(&server.app, &actor, bytes).await?;
    drop(memory);
    Ok((StatusCode::ACCEPTED, "OK"))
}

/// Asks whether a body would be taken at all, before megabytes of it are kept for somebody who may
/// not send any. The use case decides again.
async fn admit(server: &Server, credential: &Credential) -> Result<Actor, AppError> {
    let actor = credential.poster(&server.app).await?;
    actor.require(Right::PostAlerts, server.app.settings())?;
    Ok(actor)
}

/// Why a body was not taken, in one word.
fn reason(error: &HttpError) -> &'static str {
    match error {
        HttpError::TooLarge { .. } => "too_large",
        HttpError::SlowBody => "slow_body",
        HttpError::BrokenBody => "broken_body",
        HttpError::Encoded => "encoded",
        HttpError::Crowded => "overloaded",
        _ => "failed",
    }
}

fn limits(server: &Server) -> Limits {
    Limits {
        bytes: server.app.settings().alerts.max_body_bytes,
        time: server.body_timeout,
        memory: std::sync::Arc::clone(&server.body_memory),
    }
}
