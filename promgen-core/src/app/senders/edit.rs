//! Changing senders: on and off, filters, and away with them.

use super::create::check_filter;
use super::{SenderView, act_on, load, require, view_of};
use crate::app::change::{Change, or_taken, sender_json};
use crate::app::policy::Act;
use crate::app::tree::Saved as _;
use crate::app::{Actor, App, AppError};
use crate::model::{Filter, FilterId, Sender, SenderId};

/// Turns a sender on or off, or leaves it as it is.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Forbidden`] without the role of an editor on what it
/// belongs to; for one's own subscription it takes no more than to see that.
pub async fn enable(
    app: &App,
    actor: &Actor,
    id: SenderId,
    enabled: Option<bool>,
) -> Result<SenderView, AppError> {
    let (change, before) = open(app, actor, id).await?;
    let after = Sender {
        enabled: enabled.unwrap_or(before.enabled),
        ..before.clone()
    };
    update(app, change, before, after).await
}

/// Gives a sender another alias. One that has an alias keeps one: without it, everybody who sees the
/// sender would see its value.
///
/// # Errors
/// As for [`enable`], and [`AppError::Invalid`] for an alias that its driver does not take.
pub async fn set_alias(
    app: &App,
    actor: &Actor,
    id: SenderId,
    alias: &str,
) -> Result<SenderView, AppError> {
    let (change, before) = open(app, actor, id).await?;
    if alias.is_empty() && !before.alias.is_empty() {
        let message = "hides the value, and cannot be taken away";
        let remedy = "give another alias, or delete the notifier and register it anew";
        return Err(AppError::invalid("alias", message, remedy));
    }
    if let Some(driver) = app.registry().notifier(&before.driver) {
        let mut problems = driver.check(&before.value, alias);
        problems.retain(|problem| problem.field == "alias");
        if !problems.is_empty() {
            return Err(AppError::Invalid { problems });
        }
    }
    let after = Sender {
        alias: alias.to_owned(),
        ..before.clone()
    };
    update(app, change, before, after).await
}

/// Adds a filter; one that is there already stays.
///
/// # Errors
/// As for [`enable`], and [`AppError::Invalid`] for a name or value that cannot be.
pub async fn add_filter(
    app: &App,
    actor: &Actor,
    id: SenderId,
    name: &str,
    value: &str,
) -> Result<SenderView, AppError> {
    let (change, before) = open(app, actor, id).await?;
    if let Some(problem) = check_filter(name, value) {
        return Err(AppError::Invalid {
            problems: vec![problem],
        });
    }
    let mut after = before.clone();
    if !before
        .filters
        .iter()
        .any(|one| one.name == name && one.value == value)
    {
        after.filters.push(Filter {
            id: FilterId(0),
            name: name.to_owned(),
            value: value.to_owned(),
        });
    }
    update(app, change, before, after).await
}

/// Removes a filter of a sender.
///
/// # Errors
/// As for [`enable`], and [`AppError::NotFound`] for a filter that is none of this sender's.
pub async fn remove_filter(
    app: &App,
    actor: &Actor,
    id: SenderId,
    filter: FilterId,
) -> Result<SenderView, AppError> {
    let (change, before) = open(app, actor, id).await?;
    if !before.filters.iter().any(|one| one.id == filter) {
        return Err(AppError::not_found("filter", &filter));
    }
    let mut after = before.clone();
    after.filters.retain(|one| one.id != filter);
    update(app, change, before, after).await
}

/// Deletes a sender with its filters.
///
/// # Errors
/// As for [`enable`].
pub async fn delete(app: &App, actor: &Actor, id: SenderId) -> Result<(), AppError> {
    let (mut change, sender) = open(app, actor, id).await?;
    change.tx().delete_sender(id).await?;
    change.deleted(sender.subject(), &sender_json(app, &sender));
    change.commit().await
}

/// Begins a change of a sender that takes an editor, or whose own it is.
async fn open<'a>(
    app: &'a App,
    actor: &'a Actor,
    id: SenderId,
) -> Result<(Change<'a>, Sender), AppError> {
    // Which act it is shows when the sender is read; all need the same scope.
    let (change, access) = Change::open(app, actor, Act::Edit).await?;
    let sender = load(&change, id).await?;
    let act = act_on(app, actor, &sender);
    require(app, change.tx(), &access, act, sender.owner).await?;
    Ok((change, sender))
}

async fn update(
    app: &App,
    mut change: Change<'_>,
    before: Sender,
    after: Sender,
) -> Result<SenderView, AppError> {
    if after == before {
        return view_of(app, change.tx(), after).await;
    }
    let updated = change.tx().update_sender(&after).await;
    updated.map_err(|error| or_taken(error, "filters"))?;
    // With the id that a new filter was given.
    let after = load(&change, after.id).await?;
    change.updated(
        after.subject(),
        &sender_json(app, &before),
        &sender_json(app, &after),
    );
    let view = view_of(app, change.tx(), after).await?;
    change.commit().await?;
    Ok(view)
}
