//! Users and their passwords.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;

use super::change::{Change, Subject, sender_json};
use super::{Actor, App, AppError, Right, random};
use crate::model::{AuditKind, Secret, Sender, SenderId, SenderOwner, User, UserId};
use crate::plugin::{Field, FieldKind};

/// Key of the driver that a user with an address gets as a personal sender.
const EMAIL_DRIVER: &str = "promgen.notification.email";

/// Shortest password (OWASP ASVS 5.0, 6.2.1).
const MIN_PASSWORD_CHARS: usize = 8;

/// Whether there is any user yet. Everybody may know.
///
/// # Errors
/// What the database says.
pub async fn any(app: &App) -> Result<bool, AppError> {
    let tx = app.store().read_tx().await?;
    Ok(!tx.list_users().await?.is_empty())
}

/// Makes a user who may do everything. With an address, they get it as a personal sender too.
///
/// Without a password they cannot log in with one, but may hold tokens.
///
/// # Errors
/// [`AppError::Invalid`] for a user name that is taken or cannot be, a bad address, or a password
/// shorter than 8 characters.
pub async fn create_superuser(
    app: &App,
    actor: &Actor,
    username: &str,
    email: &str,
    password: Option<Secret<String>>,
) -> Result<User, AppError> {
    check_username(username)?;
    check_email(email)?;
    let hash = match password {
        Some(password) => Some(hash_password(password).await?),
        None => None,
    };
    let mut change = Change::begin(app, actor, Right::Administer).await?;
    if change.tx().find_user(username).await?.is_some() {
        let message = format!("user {username} exists already");
        return Err(AppError::invalid(
            "username",
            message,
            "choose another name",
        ));
    }
    let mut user = User {
        id: UserId(0),
        username: username.to_owned(),
        email: email.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        superuser: true,
        active: true,
        created: change.at(),
    };
    user.id = change.tx().insert_user(&user).await?;
    if let Some(hash) = hash {
        change.tx().set_password(user.id, Some(&hash)).await?;
    }
    change.created(Subject::new(AuditKind::User, user.id.0, username), &user);
    if !email.is_empty() {
        add_personal_email(app, &mut change, &user).await?;
    }
    change.commit().await?;
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

/// Gives a user another password.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown user, [`AppError::Invalid`] for a password shorter than 8
/// characters.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    username: &str,
    password: Secret<String>,
) -> Result<(), AppError> {
    let hash = hash_password(password).await?;
    let mut change = Change::begin(app, actor, Right::Administer).await?;
    let user = change.tx().find_user(username).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", username))?;
    change.tx().set_password(user.id, Some(&hash)).await?;
    let note = serde_json::json!({ "username": username, "password": "changed" });
    let subject = Subject::new(AuditKind::User, user.id.0, username);
    change.updated(subject, &serde_json::Value::Null, &note);
    change.commit().await
}

async fn add_personal_email(
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

fn check_username(username: &str) -> Result<(), AppError> {
    // The original's rule for user names (Django's username validator).
    let legal = |c: char| c.is_alphanumeric() || "@.+-_".contains(c);
    let chars = username.chars().count();
    if (1..=150).contains(&chars) && username.chars().all(legal) {
        return Ok(());
    }
    let remedy = "use 1 to 150 letters, digits and @ . + - _";
    Err(AppError::invalid(
        "username",
        format!("{username:?} is not a user name"),
        remedy,
    ))
}

fn check_email(email: &str) -> Result<(), AppError> {
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

async fn hash_password(password: Secret<String>) -> Result<String, AppError> {
    if password.reveal().chars().count() < MIN_PASSWORD_CHARS {
        let message = format!("is shorter than {MIN_PASSWORD_CHARS} characters");
        return Err(AppError::invalid(
            "password",
            message,
            "choose a longer one",
        ));
    }
    let salt = random::bytes::<16>()?;
    let internal = |message: String| AppError::Internal { message };
    // Argon2id takes tens of milliseconds by design: not on the threads that serve requests.
    let hashing = tokio::task::spawn_blocking(move || {
        let argon2 = Argon2::default();
        let hash = argon2.hash_password_with_salt(password.reveal().as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
    });
    let hashed = hashing.await.map_err(|error| internal(error.to_string()))?;
    hashed.map_err(|error| internal(error.to_string()))
}
