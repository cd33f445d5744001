//! The alerts of a message, and words for how things stand.

use std::collections::BTreeMap;

use promgen_core::model::{AlertState, DeliveryState, Zone};
use serde_json::Value;

use crate::ui::parts::{Badge, Chips, Linked, Moment, Tone, is_address};
use crate::ui::silences::{silence_chips, silence_link};
use crate::ui::text::Texts;

/// One alert of a message.
pub(super) struct Item {
    pub(super) status: Option<Badge>,
    pub(super) since: Option<Moment>,
    pub(super) labels: Chips,
    pub(super) annotations: Vec<(String, Linked)>,
    /// Where it comes from.
    pub(super) source: Option<String>,
    /// Where it can be silenced, for who may.
    pub(super) silence: Option<String>,
}

/// Whether a message tells of something wrong or of its end; how it stands where it is neither.
pub(super) fn status(status: &str, state: AlertState, t: &Texts) -> Option<Badge> {
    Some(match (state, status) {
        (AlertState::Failed, _) => Badge::new(Tone::Bad, t.say("alerts-failed")),
        (AlertState::Dropped, _) => Badge::new(Tone::Plain, t.say("alerts-dropped")),
        (AlertState::Pending, _) => Badge::new(Tone::Note, t.say("alerts-pending")),
        (AlertState::Routed, "firing") => Badge::new(Tone::Bad, t.say("alerts-firing")),
        (AlertState::Routed, "resolved") => Badge::new(Tone::Good, t.say("alerts-resolved")),
        (AlertState::Routed, _) => return None,
    })
}

/// How many of a list are not shown.
pub(super) fn beyond(count: usize, shown: usize) -> u64 {
    u64::try_from(count.saturating_sub(shown)).unwrap_or(u64::MAX)
}

/// How a delivery stands.
pub(super) fn delivery(state: DeliveryState, t: &Texts) -> Badge {
    match state {
        DeliveryState::Sent => Badge::new(Tone::Good, t.say("alerts-delivery-sent")),
        DeliveryState::Pending => Badge::new(Tone::Note, t.say("alerts-delivery-pending")),
        DeliveryState::Dead => Badge::new(Tone::Bad, t.say("alerts-delivery-dead")),
        DeliveryState::Superseded => Badge::new(Tone::Plain, t.say("alerts-delivery-superseded")),
    }
}

/// The labels of the alerts of a message, at most so many.
pub(super) fn labels(message: &Value, most: usize) -> Vec<BTreeMap<String, String>> {
    let labels = alerts(message, most).map(|alert| pairs(alert.get("labels")));
    labels.map(|pairs| pairs.into_iter().collect()).collect()
}

/// The alerts of a message, each with whether whoever looks may silence it, on a page to which the
/// forms for that lead back.
pub(super) fn items(message: &Value, may_silence: &[bool], here: &str, t: &Texts) -> Vec<Item> {
    let alerts = alerts(message, may_silence.len());
    let items = alerts.zip(may_silence);
    let item = |(alert, may): (&Value, &bool)| item(alert, may.then_some(here), t);
    items.map(item).collect()
}

fn alerts(message: &Value, most: usize) -> impl Iterator<Item = &Value> {
    let alerts = message.get("alerts").and_then(Value::as_array);
    alerts.into_iter().flatten().take(most)
}

fn item(alert: &Value, silence_on: Option<&str>, t: &Texts) -> Item {
    let labels: BTreeMap<String, String> = pairs(alert.get("labels")).into_iter().collect();
    let text = |name: &str| alert.get(name).and_then(Value::as_str).unwrap_or_default();
    let since = Zone::default().read(text("startsAt"));
    let source = text("generatorURL");
    Item {
        status: status(text("status"), AlertState::Routed, t),
        since: since.map(|at| Moment::new(at, t)),
        silence: silence_on.map(|here| silence_link(&labels, here)),
        labels: match silence_on {
            Some(here) => silence_chips(&labels, here, t),
            None => Chips::plain(labels),
        },
        annotations: annotations(alert.get("annotations")),
        source: is_address(source).then(|| source.to_owned()),
    }
}

/// Annotations with their links.
pub(super) fn annotations(value: Option<&Value>) -> Vec<(String, Linked)> {
    let linked = |(name, text): (String, String)| (name, Linked::new(&text));
    pairs(value).into_iter().map(linked).collect()
}

/// A map of texts; what is no text is shown as JSON.
pub(super) fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let map = value.and_then(Value::as_object);
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let pairs = map.into_iter().flatten();
    pairs
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}
