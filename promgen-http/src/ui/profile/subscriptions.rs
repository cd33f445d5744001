//! What somebody hears of.

use promgen_core::app::senders::{OwnSender, SenderView};
use promgen_core::model::SenderOwner;

use super::HERE;
use crate::ui::parts::{Badge, Chips, Tone};
use crate::ui::text::Texts;

/// A subscription.
pub(super) struct Row {
    pub(super) sender: SenderView,
    /// Whether it may be edited and tested.
    pub(super) may_edit: bool,
    /// The page of what it is to.
    pub(super) link: String,
    pub(super) filters: Chips,
    pub(super) state: Badge,
}

impl Row {
    pub(super) fn new(own: OwnSender, t: &Texts) -> Self {
        let OwnSender {
            view: sender,
            may_edit,
        } = own;
        let link = match sender.owner {
            SenderOwner::Service(id) => format!("/service/{id}"),
            SenderOwner::Project(id) => format!("/project/{id}"),
            SenderOwner::User(_) => HERE.to_owned(),
        };
        let filters = sender.filters.iter();
        let (tone, word) = if sender.enabled {
            (Tone::Good, "profile-on")
        } else {
            (Tone::Plain, "profile-off")
        };
        Self {
            link,
            filters: Chips::plain(filters.map(|one| (one.name.clone(), one.value.clone()))),
            state: Badge::new(tone, t.say(word)),
            sender,
            may_edit,
        }
    }
}
