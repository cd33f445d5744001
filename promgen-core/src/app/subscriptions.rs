//! Subscriptions of people to services and projects: made for owners, and taken from whoever sees
//! the object no more (spec 01 §6.2).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::change::Change;
use super::policy::Access;
use super::{Actor, App, AppError};
use crate::model::{Sender, SenderId, SenderOwner, UserId};
use crate::tree::USER_DRIVER;

/// Has a user hear about the alerts of an object, unless they do already.
pub(super) async fn subscribe(
    change: &mut Change<'_>,
    to: SenderOwner,
    user: UserId,
) -> Result<(), AppError> {
    let mut subscription = Sender {
        id: SenderId(0),
        driver: USER_DRIVER.to_owned(),
        value: user.to_string(),
        alias: String::new(),
        owner: to,
        added_by: Some(user),
        enabled: true,
        secret: None,
        filters: Vec::new(),
    };
    let present = change.tx().list_senders_of(to).await?;
    if present.iter().any(|sender| is_same(sender, &subscription)) {
        return Ok(());
    }
    subscription.id = change.tx().insert_sender(&subscription).await?;
    change.note_created(&subscription);
    Ok(())
}

/// Ends the subscriptions of users to what they see no more, after they lost a role; answers those.
pub(super) async fn end_unseen(
    app: &App,
    change: &mut Change<'_>,
    users: &[UserId],
) -> Result<Vec<Sender>, AppError> {
    let theirs = change.tx().list_subscriptions(USER_DRIVER, users).await?;
    end(app, change, theirs).await
}

/// Ends the subscriptions to an object of whoever sees it no more, after it was moved.
pub(super) async fn end_unseen_of(
    app: &App,
    change: &mut Change<'_>,
    object: SenderOwner,
) -> Result<Vec<Sender>, AppError> {
    let mut of_it = change.tx().list_senders_of(object).await?;
    of_it.retain(|sender| sender.driver == USER_DRIVER);
    end(app, change, of_it).await
}

async fn end(
    app: &App,
    change: &mut Change<'_>,
    subscriptions: Vec<Sender>,
) -> Result<Vec<Sender>, AppError> {
    let mut known: BTreeMap<UserId, Access> = BTreeMap::new();
    let mut ended = Vec::new();
    for subscription in subscriptions {
        let Ok(user) = subscription.value.parse::<UserId>() else {
            continue;
        };
        let access = match known.entry(user) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let Some(who) = change.tx().load_user(user).await? else {
                    continue;
                };
                unknown.insert(Access::load(app, change.tx(), &Actor::User(who)).await?)
            }
        };
        if !sees(change, access, subscription.owner).await? {
            change.tx().delete_sender(subscription.id).await?;
            change.note_deleted(&subscription);
            ended.push(subscription);
        }
    }
    Ok(ended)
}

async fn sees(change: &Change<'_>, access: &Access, object: SenderOwner) -> Result<bool, AppError> {
    Ok(match object {
        SenderOwner::Service(id) => access.on_service(id).is_some(),
        SenderOwner::Project(id) => {
            let project = change.tx().load_project(id).await?;
            project.is_some_and(|one| access.on_project(one.id, one.service).is_some())
        }
        SenderOwner::User(_) => true,
    })
}

pub(super) fn is_same(one: &Sender, other: &Sender) -> bool {
    (one.owner, &one.driver, &one.value) == (other.owner, &other.driver, &other.value)
}
