//! `/rest/v2/tokens`: one's own, and for superusers those of others.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::{Listed, tokens};
use promgen_core::model::{PromDuration, Scope, Timestamp, Token, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSelf, routes!(list))
        .documented(Act::ChangeSelf, routes!(create))
        .documented(Act::ChangeSelf, routes!(revoke))
}

/// A token, without what only its holder knows.
#[derive(Debug, Serialize, ToSchema)]
struct TokenKept {
    id: i32,
    /// Its first characters, to recognise it by.
    prefix: String,
    /// `read`, `write`, `alerts`.
    scopes: Vec<String>,
    created: String,
    #[schema(required)]
    expires: Option<String>,
    #[schema(required)]
    last_used: Option<String>,
    #[schema(required)]
    revoked: Option<String>,
}

impl From<Token> for TokenKept {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.0,
            prefix: token.prefix,
            scopes: token.scopes.iter().map(ToString::to_string).collect(),
            created: token.created.rfc3339(),
            expires: token.expires.map(Timestamp::rfc3339),
            last_used: token.last_used.map(Timestamp::rfc3339),
            revoked: token.revoked.map(Timestamp::rfc3339),
        }
    }
}

/// A token to be.
#[derive(Debug, Deserialize, ToSchema)]
struct TokenWanted {
    /// `read`, `write`, `alerts`; the last one for superusers.
    scopes: Vec<String>,
    /// After how long it ends, such as `90d`; never unless given.
    expires: Option<String>,
    /// Whose it is; one's own unless given.
    user: Option<String>,
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct TokenMade {
    #[serde(flatten)]
    kept: TokenKept,
    /// The token. It is never shown again.
    token: String,
}

/// One's own tokens, oldest first; revoked and expired ones too.
#[utoipa::path(
    get, path = "/rest/v2/tokens", tag = "tokens",
    params(PageQuery),
    responses((status = 200, body = PageOf<TokenKept>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<PageOf<TokenKept>>, RestError> {
    let own = tokens::list_own(&server.app, &actor).await?;
    Ok(Json(
        page.answer(Listed::cut(own, page.slice()), TokenKept::from)?,
    ))
}

/// Makes a token.
#[utoipa::path(
    post, path = "/rest/v2/tokens", tag = "tokens",
    request_body = TokenWanted,
    responses((status = 201, body = TokenMade)),
)]
async fn create(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(wanted): Body<TokenWanted>,
) -> Result<(StatusCode, Json<TokenMade>), RestError> {
    let scope = |text: &String| text.parse::<Scope>();
    let scopes: Result<Vec<Scope>, String> = wanted.scopes.iter().map(scope).collect();
    let scopes = scopes.map_err(|message| {
        RestError::field(
            "scopes",
            message,
            "name at least one of read, write, alerts",
        )
    })?;
    let expires = wanted.expires.as_deref().map(span).transpose()?;
    let own = actor.user().map(|user| user.username.clone());
    let username = wanted.user.or(own).unwrap_or_default();
    let made = tokens::create(&server.app, &actor, &username, scopes, expires).await?;
    let made = TokenMade {
        token: made.text.reveal().clone(),
        kept: made.token.into(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

fn span(text: &str) -> Result<Duration, RestError> {
    let span = PromDuration::parse(text)
        .ok()
        .filter(|span| span.millis() > 0);
    let span = span.ok_or_else(|| {
        RestError::field("expires", "is no span of time", "write it like 90d or 12h")
    })?;
    Ok(Duration::from_millis(span.millis()))
}

/// Makes a token useless from this moment on.
#[utoipa::path(
    delete, path = "/rest/v2/tokens/{id}", tag = "tokens",
    params(("id" = i32, Path)),
    responses((status = 204, description = "it is of no use any more")),
)]
async fn revoke(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    tokens::revoke(&server.app, &actor, TokenId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
