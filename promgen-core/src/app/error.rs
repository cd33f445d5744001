//! The one error of the use cases: whose fault it is, and what to do.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::silences::SilenceError;
use crate::alert::MessageError;
use crate::model::Problem;
use crate::plugin::{DiscoveryError, PluginError, RegistryError};
use crate::store::StoreError;

/// Why a use case did not happen. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AppError {
    /// Nobody known is asking; log in or send a token.
    #[error("this needs a login or a token")]
    Unauthenticated,
    /// Whoever asks may not do this.
    #[error("not allowed: this needs {need}")]
    Forbidden {
        /// The right or scope that is missing.
        need: String,
    },
    /// Whoever wants to log in does not come in.
    #[error("not logged in: {message}")]
    LoginRefused {
        /// Why, as far as it may be told.
        message: String,
    },
    /// Too many logins failed; the next one has to wait.
    #[error("too many logins failed; wait {} s", after.as_secs() + 1)]
    SlowDown {
        /// For how long.
        after: Duration,
    },
    /// A link that is used once was used, is too old, or never was one.
    #[error("this link was used already, or is too old")]
    LinkEnded,
    /// A thing that was named does not exist.
    #[error("{kind} {name:?} does not exist")]
    NotFound {
        /// What kind of thing.
        kind: &'static str,
        /// Its name or id.
        name: String,
    },
    /// What was asked for is refused; each finding names field, place and remedy.
    #[error("{}", summary(.problems))]
    Invalid {
        /// The findings, warnings included.
        problems: Vec<Problem>,
    },
    /// The posted body is no Alertmanager message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// More is under way than fits; come back in a moment.
    #[error("too many alerts are waiting to be stored")]
    Overloaded,
    /// The database is away, full or busy; a retry helps.
    #[error("the database cannot be used at the moment: {source}")]
    Unavailable {
        /// What the database said.
        source: StoreError,
    },
    /// The database refused or is not as expected.
    #[error(transparent)]
    Store {
        /// What the database said.
        source: StoreError,
    },
    /// A plugin's settings are wrong.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// Two plugins have the same key.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A server that Promgen talks to did not do as it was asked.
    #[error("{message}")]
    Peer {
        /// Who, and what it answered.
        message: String,
    },
    /// What a URL leads to could not be fetched.
    #[error("{url}: {message}")]
    Unfetched {
        /// The URL, as far as it may be told.
        url: String,
        /// What its server answered, or why it did not.
        message: String,
    },
    /// A discovery source did not answer as it must. No farm lost a host by it.
    #[error("source {source_key}: {error}")]
    Discovery {
        /// Key of the source.
        source_key: String,
        /// What it said, with what to do about it.
        error: DiscoveryError,
    },
    /// Alertmanager, or what whoever asks may silence, stood in the way.
    #[error(transparent)]
    Silence(#[from] SilenceError),
    /// Something inside did not go as it must; worth a bug report.
    #[error("internal error: {message}")]
    Internal {
        /// What happened.
        message: String,
    },
}

fn summary(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl From<StoreError> for AppError {
    fn from(source: StoreError) -> Self {
        match source {
            // Use cases look before they write. Whoever gets here was overtaken.
            StoreError::Unique => Self::invalid(
                "",
                "somebody else made one like it meanwhile",
                "look again, and choose another name",
            ),
            StoreError::ForeignKey => Self::invalid(
                "",
                "something that it refers to was removed meanwhile",
                "look again",
            ),
            source if source.is_transient() => Self::Unavailable { source },
            source => Self::Store { source },
        }
    }
}

impl AppError {
    /// One finding as an error.
    pub fn invalid(
        field: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Invalid {
            problems: vec![Problem::error(field, message, remedy)],
        }
    }

    /// A thing that was named and does not exist.
    pub fn not_found(kind: &'static str, name: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound {
            kind,
            name: name.to_string(),
        }
    }

    /// What is wrong with what was sent, for whoever shows it beside the form.
    ///
    /// # Errors
    /// Itself, when it is about something else.
    pub fn problems(self) -> Result<Vec<Problem>, Self> {
        match self {
            Self::Invalid { problems } => Ok(problems),
            other => Err(other),
        }
    }

    /// What the person who asked can do about it, where there is something.
    pub fn remedy(&self) -> Option<String> {
        let text = match self {
            Self::Unauthenticated => {
                "log in at /login/, or send `Authorization: Token …`; `promgen token create` makes one"
            }
            Self::Forbidden { .. } => "ask a superuser for the right, or use another token",
            Self::NotFound { .. } => "check the spelling; names are compared byte by byte",
            Self::LoginRefused { .. } => "try again, or ask whoever runs this Promgen",
            Self::LinkEnded => "ask for another one",
            Self::SlowDown { .. } => "wait, then try again",
            Self::Overloaded | Self::Unavailable { .. } => "try again in a moment",
            Self::File { .. } => "check that the path exists and that this user may write there",
            Self::Peer { .. } => "check its address in the settings, and whether it runs",
            Self::Unfetched { .. } => "check the URL, and whether its server runs",
            Self::Discovery { .. } => {
                "mend the source and ask again; every farm keeps the hosts that it has"
            }
            Self::Silence(error) => error.remedy(),
            _ => return None,
        };
        Some(text.to_owned())
    }
}
