//! LINE: texts, pushed through the Messaging API.

use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::alert::{Fit, chat_text};
use promgen_core::config::Settings;
use promgen_core::model::{Problem, Secret};
use promgen_core::plugin::{
    DriverSettings, Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind,
    NotifyContext, NotifyError, Pace, PluginError, Receipt, Target,
};
use promgen_core::register_notifier;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEY: &str = "promgen.notification.line";

static LINE: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "LINE",
    help: "Pushes texts to a user, a group or a room in which your bot is. The bot's channel \
           access token stands in the setting promgen.notification.line: channel_access_token.",
    fields: &[
        Field {
            name: "value",
            label: "LINE ID",
            help: "ID of the user, group or room: U, C or R, and 32 hexadecimal digits.",
            kind: FieldKind::Text,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the ID.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    settings: &["server", "channel_access_token"],
    check_value: Some(check_id),
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|settings| Ok(Arc::new(Line::new(settings)?))),
};

register_notifier!(LINE);

/// The Messaging API's own server.
const SERVER: &str = "https://api.line.me";

/// What one push takes: five messages of 5,000 units of UTF-16.
const FIT: Fit = Fit {
    units: 5000,
    pieces: 5,
    width: char::len_utf16,
};

/// What to do about a missing token.
const REMEDY: &str =
    "set `promgen.notification.line: channel_access_token` to the token of your bot's channel";

#[derive(Debug)]
struct Line {
    server: String,
    token: Option<Secret<String>>,
}

impl Line {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, KEY);
        let server = section.url("server")?;
        let server = server.unwrap_or_else(|| SERVER.to_owned());
        Ok(Self {
            server: server.trim_end_matches('/').to_owned(),
            token: section.text("channel_access_token")?.map(Secret::new),
        })
    }

    fn request(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<HttpRequest, NotifyError> {
        let Some(token) = &self.token else {
            return Err(NotifyError::Permanent {
                message: format!("no channel access token: {REMEDY}"),
            });
        };
        let url = format!("{}/v2/bot/message/push", self.server);
        let body = push(context, target.value.reveal()).to_string();
        let key = retry_key(context, &body);
        let mut request = HttpRequest::post_json(url, body.into_bytes());
        request.headers.extend([
            (
                "Authorization".to_owned(),
                format!("Bearer {}", token.reveal()),
            ),
            ("X-Line-Retry-Key".to_owned(), key),
        ]);
        Ok(request)
    }
}

#[async_trait]
impl Notifier for Line {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let answer = context.http(self.request(context, target)?).await?;
        // An earlier try got through, though its answer did not: its retry key is known.
        if answer.status == 409 {
            return Ok(Receipt {
                note: "HTTP 409: taken before".to_owned(),
            });
        }
        answer.accepted()?;
        Ok(Receipt {
            note: format!("HTTP {}", answer.status),
        })
    }

    fn problems(&self) -> Vec<Problem> {
        let missing = || {
            Problem::warning(
                KEY,
                "has no channel access token: nothing can be sent",
                REMEDY,
            )
        };
        self.token.is_none().then(missing).into_iter().collect()
    }
}

fn push(context: &dyn NotifyContext, to: &str) -> Value {
    let message = context.message();
    let texts = FIT.cut(&chat_text(message), &message.external_url());
    let text = |text: String| json!({"type": "text", "text": text});
    let messages: Vec<Value> = texts.into_iter().map(text).collect();
    json!({"to": to, "messages": messages})
}

/// The same for every try of a delivery, and another for any other. The body is in it because
/// deliveries and alerts are numbered anew in a new database, and LINE drops what comes with a key
/// of the last 24 hours. A UUID of version 5 in form, since some readers know none above.
fn retry_key(context: &dyn NotifyContext, body: &str) -> String {
    let (delivery, alert) = (context.delivery(), context.alert());
    let link = context.message().external_url();
    let digest = Sha256::digest(format!("{delivery}\0{alert}\0{link}\0{body}"));
    let mut id = [0; 16];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    let number = u128::from_be_bytes(id);
    let (version, variant) = (0xf << 76, 0b11 << 62);
    let number = number & !version & !variant | 5 << 76 | 0b10 << 62;
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

fn check_id(value: &str) -> Option<Problem> {
    let digits = value.strip_prefix(['U', 'C', 'R']).unwrap_or_default();
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let legal = digits.len() == 32 && digits.bytes().all(hexadecimal);
    let problem = || {
        Problem::error(
            "value",
            "is not the ID of a LINE user, group or room",
            "write U, C or R and 32 hexadecimal digits, as LINE's webhook shows it to your bot",
        )
    };
    (!legal).then(problem)
}

#[cfg(test)]
mod tests;
