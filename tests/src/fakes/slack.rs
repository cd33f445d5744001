//! Slack's incoming webhooks.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Answer, Posted, Refusal, refusal};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    text: String,
}

pub(super) fn judge(posted: &Posted, _: &mut BTreeSet<String>) -> Result<Answer, Refusal> {
    if !posted.path.starts_with("/services/") {
        return Err((404, "no_service".to_owned()));
    }
    posted.is_json()?;
    let payload: Payload = serde_json::from_slice(&posted.body)
        .map_err(|error| refusal(format!("invalid_payload: {error}")))?;
    if payload.text.trim().is_empty() {
        return Err(refusal("no_text"));
    }
    // The real one cuts it off, and something is lost.
    if payload.text.chars().count() > 40_000 {
        return Err(refusal("msg_too_long"));
    }
    // The real one takes them, as markup.
    let entities = ["&amp;", "&lt;", "&gt;"];
    let plain = entities
        .iter()
        .fold(payload.text, |text, entity| text.replace(entity, ""));
    if plain.contains(['&', '<', '>']) {
        return Err(refusal("markup in what people wrote"));
    }
    Ok((200, "ok".to_owned()))
}
