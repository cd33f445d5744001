//! From a credential to an actor.

use std::time::Duration;

use super::{Actor, App, AppError, tokens};
use crate::model::{Timestamp, TokenId};
use crate::store::StoreError;

/// How exactly the last use of a token is kept. Coarser than a request, so that reading with a
/// token does not write to the database each time.
const LAST_USED_EVERY: Duration = Duration::from_mins(1);

/// The actor behind a token.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a token that is unknown, expired or revoked, or whose user is
/// inactive: which of them it is, is nobody's business.
pub async fn authenticate(app: &App, text: &str) -> Result<Actor, AppError> {
    let now = app.now();
    let tx = app.store().read_tx().await?;
    let found = tx.find_token(&tokens::hash(text)).await?;
    drop(tx);
    let (token, user) = found.ok_or(AppError::Unauthenticated)?;
    let expired = token.expires.is_some_and(|end| end <= now);
    if expired || token.revoked.is_some() || !user.active {
        return Err(AppError::Unauthenticated);
    }
    if token
        .last_used
        .is_none_or(|last| now.since(last) >= LAST_USED_EVERY)
    {
        // When the note cannot be written, the request goes on all the same.
        if let Err(error) = touch(app, token.id, now).await {
            tracing::debug!(%error, token = %token.prefix, "last use of the token not noted");
        }
    }
    Ok(Actor::Token { token, user })
}

async fn touch(app: &App, token: TokenId, now: Timestamp) -> Result<(), StoreError> {
    let tx = app.store().write_tx().await?;
    tx.touch_token(token, now).await?;
    tx.commit().await
}
