//! From a credential to an actor.

use std::time::Duration;

use super::{Actor, App, AppError, tokens};
use crate::model::{Timestamp, Token, TokenId, User};
use crate::store::StoreError;

/// For how long a token that was found good opens the metrics while the database is away.
const RECALLED: Duration = Duration::from_hours(1);

/// How long [`recall`] waits for the database. Prometheus gives up a scrape after ten seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How exactly the last use of a token is kept. Coarser than a request, so that reading with a
/// token does not write to the database each time.
const LAST_USED_EVERY: Duration = Duration::from_mins(1);

/// The actor behind a token.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a token that is unknown, expired or revoked, or whose user is
/// inactive: which of them it is, is nobody's business.
pub async fn authenticate(app: &App, text: &str) -> Result<Actor, AppError> {
    let (token, user) = look_up(app, tokens::hash(text), app.now()).await?;
    Ok(Actor::Token { token, user })
}

/// As [`authenticate`], for whoever hands in alerts, many times a second: a token that was good a
/// moment ago is taken at its word. Only for the intake, which looks again while it stores.
///
/// # Errors
/// As for [`authenticate`].
pub async fn recognise(app: &App, text: &str) -> Result<Actor, AppError> {
    let now = app.now();
    let hash = tokens::hash(text);
    let (token, user) = match app.remembered().find(&hash) {
        Some(known) => known,
        None => look_up(app, hash, now).await?,
    };
    if token.expires.is_some_and(|end| end <= now) {
        return Err(AppError::Unauthenticated);
    }
    Ok(Actor::Token { token, user })
}

/// As [`authenticate`], for whoever asks how this Promgen stands: while the database does not
/// answer, which they are to learn, a token is taken at its word that was good within the last hour
/// and was not revoked by this process. It must open nothing but the metrics.
///
/// # Errors
/// As for [`authenticate`]; [`AppError::Unavailable`] for other tokens while the database is away.
pub async fn recall(app: &App, text: &str) -> Result<Actor, AppError> {
    let now = app.now();
    let hash = tokens::hash(text);
    let looked_up = tokio::time::timeout(PATIENCE, look_up(app, hash, now)).await;
    let away = match looked_up {
        Ok(Ok((token, user))) => return Ok(Actor::Token { token, user }),
        Ok(Err(error @ AppError::Unavailable { .. })) => error,
        Ok(Err(error)) => return Err(error),
        Err(_) => StoreError::Busy.into(),
    };
    match app.remembered().find_within(&hash, RECALLED) {
        Some((token, user)) if token.expires.is_none_or(|end| end > now) => {
            Ok(Actor::Token { token, user })
        }
        _ => Err(away),
    }
}

async fn look_up(app: &App, hash: [u8; 32], now: Timestamp) -> Result<(Token, User), AppError> {
    let tx = app.store().read_tx().await?;
    let found = tx.find_token(&hash).await?;
    drop(tx);
    let (mut token, user) = found.ok_or(AppError::Unauthenticated)?;
    let expired = token.expires.is_some_and(|end| end <= now);
    if expired || token.revoked.is_some() || !user.active {
        return Err(AppError::Unauthenticated);
    }
    let noted = token.last_used;
    if noted.is_none_or(|last| now.since(last) >= LAST_USED_EVERY) {
        // When the note cannot be written, the request goes on all the same.
        match touch(app, token.id, now).await {
            Ok(()) => token.last_used = Some(now),
            Err(error) => {
                tracing::debug!(%error, token = %token.prefix, "last use of the token not noted");
            }
        }
    }
    app.remembered().keep(hash, (token.clone(), user.clone()));
    Ok((token, user))
}

async fn touch(app: &App, token: TokenId, now: Timestamp) -> Result<(), StoreError> {
    let tx = app.store().write_tx().await?;
    tx.touch_token(token, now).await?;
    tx.commit().await
}
