//! Users as superusers see them: how they log in, what they have.

use crate::app::policy::{Access, Act};
use crate::app::roles::{self, Resource};
use crate::app::{Actor, App, AppError, Listed, Part, Slice, Sort, sessions};
use crate::model::{Grantee, Group, GroupRole, LinkedIdentity, Session, Token, UserId};
pub use crate::store::{Account, AccountFilter};
use crate::store::{AccountKey, ResourceKey, Tx};

/// All that is known of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// The user.
    pub account: Account,
    /// Some of the roles of their own, on services, then on projects.
    pub roles: Listed<Resource>,
    /// Their groups, by name, with what they may do there.
    pub groups: Vec<(Group, GroupRole)>,
    /// Whom login backends know them as.
    pub identities: Vec<LinkedIdentity>,
    /// Sessions that have not ended, the latest first.
    pub sessions: Vec<Session>,
    /// Tokens, oldest first; revoked and expired ones too.
    pub tokens: Vec<Token>,
}

/// A slice of the accounts.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn accounts(
    app: &App,
    actor: &Actor,
    filter: &AccountFilter<'_>,
    sort: Sort<AccountKey>,
    slice: Slice,
) -> Result<Listed<Account>, AppError> {
    let tx = begin(app, actor).await?;
    Ok(tx.page_accounts(filter, sort, slice).await?)
}

/// The account of a user, with a slice of their roles.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] for an unknown user.
pub async fn account(
    app: &App,
    actor: &Actor,
    id: UserId,
    part: impl Into<Part<ResourceKey>>,
) -> Result<AccountView, AppError> {
    let part = part.into();
    let tx = begin(app, actor).await?;
    let account = tx.load_account(id).await?;
    let account = account.ok_or_else(|| AppError::not_found("user", &id))?;
    Ok(AccountView {
        account,
        roles: roles::resources(&tx, Grantee::User(id), part).await?,
        groups: groups(&tx, id).await?,
        identities: tx.list_identities(id).await?,
        sessions: sessions::open_ones(app, &tx, id).await?,
        tokens: tx.list_tokens_of(id).await?,
    })
}

/// The groups of a user, by name, with what they may do there.
pub(super) async fn groups(tx: &Tx, user: UserId) -> Result<Vec<(Group, GroupRole)>, AppError> {
    let members = tx.list_memberships(user).await?;
    let ids: Vec<_> = members.iter().map(|member| member.group).collect();
    let named = tx
        .page_groups(Some(&ids), None, Sort::default(), Slice::ALL)
        .await?
        .items;
    let role = |group: &Group| members.iter().find(|member| member.group == group.id);
    let with_roles = named.into_iter().filter_map(|group| {
        let role = role(&group)?.role;
        Some((group, role))
    });
    Ok(with_roles.collect())
}

async fn begin(app: &App, actor: &Actor) -> Result<Tx, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    Ok(tx)
}
