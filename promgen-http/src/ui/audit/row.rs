//! An entry of the edit history as a page shows it.

use promgen_core::app::audit::Edit;

use super::changes::Changes;
use super::page_of;
use super::sentence::{action, sentence};
use crate::ui::parts::{Badge, Moment};
use crate::ui::text::Texts;

/// An entry.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Address of the entry.
    pub(super) page: String,
    /// When.
    pub(super) at: Moment,
    /// Who.
    pub(super) who: String,
    /// The edit history of the user behind that.
    pub(super) theirs: Option<String>,
    /// What kind of change it was.
    pub(super) action: Badge,
    /// What happened.
    pub(super) body: String,
    /// The page of the object, or of the one above it.
    pub(super) link: Option<String>,
    /// What changed; none where that is too long for a list.
    pub(super) changes: Option<Changes>,
}

impl Row {
    /// An entry, with what is shown of its changes.
    pub(super) fn new(edit: Edit, changes: Option<Changes>, t: &Texts) -> Self {
        let Edit { view, link } = edit;
        let name = view.name().map(str::to_owned);
        let entry = view.entry;
        Self {
            page: format!("/audit/{}", entry.id),
            at: Moment::new(entry.created, t),
            theirs: match (entry.user, &name) {
                (Some(id), _) => Some(format!("/audit?user={id}")),
                (None, Some(name)) => Some(format!("/audit?user={}", encoded(name))),
                (None, None) => None,
            },
            who: name.unwrap_or_else(|| entry.actor.clone()),
            action: action(&entry, t),
            body: sentence(&entry, t),
            link: link.and_then(page_of),
            changes,
        }
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
