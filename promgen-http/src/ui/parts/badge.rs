//! A status, by colour and by word.

use std::borrow::Cow;

use askama::Template;

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Good to know.
    Note,
    /// To be looked at.
    Warn,
    /// Wrong.
    Bad,
    /// Neither: off, none, unknown.
    Plain,
}

impl Tone {
    /// The class of its colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Plain => "plain",
        }
    }
}

/// A word on a colour.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<span class="badge {{ tone.class() }}"{% if let Some(hint) = hint %} title="{{ hint }}"{% endif %}>{{ word }}</span>"#
)]
pub(crate) struct Badge {
    tone: Tone,
    word: Cow<'static, str>,
    hint: Option<String>,
}

impl Badge {
    /// A badge with a word.
    pub(crate) fn new(tone: Tone, word: impl Into<Cow<'static, str>>) -> Self {
        Self {
            tone,
            word: word.into(),
            hint: None,
        }
    }

    /// The same badge with more in its tooltip.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
