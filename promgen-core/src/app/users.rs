//! Users and their passwords.

use super::change::{Change, Subject, refuse_errors, sender_json};
use super::input::both;
use super::login::Attempt;
use super::passwords::{self, Checked};
use super::{Actor, App, AppError, Right};
use crate::model::{AuditKind, Secret, Sender, SenderId, SenderOwner, User, UserId};
use crate::plugin::{Field, FieldKind};

/// Key of the driver that a user with an address gets as a personal sender.
pub(super) const EMAIL_DRIVER: &str = "promgen.notification.email";

/// Makes a user who may do everything. With an address, they get it as a personal sender too.
///
/// Without a password they cannot log in with one, but may hold tokens.
///
/// # Errors
/// [`AppError::Invalid`] for a user name that is taken or cannot be, a bad address, or a weak
/// password.
pub async fn create_superuser(
    app: &App,
    actor: &Actor,
    username: &str,
    email: &str,
    password: Option<Secret<String>>,
) -> Result<User, AppError> {
    let new = NewSuperuser::check(username, email, password).await?;
    let mut change = Change::begin(app, actor, Right::Administer).await?;
    let user = insert_superuser(app, &mut change, new).await?;
    change.commit().await?;
    Ok(user)
}

/// A superuser to be, of whom all that can be said beforehand was checked.
pub(super) struct NewSuperuser {
    username: String,
    email: String,
    hash: Option<String>,
}

impl NewSuperuser {
    /// Tells all that is wrong at once.
    pub(super) async fn check(
        username: &str,
        email: &str,
        password: Option<Secret<String>>,
    ) -> Result<Self, AppError> {
        let mut problems = Vec::new();
        for checked in [check_username(username), check_email(email)] {
            if let Err(AppError::Invalid { problems: found }) = checked {
                problems.extend(found);
            }
        }
        if let Some(password) = &password {
            problems.extend(passwords::problems(username, password));
        }
        refuse_errors(problems)?;
        Ok(Self {
            username: username.to_owned(),
            email: email.to_owned(),
            hash: match password {
                Some(password) => Some(passwords::hash(password).await?),
                None => None,
            },
        })
    }
}

/// Makes a superuser, with their address as a personal sender.
pub(super) async fn insert_superuser(
    app: &App,
    change: &mut Change<'_>,
    new: NewSuperuser,
) -> Result<User, AppError> {
    if change.tx().find_user(&new.username).await?.is_some() {
        let message = format!("user {} exists already", new.username);
        let remedy = "choose another name";
        return Err(AppError::invalid("username", message, remedy));
    }
    let mut user = User {
        id: UserId(0),
        username: new.username,
        email: new.email,
        first_name: String::new(),
        last_name: String::new(),
        superuser: true,
        active: true,
        created: change.at(),
        timezone: None,
        language: None,
    };
    user.id = change.tx().insert_user(&user).await?;
    if let Some(hash) = new.hash {
        change.tx().set_password(user.id, Some(&hash)).await?;
    }
    let subject = Subject::new(AuditKind::User, user.id.0, &user.username);
    change.created(subject, &user);
    if !user.email.is_empty() {
        add_personal_email(app, change, &user).await?;
    }
    Ok(user)
}

/// A user by login name.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown user.
pub async fn find(app: &App, actor: &Actor, username: &str) -> Result<User, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let tx = app.store().read_tx().await?;
    let user = tx.find_user(username).await?;
    user.ok_or_else(|| AppError::not_found("user", username))
}

/// Gives a user another password, and ends their sessions.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown user, [`AppError::Invalid`] for a weak password.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    username: &str,
    password: Secret<String>,
) -> Result<(), AppError> {
    let hash = new_hash(username, password).await?;
    let mut change = Change::begin(app, actor, Right::Administer).await?;
    let user = change.tx().find_user(username).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", username))?;
    set_password(&mut change, &user, &hash).await?;
    change.commit().await
}

/// Gives whoever is logged in another password, and ends all their sessions: the one that asks
/// logs in again.
///
/// # Errors
/// [`AppError::Unauthenticated`] for anybody but a user who is logged in,
/// [`AppError::SlowDown`] after too many wrong passwords, [`AppError::Invalid`] when the present
/// password is wrong or the new one weak.
pub async fn change_own_password(
    app: &App,
    actor: &Actor,
    present: Secret<String>,
    password: Secret<String>,
) -> Result<(), AppError> {
    actor.require(Right::TakePart, app.settings())?;
    let Actor::User(user) = actor else {
        return Err(AppError::Unauthenticated);
    };
    let attempt = Attempt::Login(&user.username);
    let admitted = app.throttle().begin(attempt, None, app.now());
    admitted.map_err(|after| AppError::SlowDown { after })?;
    let tx = app.store().read_tx().await?;
    let stored = tx.find_password(user.id).await?;
    drop(tx);
    // Somebody who has none yet came in by another way, and sets their first one.
    let wrong = stored.is_some() && passwords::check(stored, present).await? == Checked::Wrong;
    let own = if wrong {
        let remedy = "type the password that you log in with";
        Err(AppError::invalid("present", "is not your password", remedy))
    } else {
        app.throttle().succeeded(attempt, None);
        Ok(())
    };
    let strong = refuse_errors(passwords::problems(&user.username, &password));
    both(own, strong)?;
    let hash = passwords::hash(password).await?;
    let mut change = Change::begin(app, actor, Right::TakePart).await?;
    set_password(&mut change, user, &hash).await?;
    change.commit().await
}

pub(super) async fn set_password(
    change: &mut Change<'_>,
    user: &User,
    hash: &str,
) -> Result<(), AppError> {
    change.tx().set_password(user.id, Some(hash)).await?;
    change.tx().delete_sessions_of(user.id).await?;
    change.tx().delete_links_of(user.id).await?;
    let note = serde_json::json!({ "username": user.username, "password": "changed" });
    let subject = Subject::new(AuditKind::User, user.id.0, &user.username);
    change.updated(subject, &serde_json::Value::Null, &note);
    Ok(())
}

/// Lets a user in again, or shuts them out: their sessions end, and their tokens are good for
/// nothing for as long.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown user.
pub async fn set_active(
    app: &App,
    actor: &Actor,
    username: &str,
    active: bool,
) -> Result<(), AppError> {
    let mut change = Change::begin(app, actor, Right::Administer).await?;
    let before = change.tx().find_user(username).await?;
    let before = before.ok_or_else(|| AppError::not_found("user", username))?;
    let after = User {
        active,
        ..before.clone()
    };
    if before == after {
        return Ok(());
    }
    change.tx().update_user(&after).await?;
    change.tx().delete_sessions_of(after.id).await?;
    let subject = Subject::new(AuditKind::User, after.id.0, username);
    change.updated(subject, &before, &after);
    change.commit().await
}

/// All users, by user name.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<User>, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let tx = app.store().read_tx().await?;
    let mut users = tx.list_users().await?;
    users.sort_by(|one, other| one.username.cmp(&other.username));
    Ok(users)
}

/// Gives a user a personal sender to their address.
pub(super) async fn add_personal_email(
    app: &App,
    change: &mut Change<'_>,
    user: &User,
) -> Result<(), AppError> {
    let mut sender = Sender {
        id: SenderId(0),
        driver: EMAIL_DRIVER.to_owned(),
        value: user.email.clone(),
        alias: String::new(),
        owner: SenderOwner::User(user.id),
        added_by: Some(user.id),
        enabled: true,
        secret: None,
        filters: Vec::new(),
    };
    sender.id = change.tx().insert_sender(&sender).await?;
    let subject = Subject::new(
        AuditKind::Sender,
        sender.id.0,
        format!("{EMAIL_DRIVER}:{}", user.email),
    )
    .below(AuditKind::User, user.id.0);
    change.created(subject, &sender_json(app, &sender));
    Ok(())
}

pub(super) fn check_username(username: &str) -> Result<(), AppError> {
    let chars = username.chars().count();
    if (1..=150).contains(&chars) && username.chars().all(is_legal) {
        return Ok(());
    }
    let remedy = "use 1 to 150 letters, digits and @ . + - _";
    Err(AppError::invalid(
        "username",
        format!("{username:?} is not a user name"),
        remedy,
    ))
}

/// The original's rule for user names (Django's username validator).
pub(super) fn is_legal(letter: char) -> bool {
    letter.is_alphanumeric() || "@.+-_".contains(letter)
}

pub(super) fn check_email(email: &str) -> Result<(), AppError> {
    let field = Field {
        name: "email",
        label: "address",
        help: "",
        kind: FieldKind::Email,
        required: false,
    };
    match field.check(email) {
        Some(problem) => Err(AppError::Invalid {
            problems: vec![problem],
        }),
        None => Ok(()),
    }
}

/// The hash of a password that is good enough.
pub(super) async fn new_hash(username: &str, password: Secret<String>) -> Result<String, AppError> {
    refuse_errors(passwords::problems(username, &password))?;
    passwords::hash(password).await
}
