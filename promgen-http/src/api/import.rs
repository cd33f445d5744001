//! `POST /api/v1/targets`, `/api/v1/config` and `/api/v1/urls`

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use promgen_core::app::import::{self, Mode, TargetsFor};
use promgen_core::app::{Actor, AppError, Right, deploy};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Limits, discard, read};

/// Imports a targets file, all of it or nothing. Whoever asks becomes the owner of new services and
/// projects.
pub(crate) async fn targets(
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
    let received = read(&headers, body, &limits).await?;
    let text = std::str::from_utf8(&received.bytes)
        .map_err(|_| AppError::invalid("", "the body is no UTF-8", "send JSON"))?;
    let to = TargetsFor {
        shard: None,
        owner: actor.user().map(|user| user.username.clone()),
    };
    import::targets(&server.app, &actor, text, &to, Mode::Import).await?;
    Ok((StatusCode::ACCEPTED, "Success"))
}

/// Has the workers beside Prometheus look at once whether they are up to date. They do so by
/// themselves as well; nobody need ask.
pub(crate) async fn urls(
    State(server): State<Server>,
    credential: Credential,
) -> Result<(StatusCode, &'static str), HttpError> {
    let actor = credential.actor(&server.app).await?;
    deploy::wake(&server.app, &actor)?;
    Ok((StatusCode::ACCEPTED, "OK"))
}

/// Asks whether an import would be done at all, before megabytes are kept for somebody who may not.
/// The use case decides again.
async fn admit(server: &Server, credential: &Credential) -> Result<Actor, HttpError> {
    let actor = credential.actor(&server.app).await?;
    actor.require(Right::Change, server.app.settings())?;
    Ok(actor)
}

fn limits(server: &Server) -> Limits {
    Limits {
        bytes: server.app.settings().alerts.max_body_bytes,
        time: server.body_timeout,
        memory: std::sync::Arc::clone(&server.body_memory),
    }
}
