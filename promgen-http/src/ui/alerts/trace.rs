//! Why somebody was told, and somebody else was not.

use promgen_core::alert::{Decision, Part, Reason, Routing};
use promgen_core::plugin::Registry;

use super::items::beyond;
use crate::ui::notifiers::label;
use crate::ui::parts::{Badge, Tone};
use crate::ui::text::Texts;

/// Most decisions that are shown: a message may name a thousand objects.
const MOST: usize = 200;

/// A part of a message, with what was decided about each candidate.
pub(super) struct TracePart {
    /// What it names.
    pub(super) service: Option<String>,
    pub(super) project: Option<String>,
    pub(super) dropped: Option<String>,
    pub(super) told: u64,
    pub(super) decisions: Vec<TraceRow>,
}

/// A candidate.
pub(super) struct TraceRow {
    pub(super) shown: String,
    pub(super) driver: String,
    pub(super) owner_kind: String,
    pub(super) owner: String,
    /// The sender's page.
    pub(super) link: Option<String>,
    /// Through whose subscription it came in.
    pub(super) via: Option<String>,
    pub(super) reason: Badge,
}

/// The parts of a message, and how many decisions are not shown.
pub(super) fn parts(routing: &Routing, registry: &Registry, t: &Texts) -> (Vec<TracePart>, u64) {
    let shown = routing.decisions.iter().take(MOST);
    let mut parts: Vec<TracePart> = routing.parts.iter().map(part).collect();
    for decision in shown {
        if let Some(part) = parts.get_mut(decision.part) {
            part.decisions.push(row(decision, registry, t));
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
        told: beyond(part.recipients.len(), 0),
        decisions: Vec::new(),
    }
}

fn row(decision: &Decision, registry: &Registry, t: &Texts) -> TraceRow {
    let link = |id: promgen_core::model::SenderId| format!("/notifier/{id}");
    TraceRow {
        shown: decision.shown.clone(),
        driver: label(registry, &decision.driver),
        owner_kind: decision.owner_kind.clone(),
        owner: decision.owner.clone(),
        link: decision.sender.map(link),
        via: decision.via.map(link),
        reason: reason(decision.reason, t),
    }
}

/// Why a candidate was told or not.
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
