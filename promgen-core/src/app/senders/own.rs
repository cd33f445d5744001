//! What reaches whoever asks.

use super::{SenderView, act_on, view};
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{Sender, SenderOwner};
use crate::tree::USER_DRIVER;

/// A subscription, and what may be done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSender {
    /// The sender.
    pub view: SenderView,
    /// Whether its filters may be changed, a sample sent, and it be ended: as long as one sees what it
    /// is to.
    pub may_edit: bool,
}

/// How somebody hears of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What they are subscribed to, oldest first.
    pub subscriptions: Vec<OwnSender>,
    /// How many senders there are that a subscription reaches them by.
    pub senders: usize,
}

/// The subscriptions of whoever asks.
///
/// # Errors
/// [`AppError::Unauthenticated`] for anybody but a user.
pub async fn own(app: &App, actor: &Actor) -> Result<Own, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSelf, app.settings())?;
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    let subscriptions = tx.list_subscriptions(USER_DRIVER, &[user.id]).await?;
    let senders = tx.list_senders_of(SenderOwner::User(user.id)).await?;
    let tree = tx.load_owners_of_senders(&subscriptions).await?;
    let one = |sender: Sender| {
        let (on, act) = (On::sender(&sender, &tree), act_on(app, actor, &sender));
        OwnSender {
            may_edit: on.is_some_and(|on| access.require_on(act, on, app.settings()).is_ok()),
            view: view(app, &tree, sender),
        }
    };
    Ok(Own {
        subscriptions: subscriptions.into_iter().map(one).collect(),
        senders: senders.len(),
    })
}
