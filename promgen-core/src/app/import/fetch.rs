//! Fetching what is to be imported.

use std::time::Duration;

use crate::app::{Actor, App, AppError, Right};
use crate::egress::Class;
use crate::import::MAX_BYTES;
use crate::plugin::{HttpRequest, Method};

/// How long the whole download may take; a file of the largest size passes in that time at
/// 4 Mbit/s.
const PATIENCE: Duration = Duration::from_mins(1);

/// Fetches the text behind an `http` or `https` URL, such as the targets of another Promgen.
///
/// The URL may lead anywhere that this machine reaches, which is why only those who administer
/// Promgen may name one; but not to where clouds keep the secrets of their machines, unless
/// `egress.allow` lets it pass. Redirects are not followed.
///
/// # Errors
/// [`AppError::Peer`] when the server cannot be reached or answers with anything but a success,
/// [`AppError::Invalid`] for an answer that is too large or no UTF-8.
pub async fn fetch(app: &App, actor: &Actor, url: &str) -> Result<String, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let request = HttpRequest {
        method: Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        proxy: None,
    };
    // One byte more than may come shows that too much came.
    let sent = app
        .egress()
        .request_sized(Class::Import, request, PATIENCE, MAX_BYTES + 1);
    let answer = sent.await.map_err(|error| AppError::Peer {
        message: error.to_string(),
    })?;
    answer.accepted().map_err(|error| AppError::Peer {
        message: format!("the server answered {error}"),
    })?;
    if answer.body.len() > MAX_BYTES {
        let message = format!("has more than {MAX_BYTES} bytes");
        return Err(AppError::invalid("document", message, "import it in parts"));
    }
    String::from_utf8(answer.body).map_err(|_| {
        let remedy = "check that the URL leads to YAML or JSON";
        AppError::invalid("document", "is not UTF-8", remedy)
    })
}
