//! `promgen token`

use std::time::Duration;

use promgen_core::app::{App, tokens};
use promgen_core::model::{PromDuration, Scope, Timestamp, Token as StoredToken, TokenId, User};

use crate::args::{Args, Format, Token};
use crate::error::CommandError;
use crate::output::{self, say};
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, command: &Token) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    match command {
        Token::Create {
            user,
            scopes,
            expires,
            format,
        } => {
            create(&app, user, scopes, expires.as_ref(), *format).await?;
        }
        Token::List { format } => list(&app, *format).await?,
        Token::Revoke { id } => {
            tokens::revoke(&app, &operator(), TokenId(*id)).await?;
            say(&format!("Revoked token {id}"));
        }
    }
    app.close().await;
    Ok(())
}

async fn create(
    app: &App,
    user: &str,
    scopes: &[Scope],
    expires: Option<&PromDuration>,
    format: Format,
) -> Result<(), CommandError> {
    let span = expires.map(|expires| Duration::from_millis(expires.millis()));
    let new = tokens::create(app, &operator(), user, scopes.to_vec(), span).await?;
    let text = new.text.reveal();
    let json = serde_json::json!({
        "id": new.token.id, "token": text, "scopes": new.token.scopes,
        "expires": new.token.expires.map(Timestamp::rfc3339),
    });
    output::result(format, &json, || text.clone())?;
    if format == Format::Table {
        output::complain("This is the only time that the token is shown.");
    }
    Ok(())
}

async fn list(app: &App, format: Format) -> Result<(), CommandError> {
    let tokens = tokens::list(app, &operator()).await?;
    let json: Vec<_> = tokens.iter().map(json).collect();
    output::result(format, &json, || {
        let heading = [
            "ID",
            "USER",
            "TOKEN",
            "SCOPES",
            "EXPIRES",
            "LAST USED",
            "STATE",
        ];
        let rows: Vec<_> = tokens
            .iter()
            .map(|(token, user)| row(token, user))
            .collect();
        output::table(&heading, &rows)
    })
}

fn json((token, user): &(StoredToken, User)) -> serde_json::Value {
    serde_json::json!({
        "id": token.id, "user": user.username, "prefix": token.prefix, "scopes": token.scopes,
        "created": token.created.rfc3339(),
        "expires": token.expires.map(Timestamp::rfc3339),
        "last_used": token.last_used.map(Timestamp::rfc3339),
        "revoked": token.revoked.map(Timestamp::rfc3339),
    })
}

fn row(token: &StoredToken, user: &User) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), Timestamp::rfc3339);
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    vec![
        token.id.to_string(),
        user.username.clone(),
        format!("{}…", token.prefix),
        scopes.join(","),
        time(token.expires),
        time(token.last_used),
        if token.revoked.is_some() {
            "revoked"
        } else {
            "good"
        }
        .to_owned(),
    ]
}
