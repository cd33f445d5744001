//! The contract of what sends mails that are no alerts, such as the one with which somebody gets a
//! new password.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::PluginError;
use super::notifier::NotifyError;
use crate::config::Settings;
use crate::model::Timestamp;

/// A mailer as it is registered. A program has one or none.
#[derive(Debug)]
pub struct MailerDescription {
    /// The name of its plugin.
    pub key: &'static str,
    /// Makes the live mailer from the settings, once at start; `None` when they name nobody whom
    /// mails could come from.
    pub build: fn(&Settings) -> Result<LiveMailer, PluginError>,
}

/// A mailer, where there is one.
pub type LiveMailer = Option<Arc<dyn Mailer>>;

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Address of whom it is for.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Hands mails over to the operator's mail server.
#[async_trait]
pub trait Mailer: Send + Sync + fmt::Debug {
    /// Hands one over.
    ///
    /// # Errors
    /// [`NotifyError`] when it was not taken; nothing of the mail's text stands in it.
    async fn mail(&self, mail: &Mail, now: Timestamp) -> Result<(), NotifyError>;
}
