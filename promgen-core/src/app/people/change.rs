//! Making users and changing what is known of them.

use crate::app::change::Change;
use crate::app::input::{both, check_line};
use crate::app::policy::Act;
use crate::app::users::{EMAIL_DRIVER, add_personal_email, check_email, check_username, new_hash};
use crate::app::{Actor, App, AppError};
use crate::model::{Language, Problem, Secret, SenderOwner, User, UserId, Zone};
use crate::store::Tx;

/// Most characters of a given or family name.
const MOST_CHARS: usize = 150;

/// Most characters of an address (RFC 5321 §4.5.3.1).
const MOST_EMAIL_CHARS: usize = 254;

/// A user to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NewUser<'a> {
    /// Login name.
    pub username: &'a str,
    /// Address, may be empty; it becomes their first personal sender.
    pub email: &'a str,
    /// Given name, may be empty.
    pub first_name: &'a str,
    /// Family name, may be empty.
    pub last_name: &'a str,
    /// May do everything.
    pub superuser: bool,
}

/// What is to be otherwise with a user; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserChange<'a> {
    /// Address.
    pub email: Option<&'a str>,
    /// Given name.
    pub first_name: Option<&'a str>,
    /// Family name.
    pub last_name: Option<&'a str>,
    /// Whether they may do everything.
    pub superuser: Option<bool>,
    /// Whether they may do anything.
    pub active: Option<bool>,
    /// Name of the zone in which they read times; empty for that of the installation.
    pub timezone: Option<&'a str>,
    /// Code of the language in which they read pages; empty for what their browser asks for.
    pub language: Option<&'a str>,
}

/// Makes a user without a password. One who is all that already is answered as they are.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::Invalid`] for what cannot be and
/// for a login name that is taken.
pub async fn create(app: &App, actor: &Actor, new: NewUser<'_>) -> Result<User, AppError> {
    make(app, actor, new, Ok(None)).await
}

/// As [`create`], with a password to log in by.
///
/// # Errors
/// As for [`create`], and [`AppError::Invalid`] for a weak password.
pub async fn create_with_password(
    app: &App,
    actor: &Actor,
    new: NewUser<'_>,
    password: Secret<String>,
) -> Result<User, AppError> {
    let hash = new_hash(new.username, password).await.map(Some);
    make(app, actor, new, hash).await
}

async fn make(
    app: &App,
    actor: &Actor,
    new: NewUser<'_>,
    hash: Result<Option<String>, AppError>,
) -> Result<User, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::Administer).await?;
    let named = check_username(new.username);
    let mut user = User {
        id: UserId(0),
        username: new.username.to_owned(),
        email: new.email.to_owned(),
        first_name: new.first_name.to_owned(),
        last_name: new.last_name.to_owned(),
        superuser: new.superuser,
        active: true,
        created: change.at(),
        timezone: None,
        language: None,
    };
    let mut free = named;
    if free.is_ok()
        && let Some(found) = change.tx().find_user(new.username).await?
    {
        user.id = found.id;
        user.created = found.created;
        if user == found && matches!(hash, Ok(None)) {
            return Ok(found);
        }
        let message = format!("user {} exists already", new.username);
        free = Err(AppError::invalid(
            "username",
            message,
            "choose another name",
        ));
    }
    let (hash, _) = both(hash, both(free, check(&user)))?;
    user.id = change.tx().insert_user(&user).await?;
    if let Some(hash) = hash {
        change.tx().set_password(user.id, Some(&hash)).await?;
    }
    change.note_created(&user);
    reach(app, &mut change, &user).await?;
    change.commit().await?;
    Ok(user)
}

/// Changes a user. One who is made inactive can do nothing from that moment on.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] for an unknown user,
/// [`AppError::Invalid`] for what cannot be, for superusers who would shut themselves out, and when
/// no active superuser would be left.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: UserId,
    wanted: UserChange<'_>,
) -> Result<User, AppError> {
    let (change, _) = Change::open(app, actor, Act::Administer).await?;
    let own = actor.user().is_some_and(|user| user.id == id);
    let lost = [("active", wanted.active), ("superuser", wanted.superuser)];
    let lost = lost.into_iter().filter(|one| own && one.1 == Some(false));
    let refused: Vec<Problem> = lost
        .map(|(field, _)| {
            let message = "would shut you out yourself";
            Problem::error(field, message, "ask another superuser to do so")
        })
        .collect();
    apply(app, change, id, wanted, refused).await
}

/// Changes what is known of whoever asks.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::NotFound`] for whoever is no user,
/// [`AppError::Invalid`] for what cannot be.
pub async fn update_own(
    app: &App,
    actor: &Actor,
    wanted: UserChange<'_>,
) -> Result<User, AppError> {
    let (change, _) = Change::open(app, actor, Act::ChangeSelf).await?;
    let own = actor.user();
    let own = own.ok_or_else(|| AppError::not_found("user", &actor.label()))?;
    let wanted = UserChange {
        superuser: None,
        active: None,
        ..wanted
    };
    apply(app, change, own.id, wanted, Vec::new()).await
}

async fn apply(
    app: &App,
    mut change: Change<'_>,
    id: UserId,
    wanted: UserChange<'_>,
    refused: Vec<Problem>,
) -> Result<User, AppError> {
    let before = change.tx().load_user(id).await?;
    let before = before.ok_or_else(|| AppError::not_found("user", &id))?;
    let text = |wanted: Option<&str>, stored: &str| wanted.unwrap_or(stored).to_owned();
    let zone = wanted
        .timezone
        .map_or_else(|| Ok(before.timezone.clone()), zone);
    let language = wanted.language.map_or(Ok(before.language), language);
    let lines = User {
        email: text(wanted.email, &before.email),
        first_name: text(wanted.first_name, &before.first_name),
        last_name: text(wanted.last_name, &before.last_name),
        superuser: wanted.superuser.unwrap_or(before.superuser),
        active: wanted.active.unwrap_or(before.active),
        ..before.clone()
    };
    let stays = if !refused.is_empty() {
        Err(AppError::Invalid { problems: refused })
    } else if is_head(&lines) {
        Ok(())
    } else {
        keep_one(&change, &before).await
    };
    let checked = both(check(&lines), stays);
    let ((timezone, language), _) = both(both(zone, language), checked)?;
    let after = User {
        timezone,
        language,
        ..lines
    };
    if after == before {
        return Ok(after);
    }
    change.tx().update_user(&after).await?;
    change.note_updated(&before, &after);
    if after.active != before.active {
        change.tx().delete_sessions_of(id).await?;
    }
    if after.email != before.email {
        reach(app, &mut change, &after).await?;
    }
    change.commit().await?;
    Ok(after)
}

/// Refuses to take the last active superuser away: two who do that to each other at once are both
/// still what they were when they asked.
pub(super) async fn keep_one(change: &Change<'_>, user: &User) -> Result<(), AppError> {
    if !is_last_head(change.tx(), user).await? {
        return Ok(());
    }
    let message = format!("{} is the last active superuser", user.username);
    let remedy = "make somebody else a superuser first";
    Err(AppError::invalid("superuser", message, remedy))
}

/// Whether somebody is the last active superuser.
pub(in crate::app) async fn is_last_head(tx: &Tx, user: &User) -> Result<bool, AppError> {
    Ok(is_head(user) && !tx.has_other_superuser(user.id).await?)
}

fn is_head(user: &User) -> bool {
    user.superuser && user.active
}

/// Makes an address a personal sender. Those of addresses before it stay (spec 01 §6.2).
async fn reach(app: &App, change: &mut Change<'_>, user: &User) -> Result<(), AppError> {
    let present = change
        .tx()
        .list_senders_of(SenderOwner::User(user.id))
        .await?;
    let known = present
        .iter()
        .any(|sender| sender.driver == EMAIL_DRIVER && sender.value == user.email);
    if user.email.is_empty() || known {
        return Ok(());
    }
    add_personal_email(app, change, user).await
}

fn zone(name: &str) -> Result<Option<Zone>, AppError> {
    if name.is_empty() {
        return Ok(None);
    }
    let refused = |_| {
        let remedy = "name one of the IANA database, such as Asia/Tokyo, or leave it empty";
        AppError::invalid("timezone", format!("{name:?} is not a time zone"), remedy)
    };
    Zone::parse(name).map(Some).map_err(refused)
}

fn language(code: &str) -> Result<Option<Language>, AppError> {
    if code.is_empty() {
        return Ok(None);
    }
    let refused = |_| {
        let message = format!("{code:?} is not a language of the pages");
        AppError::invalid("language", message, "use en or ja, or leave it empty")
    };
    code.parse().map(Some).map_err(refused)
}

fn check(user: &User) -> Result<(), AppError> {
    let email = check_line("email", &user.email, MOST_EMAIL_CHARS);
    let email = email.and_then(|()| check_email(&user.email));
    let first = check_line("first_name", &user.first_name, MOST_CHARS);
    let last = check_line("last_name", &user.last_name, MOST_CHARS);
    both(both(email, first), last).map(drop)
}
