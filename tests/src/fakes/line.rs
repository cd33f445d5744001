//! LINE's Messaging API: push.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use super::{Answer, Posted, Refusal, refusal};

/// The channel access token that it knows.
pub const LINE_TOKEN: &str = "channel-t0k3n";

/// The one user that it knows.
pub const LINE_ID: &str = "U0123456789abcdef0123456789abcdef";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    to: String,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Message {
    Text { text: String },
}

pub(super) fn judge(posted: &Posted, keys: &mut BTreeSet<String>) -> Result<Answer, Refusal> {
    if posted.path != "/v2/bot/message/push" {
        return Err((404, message("Not found")));
    }
    if posted.header("authorization") != Some(&format!("Bearer {LINE_TOKEN}")) {
        return Err((401, message("Authentication failed")));
    }
    posted.is_json()?;
    // The real one can do without; then every retry may be a second message.
    let key = posted.header("x-line-retry-key").unwrap_or_default();
    if !is_uuid(key) {
        return Err(refusal(message("Invalid retry key")));
    }
    let push: Push = serde_json::from_slice(&posted.body)
        .map_err(|error| refusal(message(&error.to_string())))?;
    if push.to != LINE_ID {
        return Err(refusal(message("The property, 'to', is invalid")));
    }
    if !(1..=5).contains(&push.messages.len()) {
        return Err(refusal(message("Size must be between 1 and 5")));
    }
    for Message::Text { text } in &push.messages {
        if text.trim().is_empty() || text.encode_utf16().count() > 5000 {
            return Err(refusal(message("Length must be between 0 and 5000")));
        }
    }
    if !keys.insert(key.to_owned()) {
        return Err((409, message("The retry key is already accepted")));
    }
    let sent = push.messages.iter().map(|_| json!({"id": "1"}));
    let answer = json!({"sentMessages": sent.collect::<Vec<_>>()});
    Ok((200, answer.to_string()))
}

fn message(text: &str) -> String {
    json!({"message": text}).to_string()
}

/// A UUID as RFC 4122 has them.
fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let &[_, _, version, variant, _] = parts.as_slice() else {
        return false;
    };
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let hexadecimal = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(hexadecimal)
        && version.starts_with(['1', '2', '3', '4', '5'])
        && variant.starts_with(['8', '9', 'a', 'b'])
}
