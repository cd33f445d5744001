//! What reaches whoever asks: their subscriptions, and their own senders.

use super::{SenderView, view};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::SenderOwner;
use crate::tree::USER_DRIVER;

/// How somebody hears of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What they are subscribed to, oldest first.
    pub subscriptions: Vec<SenderView>,
    /// The senders that a subscription reaches them by, oldest first.
    pub senders: Vec<SenderView>,
}

/// The subscriptions and the own senders of whoever asks.
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
    let both = [subscriptions.as_slice(), &senders].concat();
    let tree = tx.load_owners_of_senders(&both).await?;
    let viewed = |all: Vec<_>| all.into_iter().map(|one| view(app, &tree, one)).collect();
    Ok(Own {
        subscriptions: viewed(subscriptions),
        senders: viewed(senders),
    })
}
