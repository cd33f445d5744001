//! Nothing here yet, and what to do next.

use std::borrow::Cow;

use askama::Template;

/// The place of a list that has nothing in it.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<div class="empty"><p>{{ text }}</p>{% if let Some((label, link)) = next %}<p><a class="button" href="{{ link }}">{{ label }}</a></p>{% endif %}</div>"#
)]
pub(crate) struct Empty {
    text: Cow<'static, str>,
    next: Option<(Cow<'static, str>, String)>,
}

impl Empty {
    /// What is not there.
    pub(crate) fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            next: None,
        }
    }

    /// With a button to what mends that.
    #[must_use]
    pub(crate) fn next(
        mut self,
        label: impl Into<Cow<'static, str>>,
        link: impl Into<String>,
    ) -> Self {
        self.next = Some((label.into(), link.into()));
        self
    }
}
