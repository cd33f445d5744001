//! Making senders.

use super::{SenderView, act_for, is_fan_out, require, view_of};
use crate::app::change::{Change, or_taken, sender_json};
use crate::app::policy::Act;
use crate::app::registration::Registered;
use crate::app::tree::Saved as _;
use crate::app::{Actor, App, AppError, users};
use crate::model::{
    Filter, FilterId, LabelName, Problem, Secret, Sender, SenderId, SenderOwner, User, UserId,
};
use crate::store::Tx;

/// Most characters of a filter's value (Promgen's column width).
const MAX_FILTER: usize = 128;

/// A sender to be.
#[derive(Debug, Clone, Copy)]
pub struct NewSender<'a> {
    /// Key of the driver.
    pub driver: &'a str,
    /// Where messages go.
    pub value: &'a str,
    /// What is shown instead of that; empty for none.
    pub alias: &'a str,
    /// Whether it is used from now on.
    pub enabled: bool,
    /// Key of signatures, for drivers that sign.
    pub secret: Option<&'a Secret<String>>,
    /// Names and values of labels.
    pub filters: &'a [(String, String)],
}

/// Adds a sender to a service or project; one of the same driver, value and alias stays as it is, and
/// is answered as found.
/// A user who is subscribed that way and has no sender of their own gets one to their address.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without the role of an
/// editor on it (to subscribe oneself, without any), [`AppError::Invalid`] for a driver that is not
/// part of this program, and for whatever its form refuses.
pub async fn create(
    app: &App,
    actor: &Actor,
    owner: SenderOwner,
    new: &NewSender<'_>,
) -> Result<(SenderView, Registered), AppError> {
    let act = act_for(app, actor, new.driver, new.value);
    create_by(app, actor, act, owner, new).await
}

/// Adds a sender to those by which the actor wants to hear of what they are subscribed to.
///
/// # Errors
/// As for [`create`], and [`AppError::Invalid`] for a driver that stands for a user itself.
pub async fn create_own(
    app: &App,
    actor: &Actor,
    new: &NewSender<'_>,
) -> Result<(SenderView, Registered), AppError> {
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    create_by(app, actor, Act::ChangeSelf, SenderOwner::User(user.id), new).await
}

async fn create_by(
    app: &App,
    actor: &Actor,
    act: Act,
    owner: SenderOwner,
    new: &NewSender<'_>,
) -> Result<(SenderView, Registered), AppError> {
    let (mut change, access) = Change::open(app, actor, act).await?;
    require(app, change.tx(), &access, act, owner).await?;
    let subscriber = check(app, change.tx(), owner, new).await?;
    let found = change
        .tx()
        .find_sender(owner, new.driver, new.value)
        .await?;
    if let Some(there) = found {
        if there.alias == new.alias {
            let view = view_of(app, change.tx(), there).await?;
            return Ok((view, Registered::Found));
        }
        let message = "is there already, with another alias";
        return Err(AppError::invalid("value", message, "delete that one first"));
    }
    let mut sender = Sender {
        id: SenderId(0),
        driver: new.driver.to_owned(),
        value: new.value.to_owned(),
        alias: new.alias.to_owned(),
        owner,
        added_by: actor.user().map(|user| user.id),
        enabled: new.enabled,
        secret: new.secret.cloned(),
        filters: filters(new),
    };
    let inserted = change.tx().insert_sender(&sender).await;
    sender.id = inserted.map_err(|error| or_taken(error, "value"))?;
    change.created(sender.subject(), &sender_json(app, &sender));
    let warnings = match subscriber {
        Some(user) => reach(app, &mut change, &user).await?,
        None => Vec::new(),
    };
    let id = sender.id;
    change.commit().await?;
    let tx = app.store().read_tx().await?;
    // With the ids that its filters were given.
    let stored = tx.load_sender(id).await?.unwrap_or(sender);
    let view = view_of(app, &tx, stored).await?;
    Ok((SenderView { warnings, ..view }, Registered::Created))
}

/// Looks at everything that was given; answers the user who is subscribed, where it is one.
async fn check(
    app: &App,
    tx: &Tx,
    owner: SenderOwner,
    new: &NewSender<'_>,
) -> Result<Option<User>, AppError> {
    let Some(driver) = app.registry().notifier(new.driver) else {
        let keys: Vec<&str> = app
            .registry()
            .notifiers()
            .map(|driver| driver.key)
            .collect();
        let message = if new.driver.is_empty() {
            "no driver is chosen".to_owned()
        } else {
            format!("{:?} is no driver of this program", new.driver)
        };
        let remedy = format!("choose one of {}", keys.join(", "));
        return Err(AppError::invalid("sender", message, remedy));
    };
    let mut problems = driver.check(new.value, new.alias);
    for (name, value) in new.filters {
        problems.extend(check_filter(name, value));
    }
    let secret = new.secret.map(|secret| secret.reveal().as_str());
    if secret.is_some_and(|secret| secret.is_empty() || secret.contains('\0')) {
        let message = "is empty or holds a NUL character";
        problems.push(Problem::error(
            "secret",
            message,
            "give a text, or leave it out",
        ));
    }
    let mut subscriber = None;
    if is_fan_out(driver) {
        if matches!(owner, SenderOwner::User(_)) {
            let message = "stands for a user itself, and cannot be a way to reach one";
            let remedy = "choose a driver that sends";
            problems.push(Problem::error("sender", message, remedy));
        }
        let id: Option<UserId> = new.value.parse().ok();
        let user = match id {
            Some(id) => tx.load_user(id).await?,
            None => None,
        };
        // An id has one spelling, or the same user would be subscribed twice.
        subscriber = user.filter(|user| user.active && user.id.to_string() == new.value);
        if subscriber.is_none() {
            let remedy = "give the id of an active user";
            problems.push(Problem::error("value", "is no user", remedy));
        }
    }
    if problems.is_empty() {
        Ok(subscriber)
    } else {
        Err(AppError::Invalid { problems })
    }
}

/// What a filter must be.
pub(super) fn check_filter(name: &str, value: &str) -> Option<Problem> {
    if let Err(error) = LabelName::parse(name) {
        return Some(Problem::error("filters", error.to_string(), "name a label"));
    }
    let long = |text: &str| text.chars().count() > MAX_FILTER;
    if long(name) || long(value) || value.is_empty() || value.chars().any(char::is_control) {
        let message = format!("{name} has no name and value of 1 to {MAX_FILTER} characters");
        return Some(Problem::error("filters", message, "give them on one line"));
    }
    None
}

fn filters(new: &NewSender<'_>) -> Vec<Filter> {
    let mut pairs: Vec<&(String, String)> = new.filters.iter().collect();
    pairs.sort();
    pairs.dedup();
    let filter = |(name, value): &(String, String)| Filter {
        id: FilterId(0),
        name: name.clone(),
        value: value.clone(),
    };
    pairs.into_iter().map(filter).collect()
}

/// Gives a subscriber without a sender of their own one to their address (spec 01 §6.2).
async fn reach(app: &App, change: &mut Change<'_>, user: &User) -> Result<Vec<Problem>, AppError> {
    let own = change
        .tx()
        .list_senders_of(SenderOwner::User(user.id))
        .await?;
    if !own.is_empty() {
        return Ok(Vec::new());
    }
    if user.email.is_empty() {
        let message = format!(
            "{} has no notifier of their own, and no address",
            user.username
        );
        let remedy = "nothing reaches them until they add one in their profile";
        return Ok(vec![Problem::warning("value", message, remedy)]);
    }
    users::add_personal_email(app, change, user).await?;
    Ok(Vec::new())
}
