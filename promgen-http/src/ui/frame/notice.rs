//! What is said once, on the next page: in a cookie, for it concerns one browser alone.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use promgen_core::app::AppError;
use serde::{Deserialize, Serialize};

use crate::extract::{Cookies, NOTICE_COOKIE, NewCookie};

/// How long it waits for the next page.
const PATIENCE: Duration = Duration::from_mins(1);

/// Most letters of a text, for browsers keep 4 KiB of a cookie.
const MOST_LETTERS: usize = 600;

/// What kind of notice it is; shown by colour and by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// It was done.
    Success,
    /// Good to know.
    Info,
    /// Done, but look at it.
    Warning,
    /// Not done.
    Error,
}

impl Level {
    /// The class of its colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Success => "good",
            Self::Info => "note",
            Self::Warning => "warn",
            Self::Error => "bad",
        }
    }

    /// The key of its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Success => "frame-level-success",
            Self::Info => "frame-level-info",
            Self::Warning => "frame-level-warning",
            Self::Error => "frame-level-error",
        }
    }
}

/// A message to whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Its kind.
    pub(crate) level: Level,
    /// What is said: plain text.
    pub(crate) text: String,
}

impl Notice {
    /// It was done.
    pub(crate) fn success(text: impl Into<String>) -> Self {
        Self::new(Level::Success, text.into())
    }

    /// Good to know.
    pub(crate) fn info(text: impl Into<String>) -> Self {
        Self::new(Level::Info, text.into())
    }

    /// Done, but look at it.
    pub(crate) fn warning(text: impl Into<String>) -> Self {
        Self::new(Level::Warning, text.into())
    }

    /// Not done.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self::new(Level::Error, text.into())
    }

    /// Not done, for something is wrong with what was asked for; any other error goes on.
    pub(crate) fn refused(error: AppError) -> Result<Self, AppError> {
        match error {
            AppError::Invalid { .. } => Ok(Self::error(error.to_string())),
            other => Err(other),
        }
    }

    fn new(level: Level, text: String) -> Self {
        Self { level, text }
    }

    /// What the page before left to be said. Nonsense says nothing.
    pub(super) fn read(cookies: Cookies<'_>) -> Vec<Self> {
        let found = cookies.find(NOTICE_COOKIE);
        let bytes = found.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Leaves notices to the next page, as many as a cookie holds.
    pub(crate) fn leave(notices: &[Self], secure: bool) -> NewCookie {
        let cut = |notice: &Self| Self {
            level: notice.level,
            text: notice.text.chars().take(MOST_LETTERS).collect(),
        };
        let few: Vec<Self> = notices.iter().take(3).map(cut).collect();
        // Texts always serialise.
        let json = serde_json::to_vec(&few).unwrap_or_default();
        NewCookie::new(
            NOTICE_COOKIE,
            URL_SAFE_NO_PAD.encode(json),
            PATIENCE,
            secure,
        )
    }

    /// The cookie, taken back.
    pub(super) fn forgotten(secure: bool) -> NewCookie {
        NewCookie::new(NOTICE_COOKIE, String::new(), Duration::ZERO, secure)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn read(value: &str) -> Vec<Notice> {
        let mut headers = HeaderMap::new();
        let cookie = format!("{NOTICE_COOKIE}={value}");
        headers.insert("cookie", cookie.parse().unwrap());
        Notice::read(Cookies(&headers))
    }

    #[test]
    fn what_is_left_is_read_once_more() {
        let notices = [
            Notice::success("done \u{202e}<b>; \"日本\""),
            Notice::error("x".repeat(5000)),
        ];
        let found = read(&Notice::leave(&notices, false).value);
        assert_eq!(found[0], notices[0]);
        assert_eq!(found[1].text.len(), MOST_LETTERS);
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in ["", "e30", "%%%", "W3t9XQ"] {
            assert_eq!(read(value), [], "{value}");
        }
    }
}
