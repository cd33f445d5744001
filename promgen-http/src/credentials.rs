//! From the `Authorization` header to an actor.

use http::{HeaderMap, header};
use promgen_core::app::{Actor, App, AppError, auth};

/// The actor of a request: the token's, or nobody. A header that names no known token is refused,
/// even where nobody may enter: whoever sends one means it.
pub(super) async fn actor(app: &App, headers: &HeaderMap) -> Result<Actor, AppError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(Actor::Anonymous);
    };
    let text = value.to_str().map_err(|_| AppError::Unauthenticated)?;
    let (scheme, token) = text.split_once(' ').ok_or(AppError::Unauthenticated)?;
    let known = scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer");
    if !known {
        return Err(AppError::Unauthenticated);
    }
    auth::authenticate(app, token.trim()).await
}
