//! The contract of a notifier: how a message reaches people.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use super::{Field, FieldKind, HttpRequest, HttpResponse};
use crate::alert::Message;
use crate::config::Settings;
use crate::model::{AlertId, DeliveryId, MASKED, Problem, Secret, Sender, Timestamp};

/// A driver as it is registered: plain data and the function that makes the live object.
#[derive(Debug)]
pub struct NotifierDescription {
    /// The name under which senders and settings know it, such as `promgen.notification.email`.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// A sentence or two for its form.
    pub help: &'static str,
    /// Its form: a field `value`, and mostly an `alias`.
    pub fields: &'static [Field],
    /// Keys of its section of the settings. Others are told and change nothing: a mistyped one must not
    /// keep alerts from anybody.
    pub settings: &'static [&'static str],
    /// What a value must be beyond what its field's kind says; asked about a value that passed
    /// that. The problem's field is `value`, and its texts must not hold the value.
    pub check_value: Option<fn(&str) -> Option<Problem>>,
    /// How hard one destination of it may be pressed.
    pub pace: Pace,
    /// How it gets a message out.
    pub kind: NotifierKind,
}

/// How hard one destination (a value of a driver) may be pressed by one process.
///
/// Other destinations are never delayed by it: each has a lane of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Attempts under way at once; at least 1.
    pub at_once: usize,
    /// Least time from the begin of one attempt to the begin of the next; zero for none.
    pub every: Duration,
    /// Most messages in one attempt. More than 1 for a driver that lists
    /// [`NotifyContext::further`] too: what waits for its turn then goes out in one.
    pub bundle: usize,
}

impl Pace {
    /// What most destinations bear: sixteen at once, as fast as they answer, each message alone.
    pub const USUAL: Self = Self {
        at_once: 16,
        every: Duration::ZERO,
        bundle: 1,
    };
}

/// How a driver gets a message out.
#[derive(Debug, Clone, Copy)]
pub enum NotifierKind {
    /// It sends. The function reads its settings, once at start.
    Send(fn(&Settings) -> Result<Arc<dyn Notifier>, PluginError>),
    /// It stands for all personal senders of the user that `value` names; routing expands it.
    FanOut,
}

impl NotifierDescription {
    /// Checks what somebody typed into the driver's form. A value has at most 512 characters, an
    /// alias at most 128.
    pub fn check(&self, value: &str, alias: &str) -> Vec<Problem> {
        let typed = |field: &Field| if field.name == "alias" { alias } else { value };
        let mut problems: Vec<Problem> = self
            .fields
            .iter()
            .filter_map(|field| field.check(typed(field)))
            .collect();
        problems.extend(check_length("value", value, MAX_VALUE));
        problems.extend(check_length("alias", alias, MAX_ALIAS));
        if !problems.iter().any(|problem| problem.field == "value") {
            problems.extend(self.check_value.and_then(|check| check(value)));
        }
        problems
    }

    /// Whether the field `value` is a secret whether or not there is an alias. Of a URL it is: who
    /// has that of a webhook can post to it.
    pub fn value_is_secret(&self) -> bool {
        self.value_is_url() || self.kind_of_value() == Some(FieldKind::Secret)
    }

    /// Whether the field `value` is a URL, of which scheme and host may be shown.
    pub fn value_is_url(&self) -> bool {
        self.kind_of_value() == Some(FieldKind::Url)
    }

    /// What may be shown of a value that has no alias.
    pub fn shown(&self, value: &str) -> String {
        match self.kind_of_value() {
            Some(FieldKind::Url) => Sender::excerpt(self.key, value),
            Some(FieldKind::Secret) => MASKED.to_owned(),
            _ => value.to_owned(),
        }
    }

    fn kind_of_value(&self) -> Option<FieldKind> {
        let value = self.fields.iter().find(|field| field.name == "value");
        value.map(|field| field.kind)
    }
}

/// Most characters of a value and of an alias: what the database keeps.
const MAX_VALUE: usize = 512;
const MAX_ALIAS: usize = 128;

fn check_length(field: &str, text: &str, most: usize) -> Option<Problem> {
    let long = text.chars().count() > most;
    long.then(|| {
        let message = format!("has more than {most} characters");
        Problem::error(field, message, "give a shorter one")
    })
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The sender's value: an address, a URL, a token. Not for logs.
    pub value: Secret<String>,
    /// Key for signatures, where the sender has one.
    pub secret: Option<Secret<String>>,
}

/// What a driver is given for one attempt: the message, its numbers, the clock, and the only door
/// to HTTP. Implemented by the egress client and by the module `testing`.
#[async_trait]
pub trait NotifyContext: Send + Sync {
    /// The expanded message, ready to be sent.
    fn message(&self) -> &Message;
    /// Messages for the same destination that go out with this one, oldest first, after it. Empty
    /// unless the description's [`Pace::bundle`] is more than 1. They share this attempt's outcome.
    fn further(&self) -> &[Message] {
        &[]
    }
    /// The alert that it came from.
    fn alert(&self) -> AlertId;
    /// The delivery; stable over retries, for receivers to deduplicate on.
    fn delivery(&self) -> DeliveryId;
    /// Counted from 1.
    fn attempt(&self) -> u32;
    /// The time of this attempt.
    fn now(&self) -> Timestamp;
    /// Sends a request through the egress guard: addresses are checked, redirects are not
    /// followed, time and size are limited.
    ///
    /// # Errors
    /// [`NotifyError`] when nothing came back: refused by the guard (permanent), or a failure of
    /// the network (worth a retry). A status of 400 or more is *not* an error here; see
    /// [`HttpResponse::accepted`].
    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, NotifyError>;
}

/// What the destination said to a message that it took; kept with the attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// A short note, such as `HTTP 200` or an SMTP reply.
    pub note: String,
}

/// Why an attempt failed, and whether another one makes sense.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotifyError {
    /// Try again, not before `after` when the destination named a time.
    #[error("{message}")]
    Retry {
        /// How long the destination wants to be left alone.
        after: Option<Duration>,
        /// What happened, without secrets.
        message: String,
    },
    /// No retry will help; a person has to look.
    #[error("{message}")]
    Permanent {
        /// What happened, without secrets.
        message: String,
    },
}

/// Why a driver could not be made from its settings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key}: {message}; {remedy}")]
pub struct PluginError {
    /// The driver's key, which is also its section of the settings.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to write where.
    pub remedy: String,
}

/// A live driver. Made once per process, used for many messages at a time.
#[async_trait]
pub trait Notifier: Send + Sync + fmt::Debug {
    /// Sends one message to one destination.
    ///
    /// # Errors
    /// [`NotifyError`] says whether a retry helps. The text must not hold the target's value.
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError>;

    /// What an operator should mend before the first message needs it; shown by `promgen check`.
    /// A driver that cannot work at all refuses to be built instead.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}
