//! In which order silences are listed.

use std::cmp::Ordering;

use promgen_core::app::silences::{SilenceState, Silenced};
use promgen_core::app::{Sort, SortKey};

use crate::ui::parts::{ORDER, Sheet};

/// What silences are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SilenceKey {
    /// When they end.
    #[default]
    Ends,
    /// When they start.
    Starts,
    /// The comment.
    Comment,
    /// Who made them.
    Author,
}

impl SortKey for SilenceKey {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("ends", Self::Ends),
        ("starts", Self::Starts),
        ("comment", Self::Comment),
        ("author", Self::Author),
    ];
}

/// The order that is asked for. Where none is, what ends next comes first; of what is over, what ended
/// last.
pub(super) fn asked(sheet: &Sheet, state: Option<SilenceState>) -> Sort<SilenceKey> {
    let sort: Sort<SilenceKey> = sheet.sort();
    let over = state == Some(SilenceState::Expired) && sheet.filter(ORDER).is_none();
    Sort {
        descending: sort.descending || over,
        ..sort
    }
}

/// How two silences stand in an order. What comes out equal goes by its end, then by identity.
pub(super) fn compare(sort: Sort<SilenceKey>, a: &Silenced, b: &Silenced) -> Ordering {
    let way = match sort.key {
        SilenceKey::Ends => Ordering::Equal,
        SilenceKey::Starts => a.starts_at.cmp(&b.starts_at),
        SilenceKey::Comment => a.comment.cmp(&b.comment),
        SilenceKey::Author => a.created_by.cmp(&b.created_by),
    };
    let way = way.then_with(|| (a.ends_at, &a.id).cmp(&(b.ends_at, &b.id)));
    if sort.descending { way.reverse() } else { way }
}
