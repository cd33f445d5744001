//! From an identity to an account, and back.
//!
//! Issuer and subject alone lead to an account. A user name or an address that fits somebody
//! else's never does: whoever can choose either at a provider could else take over that account.

use std::collections::BTreeSet;

use super::groups;
use super::throttle::canonical;
use crate::app::change::{Change, Subject};
use crate::app::users::{self, add_personal_email};
use crate::app::{Actor, App, AppError, Right};
use crate::model::{AuditKind, Called, IdentityId, LinkedIdentity, User, UserId};
use crate::plugin::Identity;
use crate::store::{StoreError, Tx};

/// Longest issuer and subject.
const MOST_CHARS: usize = 255;

/// Longest user name and name, as the database has them.
const NAME_CHARS: usize = 150;

/// The user of an identity. An identity that nobody has is linked to whoever is logged in, or gets
/// an account of its own where `login.create_users` says so.
pub(super) async fn user_of(
    app: &App,
    actor: &Actor,
    backend: &str,
    identity: &Identity,
) -> Result<(User, IdentityId), AppError> {
    check(identity)?;
    match find_or_link(app, actor, backend, identity).await {
        // Two first logins at once: the other one has just linked it.
        Err(AppError::Store {
            source: StoreError::Unique,
        }) => find_or_link(app, actor, backend, identity).await,
        other => other,
    }
}

async fn find_or_link(
    app: &App,
    actor: &Actor,
    backend: &str,
    identity: &Identity,
) -> Result<(User, IdentityId), AppError> {
    let mut change = Change::begin(app, &Actor::System, Right::Administer).await?;
    let linked = change
        .tx()
        .find_identity(&identity.issuer, &identity.subject)
        .await?;
    let (id, user) = if let Some(linked) = linked {
        let user = known(change.tx(), linked.user).await?;
        refuse_another(actor, &user)?;
        (linked.id, user)
    } else {
        let user = newcomer(app, actor, &mut change, identity).await?;
        (link(&mut change, backend, identity, &user).await?, user)
    };
    if user.active {
        groups::sync(app, &mut change, id, &user, identity.groups.as_ref()).await?;
    }
    change.commit().await?;
    Ok((user, id))
}

/// Whose account a new identity leads to.
async fn newcomer(
    app: &App,
    actor: &Actor,
    change: &mut Change<'_>,
    identity: &Identity,
) -> Result<User, AppError> {
    match actor {
        Actor::User(user) => Ok(user.clone()),
        _ if app.settings().login.create_users => create(app, change, identity).await,
        _ => Err(nobody()),
    }
}

/// Whoever is logged in and shows an identity of somebody else is told, not silently switched.
fn refuse_another(actor: &Actor, user: &User) -> Result<(), AppError> {
    match actor {
        Actor::User(other) if other.id != user.id => Err(AppError::LoginRefused {
            message: "this identity belongs to another account; log out first".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn nobody() -> AppError {
    AppError::LoginRefused {
        message: "nobody here has this identity, and no accounts are made for new ones".to_owned(),
    }
}

/// What a backend must say, whoever wrote it.
fn check(identity: &Identity) -> Result<(), AppError> {
    let fits =
        |text: &str| (1..=MOST_CHARS).contains(&text.chars().count()) && !text.contains('\0');
    if fits(&identity.issuer) && fits(&identity.subject) {
        return Ok(());
    }
    Err(AppError::Internal {
        message: "a login backend named an issuer or subject of no use".to_owned(),
    })
}

async fn known(tx: &Tx, id: UserId) -> Result<User, AppError> {
    let user = tx.load_user(id).await?;
    user.ok_or_else(|| AppError::not_found("user", &id))
}

async fn link(
    change: &mut Change<'_>,
    backend: &str,
    identity: &Identity,
    user: &User,
) -> Result<IdentityId, AppError> {
    let mut linked = LinkedIdentity {
        id: IdentityId(0),
        user: user.id,
        backend: backend.to_owned(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        created: change.at(),
        last_login: change.at(),
    };
    linked.id = change.tx().insert_identity(&linked).await?;
    change.created(subject(&linked, user), &linked);
    Ok(linked.id)
}

pub(in crate::app) fn subject(linked: &LinkedIdentity, user: &User) -> Subject {
    let name = Called::Of {
        name: &linked.backend,
        owner: &user.username,
    };
    Subject::new(AuditKind::Identity, linked.id.0, name.to_string())
        .below(AuditKind::User, user.id.0)
}

/// Makes an account. An address that the issuer has not verified may be somebody else's, and so is
/// not kept.
async fn create(app: &App, change: &mut Change<'_>, identity: &Identity) -> Result<User, AppError> {
    let verified = identity.email_verified && users::check_email(&identity.email).is_ok();
    let short = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(NAME_CHARS)
            .collect()
    };
    let mut user = User {
        id: UserId(0),
        username: free_name(change.tx(), &identity.username).await?,
        email: if verified {
            identity.email.clone()
        } else {
            String::new()
        },
        first_name: short(&identity.first_name),
        last_name: short(&identity.last_name),
        superuser: false,
        active: true,
        created: change.at(),
        timezone: None,
        language: None,
    };
    user.id = change.tx().insert_user(&user).await?;
    change.created(
        Subject::new(AuditKind::User, user.id.0, &user.username),
        &user,
    );
    if !user.email.is_empty() {
        add_personal_email(app, change, &user).await?;
    }
    Ok(user)
}

/// The suggested name, or one like it that nobody has. Names that differ by spelling only count as
/// taken: people would mistake one for the other.
async fn free_name(tx: &Tx, wanted: &str) -> Result<String, AppError> {
    let legal = |c: char| if users::is_legal(c) { c } else { '_' };
    let wanted: String = wanted
        .trim()
        .chars()
        .map(legal)
        .take(NAME_CHARS - 10)
        .collect();
    let wanted = if wanted.is_empty() {
        "user".to_owned()
    } else {
        wanted
    };
    let taken: BTreeSet<String> = tx
        .list_users()
        .await?
        .iter()
        .map(|user| canonical(&user.username))
        .collect();
    let free = |name: &String| !taken.contains(&canonical(name));
    let numbered = (2..=u32::MAX).map(|number| format!("{wanted}{number}"));
    let mut names = std::iter::once(wanted.clone()).chain(numbered);
    names.find(free).ok_or_else(|| AppError::Internal {
        message: "every user name is taken".to_owned(),
    })
}

/// The identities of whoever asks.
///
/// # Errors
/// [`AppError::Unauthenticated`] for anybody but a user.
pub async fn identities(app: &App, actor: &Actor) -> Result<Vec<LinkedIdentity>, AppError> {
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    let tx = app.store().read_tx().await?;
    Ok(tx.list_identities(user.id).await?)
}

/// Unlinks the identities that a backend gave to whoever asks, takes back the memberships that they
/// brought, and ends the logins by that backend.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, [`AppError::Invalid`] when it is the last way in.
pub async fn disconnect(app: &App, actor: &Actor, backend: &str) -> Result<(), AppError> {
    let mut change = Change::begin(app, actor, Right::TakePart).await?;
    let user = actor.user().cloned().ok_or(AppError::Unauthenticated)?;
    let all = change.tx().list_identities(user.id).await?;
    let (gone, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.backend == backend);
    if gone.is_empty() {
        return Err(AppError::not_found("identity of", backend));
    }
    if left.is_empty() && is_only_way_in(change.tx(), user.id).await? {
        let message = "is the only way in to this account";
        return Err(AppError::invalid(
            "backend",
            message,
            "set a password first",
        ));
    }
    for linked in gone {
        let none = BTreeSet::new();
        groups::sync(app, &mut change, linked.id, &user, Some(&none)).await?;
        change.tx().delete_identity(linked.id).await?;
        change.deleted(subject(&linked, &user), &linked);
    }
    change.tx().delete_sessions_by(user.id, backend).await?;
    change.commit().await
}

/// Whether somebody without any other identity could not log in any more.
pub(in crate::app) async fn is_only_way_in(tx: &Tx, user: UserId) -> Result<bool, AppError> {
    Ok(tx.find_password(user).await?.is_none())
}
