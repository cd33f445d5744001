//! What somebody hears of, and by what: subscriptions and personal notifiers.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::senders::{self, NewSender, OwnSender, SenderView};
use promgen_core::model::SenderOwner;

use super::HERE;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted};
use crate::ui::parts::{Badge, Chips, Tone};
use crate::ui::text::Texts;

/// A subscription, or a personal notifier.
pub(super) struct Row {
    pub(super) sender: SenderView,
    /// Whether it may be edited and tested.
    pub(super) may_edit: bool,
    /// The page of what it belongs to; a personal one has none.
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

    /// What is shown of where it goes.
    pub(super) fn shown(&self) -> &str {
        let value = self.sender.value.as_deref().unwrap_or_default();
        if self.sender.alias.is_empty() {
            value
        } else {
            &self.sender.alias
        }
    }
}

/// `POST /profile`: a notifier of one's own.
pub(super) async fn register(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let new = NewSender {
        driver: form.text("sender"),
        value: form.text("value").trim(),
        alias: form.text("alias").trim(),
        enabled: true,
        secret: None,
        filters: &[],
    };
    let there = format!("{HERE}#notifiers");
    match senders::create_own(&server.app, viewer.actor(), &new).await {
        Ok(_) => {
            let text = viewer.t().say("profile-notifier-made");
            Ok(viewer.back_to(there, Notice::success(text)))
        }
        Err(AppError::Invalid { problems }) => {
            let notices = problems.iter().take(3);
            let notices: Vec<Notice> = notices
                .map(|problem| Notice::error(problem.to_string()))
                .collect();
            Ok(viewer.back_with(there, &notices))
        }
        Err(error) => Err(error.into()),
    }
}
