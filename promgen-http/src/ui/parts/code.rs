//! Text to be read or copied as it is: a rule, a snippet, a token.

use std::borrow::Cow;

use askama::Template;

use crate::ui::text::Texts;

/// A block of such text with a button that copies it.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/code.html")]
pub(crate) struct Code {
    id: &'static str,
    text: String,
    label: Cow<'static, str>,
    copy: Cow<'static, str>,
}

impl Code {
    /// A block; its id is its own on the page, its label is read aloud.
    pub(crate) fn new(
        id: &'static str,
        label: impl Into<Cow<'static, str>>,
        text: impl Into<String>,
        t: &Texts,
    ) -> Self {
        Self {
            id,
            text: text.into(),
            label: label.into(),
            copy: t.say("parts-copy"),
        }
    }
}
