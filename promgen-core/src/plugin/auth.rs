//! The contract of a login backend: how it becomes known who somebody is.
//!
//! A backend answers an [`Identity`] and nothing more. Which user that is, whether one is made, and
//! what they may do is decided by the use cases; a backend reaches neither them nor the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

use super::{HttpRequest, HttpResponse, Peer, PluginError};
use crate::config::Settings;
use crate::model::{Secret, Timestamp};

/// A login backend as it is registered.
#[derive(Debug)]
pub struct AuthDescription {
    /// The name under which `login.backends` lists it, and which stands in its addresses
    /// (`/login/{key}/`): lower-case letters, digits, `-`, `_` and `.`.
    pub key: &'static str,
    /// What people call it; stands on its button.
    pub label: &'static str,
    /// A sentence or two.
    pub help: &'static str,
    /// Key of its section in the settings.
    pub section: &'static str,
    /// Makes the live backend from the settings, once at start; only asked when it is listed.
    pub build: fn(&Settings) -> Result<AuthBackend, PluginError>,
}

/// A live backend, by the way in which it asks.
#[derive(Debug, Clone)]
pub enum AuthBackend {
    /// The passwords that Promgen itself keeps; checked by the use cases.
    Local,
    /// Somebody types a user name and a password, which somebody else checks.
    Password(Arc<dyn PasswordAuth>),
    /// Somebody is sent to another site, and comes back.
    Redirect(Arc<dyn RedirectAuth>),
    /// A proxy in front of Promgen says in a header who asks.
    Header(Arc<dyn HeaderAuth>),
}

/// Who somebody is, as a backend knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Who vouches for it, such as the URL of the provider; 1 to 255 characters.
    pub issuer: String,
    /// What the issuer calls this person for ever, and nobody else ever; 1 to 255 characters.
    /// Together with the issuer it is all that an account is found by.
    pub subject: String,
    /// The user name to give to an account that is made.
    pub username: String,
    /// Address, may be empty. Never what an account is found by.
    pub email: String,
    /// Whether the issuer has verified that the address is theirs.
    pub email_verified: bool,
    /// First name, may be empty.
    pub first_name: String,
    /// Last name, may be empty.
    pub last_name: String,
    /// Names of all groups that the issuer counts them to; `None` when it says nothing about
    /// groups, and they stay as they are.
    pub groups: Option<BTreeSet<String>>,
}

/// Why a backend did not say who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuthError {
    /// They are not, or did not show, who they say: the person has to begin again. Goes to the log.
    #[error("{message}")]
    Refused {
        /// What was wrong, without secrets.
        message: String,
    },
    /// The other side does not answer as it must; worth another try later, and a look.
    #[error("{message}")]
    Failed {
        /// What happened, without secrets.
        message: String,
    },
}

impl AuthError {
    /// A refusal.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Refused {
            message: message.into(),
        }
    }

    /// A failure of the other side.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
        }
    }
}

/// What a backend is given for one login: clock, randomness, and the only door to HTTP.
/// Implemented by the egress client and by the module `testing`.
#[async_trait]
pub trait AuthContext: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;

    /// 256 random bits.
    ///
    /// # Errors
    /// [`AuthError::Failed`] when the system gives none.
    fn random(&self) -> Result<[u8; 32], AuthError>;

    /// Sends a request to an address that the operator configured, or that the configured server
    /// named. Redirects are not followed; time and size (1 MiB) are limited.
    ///
    /// # Errors
    /// [`AuthError::Failed`] when nothing came back. A status of 400 or more is *not* an error here.
    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, AuthError>;
}

/// Checks a user name with a password.
#[async_trait]
pub trait PasswordAuth: Send + Sync + fmt::Debug {
    /// Who that is; `None` for an unknown user or a wrong password, which must not be told apart.
    /// Neither text is empty or blank.
    ///
    /// # Errors
    /// [`AuthError`] when it cannot be said.
    async fn check(
        &self,
        context: &dyn AuthContext,
        username: &str,
        password: &Secret<String>,
    ) -> Result<Option<Identity>, AuthError>;
}

/// Where to send somebody, and what to remember until they come back.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Absolute URL of the other site.
    pub url: String,
    /// What [`RedirectAuth::complete`] needs, at most 1 KiB. It is kept by the browser of whoever
    /// logs in, where nobody else sees it, and so binds the answer to that browser.
    pub kept: Secret<String>,
}

/// Sends somebody to another site and understands what they bring back.
#[async_trait]
pub trait RedirectAuth: Send + Sync + fmt::Debug {
    /// Begins a login that will come back to `callback`, an absolute URL.
    ///
    /// # Errors
    /// [`AuthError::Failed`] when the other site is out of reach.
    async fn begin(&self, context: &dyn AuthContext, callback: &str) -> Result<Begun, AuthError>;

    /// Completes it by the query that they came back with. A state that is not the one of `kept`
    /// must be refused.
    ///
    /// # Errors
    /// [`AuthError`] for anything but a proven identity.
    async fn complete(
        &self,
        context: &dyn AuthContext,
        callback: &str,
        query: &BTreeMap<String, String>,
        kept: &Secret<String>,
    ) -> Result<Identity, AuthError>;
}

/// A request as a [`HeaderAuth`] sees it.
pub trait HeaderRequest: Send + Sync {
    /// Who is at the other end of the connection.
    fn peer(&self) -> Peer;

    /// The values of a header, by its name in lower case.
    fn header(&self, name: &str) -> Vec<String>;
}

/// Believes a proxy in front of Promgen.
pub trait HeaderAuth: Send + Sync + fmt::Debug {
    /// Who asks; `None` when the peer may not say so, or says nothing.
    ///
    /// # Errors
    /// [`AuthError::Refused`] when a trusted peer says what cannot be.
    fn identify(&self, request: &dyn HeaderRequest) -> Result<Option<Identity>, AuthError>;
}
