//! E-mail: one plain-text mail per address, through the operator's SMTP server.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use promgen_core::alert::{body, subject};
use promgen_core::config::Settings;
use promgen_core::model::{Problem, Timestamp};
use promgen_core::plugin::{
    DriverSettings, Field, FieldKind, Mail, Mailer, MailerDescription, Notifier,
    NotifierDescription, NotifierKind, NotifyContext, NotifyError, Pace, PluginError, Receipt,
    Target,
};
use promgen_core::{register_mailer, register_notifier};
use sha2::{Digest, Sha256};

use super::smtp::Server;

const KEY: &str = "promgen.notification.email";

static EMAIL: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "E-mail",
    help: "Sends a plain-text mail. The server is named in the settings (django: EMAIL_HOST and \
           so on), the sender's address in promgen.notification.email: sender, or else in \
           django: DEFAULT_FROM_EMAIL.",
    fields: &[
        Field {
            name: "value",
            label: "Email Address",
            help: "One address.",
            kind: FieldKind::Email,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the address.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    settings: &["sender"],
    check_value: None,
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|settings| Ok(Arc::new(Email::new(settings)?))),
};

register_notifier!(EMAIL);

static MAILER: MailerDescription = MailerDescription {
    key: KEY,
    build: |settings| {
        let email = Email::new(settings)?;
        let live = email.from.is_some();
        Ok(live.then(|| Arc::new(email) as Arc<dyn Mailer>))
    },
};

register_mailer!(MAILER);

/// What to do about a missing sender address.
const REMEDY: &str = "set `promgen.notification.email: sender` or `django: DEFAULT_FROM_EMAIL`";

struct Email {
    from: Option<Mailbox>,
    server: Server,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email")
            .field("host", &self.server.host())
            .finish_non_exhaustive()
    }
}

impl Email {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let server = Server::new(settings.mail.clone(), settings.delivery.timeout);
        let unusable = |message| PluginError {
            key: KEY.to_owned(),
            message,
            remedy: "correct `django: EMAIL_CA_FILE`, or leave it out".to_owned(),
        };
        Ok(Self {
            from: sender(settings)?,
            server: server.map_err(unusable)?,
        })
    }

    fn message(&self, context: &dyn NotifyContext, to: &str) -> Result<Message, NotifyError> {
        let mail = Mail {
            to: to.to_owned(),
            subject: undecodable(&subject(context.message())),
            body: printable(&body(context.message())),
        };
        let id = |from: &Mailbox| Some(message_id(context, from));
        let mut message = self.plain(&mail, context.now(), id)?;
        let name = HeaderName::new_from_ascii_str("X-Promgen-Delivery");
        let delivery = context.delivery().to_string();
        message
            .headers_mut()
            .insert_raw(HeaderValue::new(name, delivery));
        Ok(message)
    }

    /// A mail of plain text. Without an id of its own it gets a random one.
    fn plain(
        &self,
        mail: &Mail,
        now: Timestamp,
        id: impl FnOnce(&Mailbox) -> Option<String>,
    ) -> Result<Message, NotifyError> {
        let Some(from) = &self.from else {
            return Err(permanent(format!("no sender address: {REMEDY}")));
        };
        let to: Mailbox = mail
            .to
            .parse()
            .map_err(|_| permanent("the value is not an e-mail address".to_owned()))?;
        Message::builder()
            .from(from.clone())
            .to(to)
            .subject(mail.subject.clone())
            .message_id(id(from))
            .date(system_time(now))
            // Without it, a reader may show the encoded text as it is (RFC 2045, section 4).
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| permanent(format!("the mail cannot be made: {error}")))
    }
}

/// The address that mails come from: the driver's own setting, else the general one.
fn sender(settings: &Settings) -> Result<Option<Mailbox>, PluginError> {
    let section = DriverSettings::of(settings, KEY);
    let (name, text) = match section.text("sender")? {
        None => (
            "django: DEFAULT_FROM_EMAIL",
            settings.mail.default_from.clone(),
        ),
        own => ("sender", own),
    };
    let remedy = "write it like promgen@example.com";
    let refused = |_| section.error(name, "is not an e-mail address", remedy);
    text.map(|text| text.parse().map_err(refused)).transpose()
}

/// The same for every try of a delivery, and another for any other delivery. The digest is there
/// because delivery ids begin anew with a new database, and mail programs hide a mail whose id they
/// have seen.
fn message_id(context: &dyn NotifyContext, from: &Mailbox) -> String {
    let message = context.message();
    let alerts = message.fields().get("alerts");
    let alerts = alerts.map(ToString::to_string).unwrap_or_default();
    let digest = Sha256::digest(format!("{}\0{alerts}", message.group_key()));
    let digest = hex::encode(digest.get(..8).unwrap_or_default());
    let (delivery, domain) = (context.delivery(), from.email.domain());
    format!("<promgen-{delivery}-{digest}@{domain}>")
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or(0))
}

/// A text that no mail program takes for an encoded word (RFC 2047): what a label says would be read
/// decoded, line breaks and all.
fn undecodable(text: &str) -> String {
    text.replace("=?", "= ?")
}

/// The text without what servers refuse in a mail: NUL, and carriage returns on their own.
fn printable(text: &str) -> String {
    let legal = |c: char| !c.is_control() || c == '\n' || c == '\t';
    text.chars()
        .map(|c| if legal(c) { c } else { ' ' })
        .collect()
}

#[async_trait]
impl Notifier for Email {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let message = self.message(context, target.value.reveal())?;
        let answer = self.server.send(&message, context.now()).await?;
        let note = answer.first_line().unwrap_or_default();
        Ok(Receipt {
            note: format!("SMTP {} {note}", answer.code()),
        })
    }

    fn problems(&self) -> Vec<Problem> {
        let missing =
            || Problem::warning(KEY, "has no sender address: no mail can be sent", REMEDY);
        self.from.is_none().then(missing).into_iter().collect()
    }
}

#[async_trait]
impl Mailer for Email {
    async fn mail(&self, mail: &Mail, now: Timestamp) -> Result<(), NotifyError> {
        let message = self.plain(mail, now, |_| None)?;
        self.server.send(&message, now).await.map(drop)
    }
}

fn permanent(message: String) -> NotifyError {
    NotifyError::Permanent { message }
}

#[cfg(test)]
mod tests;
