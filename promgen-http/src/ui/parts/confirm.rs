//! Asking before something goes away.

use std::borrow::Cow;

use askama::Template;

use super::FormView;
use crate::ui::frame::Frame;

/// A page that names what goes away, and asks.
#[derive(Debug, Template)]
#[template(path = "parts/confirm.html")]
pub(crate) struct ConfirmPage {
    /// The frame; its title is the question.
    pub(crate) frame: Frame,
    /// What happens, in a sentence.
    pub(crate) text: String,
    /// What goes away with it: one line each.
    pub(crate) goes: Vec<String>,
    /// The button, with what the post needs.
    pub(crate) form: FormView,
}

impl ConfirmPage {
    /// Asks whether to post to `action`; `back` is where "no" leads.
    pub(crate) fn new(
        frame: Frame,
        action: impl Into<String>,
        back: impl Into<String>,
        button: impl Into<Cow<'static, str>>,
        text: impl Into<String>,
    ) -> Self {
        let mut form = FormView::new(&frame, action, button, Vec::new()).cancel(&frame, back);
        form.danger = true;
        Self {
            text: text.into(),
            goes: Vec::new(),
            form,
            frame,
        }
    }

    /// With what goes away too.
    #[must_use]
    pub(crate) fn goes(mut self, goes: impl IntoIterator<Item = String>) -> Self {
        self.goes.extend(goes);
        self
    }
}
