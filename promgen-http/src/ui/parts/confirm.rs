//! Asking before something goes away.

use std::borrow::Cow;

use askama::Template;

use super::FormView;
use crate::ui::frame::Frame;
use crate::ui::text::Texts;

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

    /// With how many of each kind go away too, each told by a text; nothing is said of none.
    #[must_use]
    pub(crate) fn counts(
        self,
        t: &Texts,
        counts: impl IntoIterator<Item = (&'static str, u64)>,
    ) -> Self {
        let some = counts.into_iter().filter(|(_, count)| *count > 0);
        self.goes(some.map(|(key, count)| t.count(key, count)))
    }
}
