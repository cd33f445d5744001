//! Whom a form suggests while somebody types.

use std::collections::BTreeSet;

use askama::Template;
use promgen_core::app::{AppError, Slice};
use promgen_core::model::{Group, User};

use crate::Server;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::parts::FormView;

/// Most suggestions of a form, so that it stays small. Others can be typed all the same.
const MOST: Slice = Slice {
    offset: 0,
    limit: 500,
};

/// Where users are found by a part of their names.
pub(crate) const USERS: &str = "/rest/v2/users?q=";

/// Where groups are found by a part of their names.
pub(crate) const GROUPS: &str = "/rest/v2/groups?name=";

/// A page that is one form which names people or groups.
#[derive(Debug, Template)]
#[template(path = "members/assign.html")]
pub(crate) struct SuggestPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What stands before the form, if anything does.
    pub(crate) intro: String,
    /// The form; its field has the list `suggestions`.
    pub(crate) form: FormView,
    /// Who can be named.
    pub(crate) suggestions: Suggestions,
}

/// Who can be named, and who need not be, for they are there already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Suggestions {
    pub(crate) shown: Vec<Suggestion>,
    present: Vec<String>,
}

impl Suggestions {
    /// Without these names.
    #[must_use]
    pub(crate) fn without(mut self, present: Vec<String>) -> Self {
        let known: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        self.shown.retain(|one| !known.contains(one.value.as_str()));
        self.present = present;
        self
    }

    /// The names that are left out, for scripts.
    pub(crate) fn except(&self) -> Option<String> {
        (!self.present.is_empty()).then(|| self.present.join("\n"))
    }
}

/// A name, with what tells people apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// What is sent.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: String,
}

/// The first active users, by user name.
pub(crate) async fn users(server: &Server, viewer: &Viewer) -> Result<Suggestions, AppError> {
    let listed = promgen_core::app::people::list(&server.app, viewer.actor(), None, MOST).await?;
    Ok(Suggestions {
        shown: listed.map(of_user).items,
        present: Vec::new(),
    })
}

/// As `username (First Last)(email)`; source: spec 09 §6.
fn of_user(user: User) -> Suggestion {
    let names = format!("{} {}", user.first_name, user.last_name);
    let mut label = user.username.clone();
    for part in [names.trim(), user.email.as_str()] {
        if !part.is_empty() {
            label.push_str(" (");
            label.push_str(part);
            label.push(')');
        }
    }
    Suggestion {
        value: user.username,
        label,
    }
}

/// The first groups that somebody sees, by name.
pub(crate) async fn groups(server: &Server, viewer: &Viewer) -> Result<Suggestions, AppError> {
    let listed = promgen_core::app::groups::list(&server.app, viewer.actor(), None, MOST).await?;
    let of_group = |group: Group| Suggestion {
        label: group.name.clone(),
        value: group.name,
    };
    Ok(Suggestions {
        shown: listed.map(of_group).items,
        present: Vec::new(),
    })
}
