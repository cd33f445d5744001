//! Fetching what is to be imported.

use std::time::Duration;

use url::Url;

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
/// [`AppError::Unfetched`] when the server cannot be reached or answers with anything but a success,
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
    let failed = |message| AppError::Unfetched {
        url: shown(url),
        message,
    };
    let answer = sent.await.map_err(|error| failed(error.to_string()))?;
    let accepted = answer.accepted();
    accepted.map_err(|error| failed(format!("the server answered {error}")))?;
    if answer.body.len() > MAX_BYTES {
        let message = format!("has more than {MAX_BYTES} bytes");
        return Err(AppError::invalid("document", message, "import it in parts"));
    }
    String::from_utf8(answer.body).map_err(|_| {
        let remedy = "check that the URL leads to YAML or JSON";
        AppError::invalid("document", "is not UTF-8", remedy)
    })
}

/// A URL as it may be told: scheme, host and port. All else may be a secret.
pub fn shown(url: &str) -> String {
    let origin = Url::parse(url).map(|url| url.origin());
    match origin {
        Ok(origin) if origin.is_tuple() => format!("{}/…", origin.ascii_serialization()),
        _ => "the URL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_url_is_told() {
        for (url, told) in [
            (
                "https://u:pw@a.example:8/x?token=t#f",
                "https://a.example:8/…",
            ),
            ("http://a.example/x", "http://a.example/…"),
            ("http://u:pw@:8", "the URL"),
            ("data:,x", "the URL"),
        ] {
            assert_eq!(shown(url), told);
        }
    }
}
