//! Sending a sample, to see whether it arrives. No alert comes of it, and nothing is counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{act_on, is_fan_out, require, sample};
use crate::alert::Message;
use crate::app::change::is_secret;
use crate::app::policy::{Access, Act};
use crate::app::writer::masked;
use crate::app::{Actor, App, AppError};
use crate::egress::{EgressContext, Exchange};
use crate::model::{AlertId, DeliveryId, Secret, Sender, SenderId, SenderOwner, UserId};
use crate::plugin::{NotifyContext, NotifyError, Target};
use crate::store::Tx;

/// What came of a sample to one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The sender; behind a subscription, one of the user's own.
    pub sender: SenderId,
    /// Key of its driver.
    pub driver: String,
    /// Whether the destination took it.
    pub sent: bool,
    /// What it said, or why not, without secrets.
    pub message: String,
    /// How long that took.
    pub took: Duration,
}

/// Sends a sample through a sender, at once and once. A subscription goes to all enabled senders of
/// its user; without any, nothing is tried.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Forbidden`] without the role of an editor on what it
/// belongs to (one's own subscription may be tried without). That a destination fails is an answer and
/// no error.
pub async fn test(app: &App, actor: &Actor, id: SenderId) -> Result<Vec<Tried>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Edit, app.settings())?;
    let sender = tx.load_sender(id).await?;
    let sender = sender.ok_or_else(|| AppError::not_found("notifier", &id))?;
    let act = act_on(app, actor, &sender);
    require(app, &tx, &access, act, sender.owner).await?;
    let tree = tx
        .load_owners_of_senders(std::slice::from_ref(&sender))
        .await?;
    let owner_name = super::view(app, &tree, sender.clone()).owner_name;
    let link = format!("{}://{}/", app.settings().scheme.as_str(), tree.site.domain);
    let message = sample::message(sender.owner, &owner_name, &link, app.now());
    let destinations = destinations(app, &tx, sender).await?;
    drop(tx);
    let message = Arc::new(message);
    let tries = destinations
        .into_iter()
        .map(|sender| attempt(app, sender, &message));
    Ok(futures_util::future::join_all(tries).await)
}

/// The senders behind a sender: itself, or those of the user that it stands for.
async fn destinations(app: &App, tx: &Tx, sender: Sender) -> Result<Vec<Sender>, AppError> {
    let driver = app.registry().notifier(&sender.driver);
    if !driver.is_some_and(is_fan_out) {
        return Ok(vec![sender]);
    }
    let user: Option<UserId> = sender.value.parse().ok();
    let mut own = match user {
        Some(user) => tx.list_senders_of(SenderOwner::User(user)).await?,
        None => Vec::new(),
    };
    own.retain(|sender| sender.enabled);
    Ok(own)
}

async fn attempt(app: &App, sender: Sender, message: &Message) -> Tried {
    // The monotonic clock, for a duration only.
    let begun = Instant::now();
    let deadline = app.settings().delivery.timeout;
    let sending = tokio::time::timeout(deadline, send(app, &sender, message.clone(), deadline));
    let outcome = sending.await.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", deadline.as_secs_f64());
        Err(NotifyError::Permanent { message })
    });
    let (sent, said) = match outcome {
        Ok(note) => (true, note),
        Err(error) => (false, error.to_string()),
    };
    let alias = if is_secret(app, &sender) {
        "hidden"
    } else {
        ""
    };
    Tried {
        sender: sender.id,
        sent,
        message: masked(&said, &sender.value, alias),
        driver: sender.driver,
        took: begun.elapsed(),
    }
}

async fn send(
    app: &App,
    sender: &Sender,
    message: Message,
    deadline: Duration,
) -> Result<String, NotifyError> {
    let driver = app.driver(&sender.driver)?;
    let context = EgressContext {
        client: app.egress().clone(),
        message,
        further: Vec::new(),
        alert: AlertId(0),
        delivery: DeliveryId(0),
        attempt: 1,
        now: app.now(),
        deadline,
        exchange: Exchange::default(),
    };
    let target = Target {
        value: Secret::new(sender.value.clone()),
        secret: sender.secret.clone(),
    };
    let receipt = driver.send(&context as &dyn NotifyContext, &target).await?;
    Ok(receipt.note)
}
