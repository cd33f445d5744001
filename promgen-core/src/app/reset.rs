//! A password that was forgotten: a link by mail, with which its owner sets another one.
//!
//! Whoever asks is told nothing about which addresses there are, neither in words nor by how long it
//! takes. A link is good for an hour, once, and only while the password is still the one that it was
//! made for. It leads to the domain of the site, whatever host a request names. A superuser can hand
//! out such a link as well, also to somebody who has no password yet.

use std::sync::Arc;
use std::time::Duration;

use super::change::Change;
use super::links::{self, NewLink};
use super::login::{Attempt, Origin};
use super::policy::Act;
use super::tree::Saved as _;
use super::{Actor, App, AppError, Right, by_name, users};
use crate::model::{LinkKind, OneTimeLink, Secret, User, UserId};
use crate::plugin::{Mail, Mailer};
use crate::store::Tx;

/// For how long a link is good.
const GOOD_FOR: Duration = Duration::from_hours(1);

/// For how long a link is good that a superuser hands out: over a weekend.
const HANDED_OUT_FOR: Duration = Duration::from_hours(72);

/// Most links of one user at a time: more mails than anybody needs, and few to be annoyed by.
const MOST_LINKS: u64 = 5;

/// Most users of one address that get a mail.
const MOST_USERS: u64 = 5;

/// Longest address that is looked for (RFC 5321 §4.5.3.1).
const MOST_BYTES: usize = 254;

/// Whether mails can be sent at all: the settings name a sender address.
pub fn is_possible(app: &App) -> bool {
    app.mailer().is_some()
}

/// Has a mail sent to every active user with a password and this address; the answer is the same
/// when there is none. The mail goes out behind the back of whoever asks.
///
/// # Errors
/// [`AppError::SlowDown`] after too many questions from one network or for one address,
/// [`AppError::Peer`] where no mails can be sent.
pub fn ask(app: &App, email: &str, origin: &Origin) -> Result<(), AppError> {
    let Some(mailer) = app.mailer().cloned() else {
        return Err(AppError::Peer {
            message: "no mails can be sent from here".to_owned(),
        });
    };
    let email = email.trim().to_owned();
    let admitted = app
        .throttle()
        .begin(Attempt::Mail(&email), origin.address, app.now());
    admitted.map_err(|after| AppError::SlowDown { after })?;
    if email.is_empty() || email.len() > MOST_BYTES || email.contains('\0') {
        return Ok(());
    }
    let app = app.clone();
    app.clone().tasks().spawn(async move {
        if let Err(error) = send_all(&app, &mailer, &email).await {
            tracing::warn!(%error, "no mail for a new password went out");
        }
    });
    Ok(())
}

async fn send_all(app: &App, mailer: &Arc<dyn Mailer>, email: &str) -> Result<(), AppError> {
    let base = by_name::origin(app).await?;
    let tx = app.store().write_tx().await?;
    let mut mails = Vec::new();
    for (user, password) in tx.list_users_by_email(email, MOST_USERS).await? {
        if tx.count_links_of(user.id, app.now()).await? >= MOST_LINKS {
            tracing::warn!(
                username = user.username,
                "has links for a new password enough"
            );
            continue;
        }
        let link = NewLink {
            kind: LinkKind::Reset,
            user: Some(user.id),
            state: Some(links::state_of(&password)),
            good_for: GOOD_FOR,
        };
        let text = links::insert(app, &tx, link).await?;
        mails.push(mail(&user, &base, text.reveal()));
    }
    tx.commit().await?;
    for mail in mails {
        let sent = mailer.mail(&mail, app.now()).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "a mail for a new password did not go out");
        }
    }
    Ok(())
}

/// The mail goes to the address that is stored, and not to what was typed: letters that are alike to
/// a database may belong to different people.
fn mail(user: &User, base: &str, text: &str) -> Mail {
    let minutes = GOOD_FOR.as_secs() / 60;
    let username = &user.username;
    Mail {
        to: user.email.clone(),
        subject: "A new password for Promgen".to_owned(),
        body: format!(
            "Somebody, probably you, asked for a new password for the user {username} of Promgen at\n\
             {base}/.\n\n\
             Set it here, once and within {minutes} minutes:\n\n\
             {base}/password_reset/{text}/\n\n\
             If it was not you, there is nothing to do: your password stays as it is.\n"
        ),
    }
}

/// A link to hand out.
#[derive(Debug)]
pub struct Invited {
    /// Whom it is for.
    pub user: User,
    /// The secret part of its address. It cannot be had again.
    pub text: Secret<String>,
}

/// Makes a link with which a user sets their password, good for three days.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] for an unknown user,
/// [`AppError::Invalid`] for an inactive one.
pub async fn invite(app: &App, actor: &Actor, id: UserId) -> Result<Invited, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::Administer).await?;
    let user = change.tx().load_user(id).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", &id))?;
    if !user.active {
        let message = format!("{} is not active", user.username);
        return Err(AppError::invalid("", message, "enable the user first"));
    }
    let password = change.tx().find_password(id).await?.unwrap_or_default();
    let link = NewLink {
        kind: LinkKind::Reset,
        user: Some(id),
        state: Some(links::state_of(&password)),
        good_for: HANDED_OUT_FOR,
    };
    let text = links::insert(app, change.tx(), link).await?;
    let note = serde_json::json!({ "username": user.username, "password": "link handed out" });
    change.updated(user.subject(), &serde_json::Value::Null, &note);
    change.commit().await?;
    Ok(Invited { user, text })
}

/// Whose link this is, if it is still good.
///
/// # Errors
/// [`AppError::LinkEnded`] when it is not, [`AppError::SlowDown`] for whoever tries too many.
pub async fn check(app: &App, text: &str, origin: &Origin) -> Result<User, AppError> {
    links::admit(app, origin)?;
    let tx = app.store().read_tx().await?;
    let (_, user) = find(app, &tx, text).await?;
    links::was_good(app, origin);
    Ok(user)
}

/// Gives the user of a link another password, and ends their sessions. The link, and every other
/// one of theirs, is used up.
///
/// # Errors
/// As [`check`]; [`AppError::Invalid`] for a weak password.
pub async fn finish(
    app: &App,
    text: &str,
    password: Secret<String>,
    origin: &Origin,
) -> Result<User, AppError> {
    let user = check(app, text, origin).await?;
    let hash = users::new_hash(&user.username, password).await?;
    let actor = Actor::User(user);
    let mut change = Change::begin(app, &actor, Right::TakePart).await?;
    change.lock().await?;
    let (link, user) = find(app, change.tx(), text).await?;
    links::take(change.tx(), &link).await?;
    users::set_password(&mut change, &user, &hash).await?;
    change.commit().await?;
    Ok(user)
}

async fn find(app: &App, tx: &Tx, text: &str) -> Result<(OneTimeLink, User), AppError> {
    let link = links::find(app, tx, LinkKind::Reset, text).await?;
    let id = link.user.ok_or(AppError::LinkEnded)?;
    let user = tx.load_user(id).await?.filter(|user| user.active);
    let user = user.ok_or(AppError::LinkEnded)?;
    // Somebody who has no password yet was handed the link.
    let password = tx.find_password(id).await?.unwrap_or_default();
    if link.state == Some(links::state_of(&password)) {
        Ok((link, user))
    } else {
        Err(AppError::LinkEnded)
    }
}
