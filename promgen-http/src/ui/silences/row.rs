//! A silence in a list.

use std::borrow::Cow;

use promgen_core::app::silences::{RawMatcher, SilenceState, Silenced};

use super::asked::Asked;
use crate::ui::next;
use crate::ui::parts::{Badge, Chip, Chips, Lead, Linked, Moment, Tone};
use crate::ui::text::Texts;

/// A silence in a list.
#[derive(Debug, Clone)]
pub(crate) struct SilenceRow {
    /// Where it is changed.
    pub(crate) edit: String,
    /// Where it is ended.
    pub(crate) expire: String,
    pub(crate) state: Badge,
    pub(crate) starts: Moment,
    pub(crate) ends: Moment,
    pub(crate) matchers: Chips,
    pub(crate) comment: Linked,
    pub(crate) created_by: String,
    /// Whether it can still be changed and ended, by whoever looks.
    pub(crate) may_edit: bool,
}

/// The row of a silence; its matchers lead to the silences that have them too. Its forms lead back to
/// the page on which it stands.
pub(crate) fn silence_row(silence: &Silenced, here: &str, t: &Texts) -> SilenceRow {
    row_of(silence, &Asked::default(), here, t)
}

/// The same in a list, where what is asked for stays.
pub(super) fn row_of(silence: &Silenced, asked: &Asked, here: &str, t: &Texts) -> SilenceRow {
    let tone = match silence.state {
        SilenceState::Active => Tone::Warn,
        SilenceState::Pending => Tone::Note,
        SilenceState::Expired => Tone::Plain,
    };
    let chip = |matcher: &RawMatcher| Chip {
        name: matcher.name.clone(),
        value: format!("{}{}", operator(matcher), matcher.value),
        lead: Lead::To(asked.with(matcher)),
    };
    let form = |what: &str| next::leading(&format!("/silence/{}/{what}", silence.id), here);
    SilenceRow {
        edit: form("edit"),
        expire: form("expire"),
        state: Badge::new(tone, state(silence.state, t)),
        starts: Moment::new(silence.starts_at, t),
        ends: Moment::new(silence.ends_at, t),
        matchers: Chips {
            chips: silence.matchers.iter().map(chip).collect(),
        },
        comment: Linked::new(&silence.comment),
        created_by: silence.created_by.clone(),
        may_edit: silence.may_edit && silence.state != SilenceState::Expired,
    }
}

/// The list with one silence, by its id at any Alertmanager.
pub(crate) fn silence_found(id: &str) -> String {
    let asked = Asked {
        search: id.to_owned(),
        ..Asked::default()
    };
    asked.address()
}

/// What a state is called.
pub(super) fn state(state: SilenceState, t: &Texts) -> Cow<'static, str> {
    t.say(match state {
        SilenceState::Active => "silences-state-active",
        SilenceState::Pending => "silences-state-pending",
        SilenceState::Expired => "silences-state-expired",
    })
}

/// As PromQL writes it.
pub(super) fn operator(matcher: &RawMatcher) -> &'static str {
    match (matcher.is_regex, matcher.is_equal) {
        (false, true) => "=",
        (true, true) => "=~",
        (false, false) => "!=",
        (true, false) => "!~",
    }
}

/// A matcher's label, with a mark for one that is not to match.
pub(super) fn marked(matcher: &RawMatcher) -> String {
    let mark = if matcher.is_equal { "" } else { "!" };
    format!("{mark}{}", matcher.name)
}
