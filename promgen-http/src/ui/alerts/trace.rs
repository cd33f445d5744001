//! Why somebody was chosen, and somebody else was not.

use std::borrow::Cow;
use std::collections::HashMap;

use promgen_core::alert::{Decision, Part, Reason, Routing};
use promgen_core::model::{Attempt, Delivery, DeliveryState, SenderId};
use promgen_core::plugin::Registry;

use super::items::{self, beyond};
use crate::ui::notifiers::label;
use crate::ui::parts::{Badge, Tone, kind_of};
use crate::ui::text::Texts;

/// Most decisions that are shown: a message may name a thousand objects.
const MOST: usize = 200;

/// A part of a message, with what was decided about each candidate.
pub(super) struct TracePart {
    /// What it names.
    pub(super) service: Option<String>,
    pub(super) project: Option<String>,
    pub(super) dropped: Option<String>,
    pub(super) chosen: u64,
    pub(super) decisions: Vec<TraceRow>,
}

/// A candidate.
pub(super) struct TraceRow {
    pub(super) shown: String,
    pub(super) driver: String,
    pub(super) owner_kind: Cow<'static, str>,
    pub(super) owner: String,
    /// The sender's page.
    pub(super) link: Option<String>,
    /// Through whose subscription it came in.
    pub(super) via: Option<String>,
    pub(super) reason: Badge,
    /// How its delivery stands.
    pub(super) state: Option<Badge>,
}

/// How the deliveries of each part to each sender stand.
type States = HashMap<(usize, SenderId), DeliveryState>;

/// The parts of a message, and how many decisions are not shown.
pub(super) fn parts(
    routing: &Routing,
    deliveries: &[(Delivery, Vec<Attempt>)],
    registry: &Registry,
    t: &Texts,
) -> (Vec<TracePart>, u64) {
    let state = |(delivery, _): &(Delivery, Vec<Attempt>)| {
        let part = usize::try_from(delivery.part).ok()?;
        Some(((part, delivery.sender?), delivery.state))
    };
    let states: States = deliveries.iter().filter_map(state).collect();
    let shown = routing.decisions.iter().take(MOST);
    let mut parts: Vec<TracePart> = routing.parts.iter().map(part).collect();
    for decision in shown {
        if let Some(part) = parts.get_mut(decision.part) {
            part.decisions.push(row(decision, &states, registry, t));
        }
    }
    (parts, beyond(routing.decisions.len(), MOST))
}

fn part(part: &Part) -> TracePart {
    let dropped = part.dropped.as_ref();
    TracePart {
        service: part.service.clone(),
        project: part.project.clone(),
        dropped: dropped.map(|it| format!("{}=\"{}\"", it.label, it.value)),
        chosen: beyond(part.recipients.len(), 0),
        decisions: Vec::new(),
    }
}

fn row(decision: &Decision, states: &States, registry: &Registry, t: &Texts) -> TraceRow {
    let state = decision
        .sender
        .filter(|_| decision.reason == Reason::Matched);
    let state = state.and_then(|sender| states.get(&(decision.part, sender)));
    let link = |id: SenderId| format!("/notifier/{id}");
    TraceRow {
        shown: decision.shown.clone(),
        driver: label(registry, &decision.driver, t),
        owner_kind: kind_of(&decision.owner_kind, t),
        owner: decision.owner.clone(),
        link: decision.sender.map(link),
        via: decision.via.map(link),
        reason: reason(decision.reason, t),
        state: state.map(|state| items::delivery(*state, t)),
    }
}

/// Why a candidate was chosen or not.
pub(crate) fn reason(reason: Reason, t: &Texts) -> Badge {
    let (tone, word) = match reason {
        Reason::Matched => (Tone::Good, t.say("alerts-why-matched")),
        Reason::Filtered => (Tone::Plain, t.say("alerts-why-filtered")),
        Reason::Disabled => (Tone::Plain, t.say("alerts-why-disabled")),
        Reason::Duplicate => (Tone::Plain, t.say("alerts-why-duplicate")),
        Reason::NoSuchObject => (Tone::Warn, t.say("alerts-why-no-such-object")),
        Reason::Mismatch => (Tone::Warn, t.say("alerts-why-mismatch")),
        Reason::NotCommon => (Tone::Warn, t.say("alerts-why-not-common")),
        Reason::Blacklisted => (Tone::Plain, t.say("alerts-why-blacklisted")),
        Reason::NoPersonalNotifier => (Tone::Warn, t.say("alerts-why-no-personal")),
        Reason::DriverMissing => (Tone::Bad, t.say("alerts-why-driver-missing")),
        Reason::Inactive => (Tone::Plain, t.say("alerts-why-inactive")),
        Reason::Superseded => (Tone::Plain, t.say("alerts-why-superseded")),
    };
    Badge::new(tone, word)
}
