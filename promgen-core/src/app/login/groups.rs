//! Memberships that come from claims.

use std::collections::BTreeSet;

use crate::app::change::{Change, Subject};
use crate::app::{App, AppError};
use crate::model::{AuditKind, Group, GroupId, GroupRole, IdentityId, Member, Members, User};

/// Brings the memberships of a user to what an issuer claims. With no claim at all they stay.
///
/// A claim leads to the group that `login.groups` names for it, or, where that names none at all,
/// to the group of the same name. Groups that do not exist are not made. What the identity did not
/// bring stays: memberships given by hand, and those by other identities.
pub(super) async fn sync(
    app: &App,
    change: &mut Change<'_>,
    identity: IdentityId,
    user: &User,
    claims: Option<&BTreeSet<String>>,
) -> Result<(), AppError> {
    let Some(claims) = claims else {
        return Ok(());
    };
    let wanted = meant(app, change, claims).await?;
    let brought = change.tx().list_claimed(identity).await?;
    let memberships = change.tx().list_memberships(user.id).await?;
    let is_in = |group: GroupId| memberships.iter().any(|one| one.group == group);
    for group in &wanted {
        // One who is in it already was put there by somebody else, and stays when the claim goes.
        if !is_in(group.id) {
            let member = Member {
                group: group.id,
                user: user.id,
                role: GroupRole::Member,
            };
            change.tx().put_member(member).await?;
            if !brought.contains(&group.id) {
                change.tx().insert_claimed(identity, group.id).await?;
            }
            change.added(Members::Users, subject(group), &[&user.username]);
        }
    }
    for gone in brought {
        if wanted.iter().any(|group| group.id == gone) {
            continue;
        }
        change.tx().delete_claimed(identity, gone).await?;
        let by_others = change.tx().is_claimed(user.id, gone).await?;
        if let Some(group) = change.tx().load_group(gone).await?
            && is_in(gone)
            && !by_others
        {
            change.tx().delete_member(gone, user.id).await?;
            change.removed(Members::Users, subject(&group), &[&user.username]);
        }
    }
    Ok(())
}

fn subject(group: &Group) -> Subject {
    Subject::new(AuditKind::Group, group.id.0, &group.name)
}

/// The groups that claims stand for, sorted by id.
async fn meant(
    app: &App,
    change: &Change<'_>,
    claims: &BTreeSet<String>,
) -> Result<Vec<Group>, AppError> {
    let names = &app.settings().login.groups;
    let mut groups = change.tx().list_groups().await?;
    let stands = |claim: &String, group: &Group| match names.get(claim) {
        Some(name) => *name == group.name,
        None => names.is_empty() && *claim == group.name,
    };
    groups.retain(|group| claims.iter().any(|claim| stands(claim, group)));
    Ok(groups)
}
