//! Asking before something goes away.

use std::borrow::Cow;

use askama::Template;

use super::FormView;
use crate::ui::frame::Frame;

/// A page that names what goes away, and asks; or says why nothing does.
#[derive(Debug, Template)]
#[template(path = "parts/confirm.html")]
pub(crate) struct ConfirmPage {
    /// The frame; its title is the question.
    pub(crate) frame: Frame,
    /// What happens, in a sentence.
    pub(crate) text: String,
    /// What goes away with it: one line each.
    pub(crate) goes: Vec<String>,
    /// What goes away with it, or keeps it, by kinds.
    pub(crate) kinds: Vec<Things>,
    /// The button, with what the post needs.
    pub(crate) form: FormView,
    /// Where to go instead, of what cannot go away: there is no button then.
    back: Option<(Cow<'static, str>, String)>,
}

/// Things of one kind, of which the first are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Things {
    /// How many there are.
    pub(crate) lead: String,
    /// The first of them.
    pub(crate) named: Vec<Thing>,
    /// How many more there are, where there are.
    pub(crate) more: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Thing {
    /// Its name.
    pub(crate) name: String,
    /// What tells it apart from others of that name.
    pub(crate) note: String,
    /// Its page; empty where it has none.
    pub(crate) link: String,
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
            kinds: Vec::new(),
            form,
            back: None,
            frame,
        }
    }

    /// With what goes away too.
    #[must_use]
    pub(crate) fn goes(mut self, goes: impl IntoIterator<Item = String>) -> Self {
        self.goes.extend(goes);
        self
    }

    /// With what goes away too, or keeps it, by kinds.
    #[must_use]
    pub(crate) fn things(mut self, kinds: impl IntoIterator<Item = Things>) -> Self {
        self.kinds.extend(kinds);
        self
    }

    /// As a page without a button, of something that cannot go away; the text says why, and what to
    /// do about it.
    #[must_use]
    pub(crate) fn refused(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        let to = self.form.cancel.as_ref().map(|(_, to)| to.clone());
        self.back = to.map(|to| (self.frame.say("parts-back"), to));
        self
    }
}
