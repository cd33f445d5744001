//! One Alertmanager, asked over its API v2.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::egress::Class;
use crate::plugin::{HttpRequest, HttpResponse};

/// How long an Alertmanager may take for one answer; the largest takes it well under a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Most bytes of an answer: some thirty thousand alerts.
const ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// The same in the words of an error.
const ANSWER_SIZE: &str = "32 MiB";

/// Most characters of what an Alertmanager complains about.
const COMPLAINT_CHARS: usize = 300;

/// An Alertmanager of the settings.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// Its address, with a path prefix and maybe with a user and a password.
    url: Url,
    /// Its address as it may be told.
    pub(super) name: String,
    /// How long it may take for one answer.
    pub(super) patience: Duration,
}

/// Why an Alertmanager did not do as it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PeerFailure {
    /// The status, when it answered at all.
    pub(super) status: Option<u16>,
    /// What it said, or why it said nothing.
    pub(super) message: String,
}

#[derive(Deserialize)]
struct Accepted {
    #[serde(rename = "silenceID")]
    id: String,
}

impl Peer {
    /// The Alertmanager at an address of the settings; `None` when that is no URL.
    pub(super) fn new(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let mut shown = url.clone();
        // Neither can fail for a URL that has a host.
        shown.set_username("").ok()?;
        shown.set_password(None).ok()?;
        shown.set_query(None);
        shown.set_fragment(None);
        let name = shown.as_str().trim_end_matches('/').to_owned();
        Some(Self {
            url,
            name,
            patience: PATIENCE,
        })
    }

    /// All alerts, as it tells them.
    pub(super) async fn alerts(&self, app: &App) -> Result<Vec<Value>, PeerFailure> {
        let answer = self
            .ask(app, HttpRequest::get(self.at(&["alerts"])))
            .await?;
        read(&answer)
    }

    /// All silences, the expired ones too, as it tells them.
    pub(super) async fn silences(&self, app: &App) -> Result<Vec<Value>, PeerFailure> {
        let request = HttpRequest::get(self.at(&["silences"]));
        read(&self.ask(app, request).await?)
    }

    /// One silence.
    pub(super) async fn silence(&self, app: &App, id: &str) -> Result<Value, PeerFailure> {
        let request = HttpRequest::get(self.at(&["silence", id]));
        read(&self.ask(app, request).await?)
    }

    /// Makes a silence, or replaces the one of its id; answers the id that it has from then on.
    pub(super) async fn put<T: Serialize + Sync>(
        &self,
        app: &App,
        silence: &T,
    ) -> Result<String, PeerFailure> {
        let body = serde_json::to_vec(silence).unwrap_or_default();
        let request = HttpRequest::post_json(self.at(&["silences"]), body);
        let accepted: Accepted = read(&self.ask(app, request).await?)?;
        Ok(accepted.id)
    }

    /// Ends a silence.
    pub(super) async fn expire(&self, app: &App, id: &str) -> Result<(), PeerFailure> {
        let request = HttpRequest::delete(self.at(&["silence", id]));
        self.ask(app, request).await.map(drop)
    }

    fn at(&self, path: &[&str]) -> String {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v2"]).extend(path);
        }
        url.into()
    }

    async fn ask(&self, app: &App, request: HttpRequest) -> Result<HttpResponse, PeerFailure> {
        let asking = app
            .egress()
            .request_sized(Class::Infra, request, self.patience, ANSWER_BYTES);
        let answer = asking.await.map_err(|failure| PeerFailure {
            status: None,
            message: failure.to_string(),
        })?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(PeerFailure {
                status: Some(status),
                message: complaint(&answer),
            }),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: &HttpResponse) -> Result<T, PeerFailure> {
    let silent = |message: String| PeerFailure {
        status: None,
        message,
    };
    if answer.body.len() >= ANSWER_BYTES {
        return Err(silent(format!("answers {ANSWER_SIZE} or more")));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|_| silent("answers something else than Alertmanager's API v2".to_owned()))
}

/// What the body of a refusal says: a JSON text, an object with a `message`, or plain text.
fn complaint(answer: &HttpResponse) -> String {
    let text = match serde_json::from_slice(&answer.body) {
        Ok(Value::String(text)) => text,
        Ok(Value::Object(map)) => match map.get("message") {
            Some(Value::String(text)) => text.clone(),
            _ => String::new(),
        },
        _ => String::from_utf8_lossy(&answer.body).into_owned(),
    };
    let printable = text.chars().filter(|c| !c.is_control());
    let text: String = printable.take(COMPLAINT_CHARS).collect();
    if text.is_empty() {
        format!("answers HTTP {}", answer.status)
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_prefix_is_kept_and_a_password_is_never_told() {
        for (text, name) in [
            ("http://am:9093", "http://am:9093"),
            ("http://am:9093/", "http://am:9093"),
            ("https://u:s3cret@am/prefix/?a=s3cret", "https://am/prefix"),
        ] {
            let peer = Peer::new(text).unwrap();
            assert_eq!(peer.name, name);
            assert!(peer.at(&["silences"]).contains("/api/v2/silences"));
        }
        let peer = Peer::new("http://u:p@am/prefix").unwrap();
        let at = peer.at(&["silence", "../a?b"]);
        assert_eq!(at, "http://u:p@am/prefix/api/v2/silence/..%2Fa%3Fb");
    }

    #[test]
    fn complaints_are_told_in_one_line() {
        let said = |status, body: &str| {
            complaint(&HttpResponse {
                status,
                retry_after: None,
                body: body.as_bytes().to_vec(),
            })
        };
        assert_eq!(said(400, "\"no\\nsuch\""), "nosuch");
        assert_eq!(
            said(422, r#"{"code":601,"message":"id in path"}"#),
            "id in path"
        );
        assert_eq!(said(502, "Bad Gateway\r\n"), "Bad Gateway");
        assert_eq!(said(404, ""), "answers HTTP 404");
        assert_eq!(said(500, &"x".repeat(999)).len(), COMPLAINT_CHARS);
    }
}
