//! Access tokens: made once, shown once, stored as a hash.

use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::change::{Change, Subject};
use super::{Actor, App, AppError, Listed, Right, Slice, Sort, random};
use crate::model::{AuditKind, Called, Scope, Secret, Token, TokenId, User};
use crate::store::{TokenFilter, TokenKey};

/// What every token begins with, so that a leaked one can be recognised.
const MARK: &str = "pg_";

/// Characters of a token that are kept in clear, to recognise it by.
const PREFIX_CHARS: usize = 11;

/// A token that was just made.
#[derive(Debug, Clone, Serialize)]
pub struct NewToken {
    /// What is stored of it.
    pub token: Token,
    /// The token itself. It cannot be shown again.
    pub text: Secret<String>,
}

/// Makes a token for a user: 256 random bits, of which only the hash is stored.
///
/// Everybody may make tokens for themselves, but none that may more than they do: with the scope
/// `alerts` superusers alone, and by a token only with scopes that it has itself.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown user, [`AppError::Invalid`] without any scope,
/// [`AppError::Forbidden`] for tokens of others and for scopes that one does not have.
pub async fn create(
    app: &App,
    actor: &Actor,
    username: &str,
    mut scopes: Vec<Scope>,
    expires_in: Option<Duration>,
) -> Result<NewToken, AppError> {
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        let remedy = "name at least one of read, write, alerts";
        return Err(AppError::invalid(
            "scope",
            "the token could be used for nothing",
            remedy,
        ));
    }
    let text = format!("{MARK}{}", hex::encode(random::bytes::<32>()?));
    require_scopes(app, actor, &scopes)?;
    let mut change = begin(app, actor, username).await?;
    let user = change.tx().find_user(username).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", username))?;
    let created = change.at();
    let mut token = Token {
        id: TokenId(0),
        user: user.id,
        scopes,
        prefix: text.chars().take(PREFIX_CHARS).collect(),
        created,
        expires: expires_in.map(|span| created.plus(span)),
        last_used: None,
        revoked: None,
    };
    token.id = change.tx().insert_token(&token, &hash(&text)).await?;
    change.created(subject(&token, &user), &token);
    change.commit().await?;
    Ok(NewToken {
        token,
        text: Secret::new(text),
    })
}

/// A change of a user's tokens: one's own, or those of others for superusers.
async fn begin<'a>(app: &'a App, actor: &'a Actor, username: &str) -> Result<Change<'a>, AppError> {
    let own = actor.user().is_some_and(|user| user.username == username);
    let right = if own {
        Right::TakePart
    } else {
        Right::Administer
    };
    Change::begin(app, actor, right).await
}

fn require_scopes(app: &App, actor: &Actor, scopes: &[Scope]) -> Result<(), AppError> {
    if scopes.contains(&Scope::Alerts) {
        actor.require(Right::Administer, app.settings())?;
    }
    if let Actor::Token { token, .. } = actor
        && let Some(scope) = scopes.iter().find(|scope| !token.scopes.contains(scope))
    {
        return Err(AppError::Forbidden {
            need: format!("a token with scope {scope}"),
        });
    }
    Ok(())
}

/// All tokens with their users, oldest first; revoked and expired ones too.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<(Token, User)>, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let tx = app.store().read_tx().await?;
    Ok(tx.list_tokens().await?)
}

/// The actor's own tokens, oldest first; revoked and expired ones too.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list_own(app: &App, actor: &Actor) -> Result<Vec<Token>, AppError> {
    actor.require(Right::Look, app.settings())?;
    let Some(user) = actor.user() else {
        return Ok(Vec::new());
    };
    let tx = app.store().read_tx().await?;
    Ok(tx.list_tokens_of(user.id).await?)
}

/// A slice of the tokens that are not revoked with the user names of their users.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: TokenFilter,
    sort: Sort<TokenKey>,
    slice: Slice,
) -> Result<Listed<(Token, String)>, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let tx = app.store().read_tx().await?;
    let listed = tx.page_tokens(filter, sort, slice).await?;
    let users = listed.items.iter().map(|token| token.user).collect();
    let names = tx.usernames(&users).await?;
    Ok(listed.map(|token| {
        let name = names.get(&token.user).cloned();
        (token, name.unwrap_or_default())
    }))
}

/// A token of whoever asks, or, for superusers, of anybody.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown token, [`AppError::Forbidden`] for one of somebody else.
pub async fn find(app: &App, actor: &Actor, id: TokenId) -> Result<Token, AppError> {
    actor.require(Right::Look, app.settings())?;
    let tx = app.store().read_tx().await?;
    let token = tx.load_token(id).await?;
    let token = token.ok_or_else(|| AppError::not_found("token", &id))?;
    if actor.user().is_none_or(|user| user.id != token.user) {
        actor.require(Right::Administer, app.settings())?;
    }
    Ok(token)
}

/// Makes a token useless from this moment on.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown token, [`AppError::Forbidden`] for one of somebody else.
pub async fn revoke(app: &App, actor: &Actor, id: TokenId) -> Result<(), AppError> {
    let mut change = Change::begin(app, actor, Right::TakePart).await?;
    let token = change.tx().load_token(id).await?;
    let before = token.ok_or_else(|| AppError::not_found("token", &id))?;
    if actor.user().is_none_or(|user| user.id != before.user) {
        actor.require(Right::Administer, app.settings())?;
    }
    if before.revoked.is_some() {
        return Ok(());
    }
    let after = Token {
        revoked: Some(change.at()),
        ..before.clone()
    };
    change.tx().revoke_token(id, change.at()).await?;
    let subject =
        Subject::new(AuditKind::Token, id.0, &before.prefix).below(AuditKind::User, before.user.0);
    change.updated(subject, &before, &after);
    change.commit().await
}

/// What is stored of a token, and looked up by. A plain hash suffices: the token has 256 random
/// bits, so there is nothing to guess.
pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn subject(token: &Token, user: &User) -> Subject {
    let name = Called::Of {
        name: &token.prefix,
        owner: &user.username,
    };
    Subject::new(AuditKind::Token, token.id.0, name.to_string()).below(AuditKind::User, user.id.0)
}
