//! Making one user of two (spec 09 §10), all of it or nothing.

use super::accounts::groups as groups_of;
use super::change::keep_one;
use crate::app::change::Change;
use crate::app::login::linked_as;
use crate::app::losses::{self, Loss};
use crate::app::policy::{Access, Act};
use crate::app::roles::{self, Holder, Object, put};
use crate::app::subscriptions::is_same;
use crate::app::tree::Saved as _;
use crate::app::{Actor, App, AppError, senders};
use crate::model::{
    Grantee, LinkedIdentity, Member, Members, Project, Sender, SenderOwner, Service, User, UserId,
};
use crate::store::Tx;
use crate::tree::USER_DRIVER;

/// What became of two users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Who is gone.
    pub from: User,
    /// Who has it all.
    pub into: User,
}

/// Gives everything that one user has to another one, and deletes the first: what they own and added,
/// the identities that they log in by, subscriptions, personal senders, groups and roles, of which the greater ones count. Tokens and the
/// password of the first are gone with them.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] when there is no user to
/// be merged, [`AppError::Invalid`] when there is nobody to be merged into, when both are the same, and
/// for whoever would delete themselves.
pub async fn merge(
    app: &App,
    actor: &Actor,
    from: UserId,
    into: UserId,
) -> Result<Merged, AppError> {
    let (change, _) = Change::open(app, actor, Act::Administer).await?;
    let (old, kept) = pair(change.tx(), actor, from, into).await?;
    keep_one(&change, &old).await?;
    let mut merge = Merge {
        change,
        from: old,
        into: kept,
    };
    merge.identities().await?;
    merge.groups().await?;
    merge.roles().await?;
    merge.services().await?;
    merge.projects().await?;
    merge.senders().await?;
    merge.finish().await
}

/// What a merge would move and end: what a form tells before it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merging {
    /// Who would be gone.
    pub from: User,
    /// Who would have it all.
    pub into: User,
    /// What goes over: services, projects, roles, groups, personal senders and subscriptions.
    pub goes: Vec<Loss>,
    /// What ends with the account: sessions and tokens.
    pub ends: Vec<Loss>,
}

/// What [`merge`] of these two would do.
///
/// # Errors
/// As [`merge`], but that it does not look for the last superuser.
pub async fn merging(
    app: &App,
    actor: &Actor,
    from: UserId,
    into: UserId,
) -> Result<Merging, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    let (old, kept) = pair(&tx, actor, from, into).await?;
    let own = tx.list_senders_of(SenderOwner::User(from)).await?;
    let subscribed = tx.list_subscriptions(USER_DRIVER, &[from]).await?;
    let reached = losses::first([own, subscribed].concat());
    let resources = roles::resources(&tx, Grantee::User(from), losses::FIRST).await?;
    Ok(Merging {
        goes: losses::some([
            Loss::Services(losses::first(tx.list_services_owned_by(from).await?)),
            Loss::Projects(losses::first(tx.list_projects_owned_by(from).await?)),
            Loss::Resources(resources),
            Loss::Groups(losses::first(groups_of(&tx, from).await?)),
            Loss::Senders(senders::viewed(app, &tx, reached).await?),
        ]),
        ends: losses::of_login(app, &tx, from).await?,
        from: old,
        into: kept,
    })
}

/// The users of a merge, if they may be merged.
async fn pair(
    tx: &Tx,
    actor: &Actor,
    from: UserId,
    into: UserId,
) -> Result<(User, User), AppError> {
    let old = tx.load_user(from).await?;
    let old = old.ok_or_else(|| AppError::not_found("user", &from))?;
    let kept = tx.load_user(into).await?;
    let kept = kept.ok_or_else(|| {
        let message = format!("there is no user with id {into}");
        AppError::invalid("into", message, "/rest/v2/users lists them")
    })?;
    if from == into {
        let message = "is the user who is to be merged";
        return Err(AppError::invalid("into", message, "name another one"));
    }
    if actor.user().is_some_and(|user| user.id == from) {
        let message = "this would delete you yourself";
        return Err(AppError::invalid("", message, "ask another superuser"));
    }
    Ok((old, kept))
}

struct Merge<'a> {
    change: Change<'a>,
    from: User,
    into: User,
}

impl Merge<'_> {
    /// Whoever logged in as the first user by another site is the second one from here on.
    async fn identities(&mut self) -> Result<(), AppError> {
        for before in self.change.tx().list_identities(self.from.id).await? {
            let after = LinkedIdentity {
                user: self.into.id,
                ..before.clone()
            };
            self.change.tx().move_identity(after.id, after.user).await?;
            let subject = linked_as(&after, &self.into);
            self.change.updated(subject, &before, &after);
        }
        Ok(())
    }

    async fn groups(&mut self) -> Result<(), AppError> {
        let present = self.change.tx().list_memberships(self.into.id).await?;
        for member in self.change.tx().list_memberships(self.from.id).await? {
            let same = present.iter().find(|one| one.group == member.group);
            if same.is_some_and(|one| one.role >= member.role) {
                continue;
            }
            let moved = Member {
                user: self.into.id,
                ..member
            };
            self.change.tx().put_member(moved).await?;
            if let Some(group) = self.change.tx().load_group(member.group).await? {
                self.change.added(Members::Users, group.subject(), &[moved]);
            }
        }
        Ok(())
    }

    async fn roles(&mut self) -> Result<(), AppError> {
        let to = Grantee::User(self.into.id);
        for grant in self
            .change
            .tx()
            .list_grants_to(Grantee::User(self.from.id))
            .await?
        {
            let present = self.change.tx().find_grant(grant.on, to).await?;
            let role = present.map_or(grant.role, |one| one.role.max(grant.role));
            let object = Object::load(self.change.tx(), grant.on).await?;
            let holder = Holder::User(self.into.clone());
            put(&mut self.change, &object, &holder, role).await?;
        }
        Ok(())
    }

    async fn services(&mut self) -> Result<(), AppError> {
        for before in self
            .change
            .tx()
            .list_services_owned_by(self.from.id)
            .await?
        {
            let after = Service {
                owner: Some(self.into.id),
                ..before.clone()
            };
            self.change.tx().update_service(&after).await?;
            self.change.note_updated(&before, &after);
        }
        Ok(())
    }

    async fn projects(&mut self) -> Result<(), AppError> {
        for before in self
            .change
            .tx()
            .list_projects_owned_by(self.from.id)
            .await?
        {
            let after = Project {
                owner: Some(self.into.id),
                ..before.clone()
            };
            self.change.tx().update_project(&after).await?;
            self.change.note_updated(&before, &after);
        }
        Ok(())
    }

    /// Those that they added, the personal ones, and the subscriptions, each of which may be several of
    /// these.
    async fn senders(&mut self) -> Result<(), AppError> {
        let tx = self.change.tx();
        let mut all = tx.list_senders_added_by(self.from.id).await?;
        all.extend(tx.list_senders_of(SenderOwner::User(self.from.id)).await?);
        all.extend(tx.list_subscriptions(USER_DRIVER, &[self.from.id]).await?);
        all.sort_by_key(|sender| sender.id);
        all.dedup_by_key(|sender| sender.id);
        for before in all {
            let after = self.moved(&before);
            let present = self.change.tx().list_senders_of(after.owner).await?;
            let double = |one: &Sender| one.id != after.id && is_same(one, &after);
            if present.iter().any(double) {
                self.change.tx().delete_sender(before.id).await?;
                self.change.note_deleted(&before);
            } else {
                self.change.tx().update_sender(&after).await?;
                self.change.note_updated(&before, &after);
            }
        }
        Ok(())
    }

    fn moved(&self, before: &Sender) -> Sender {
        let mut after = before.clone();
        if after.owner == SenderOwner::User(self.from.id) {
            after.owner = SenderOwner::User(self.into.id);
        }
        if after.added_by == Some(self.from.id) {
            after.added_by = Some(self.into.id);
        }
        if after.driver == USER_DRIVER && after.value == self.from.id.to_string() {
            after.value = self.into.id.to_string();
        }
        after
    }

    async fn finish(mut self) -> Result<Merged, AppError> {
        self.change.tx().delete_user(self.from.id).await?;
        self.change.note_deleted(&self.from);
        self.change.commit().await?;
        Ok(Merged {
            from: self.from,
            into: self.into,
        })
    }
}
