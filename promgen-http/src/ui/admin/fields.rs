//! The fields of a user's form.

use promgen_core::app::people::{NewUser, UserChange};
use promgen_core::model::User;

use crate::extract::Form;
use crate::ui::parts::Field;
use crate::ui::text::Texts;

/// What the form of a user says.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) username: String,
    email: String,
    first_name: String,
    last_name: String,
    superuser: bool,
    active: bool,
}

impl Sent {
    /// What was sent.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name| form.text(name).trim().to_owned();
        Self {
            username: text("username"),
            email: text("email"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            superuser: form.flag("superuser"),
            active: form.flag("active"),
        }
    }

    /// What is stored.
    pub(super) fn of(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            email: user.email.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            superuser: user.superuser,
            active: user.active,
        }
    }

    pub(super) fn new_user(&self) -> NewUser<'_> {
        NewUser {
            username: &self.username,
            email: &self.email,
            first_name: &self.first_name,
            last_name: &self.last_name,
            superuser: self.superuser,
        }
    }

    pub(super) fn change(&self) -> UserChange<'_> {
        UserChange {
            email: Some(&self.email),
            first_name: Some(&self.first_name),
            last_name: Some(&self.last_name),
            superuser: Some(self.superuser),
            active: Some(self.active),
            ..UserChange::default()
        }
    }

    /// The name that somebody logs in by; it is given once.
    pub(super) fn name_field(&self, t: &Texts) -> Field {
        Field::text("username", t.say("admin-username"))
            .value(&self.username)
            .required()
            .longest(150)
            .help(t.say("admin-username-help"))
    }

    /// What can be changed.
    pub(super) fn fields(&self, t: &Texts) -> Vec<Field> {
        vec![
            Field::line("email", "email", t.say("admin-email"))
                .value(&self.email)
                .longest(254)
                .help(t.say("admin-email-help")),
            Field::text("first_name", t.say("admin-first-name"))
                .value(&self.first_name)
                .longest(150),
            Field::text("last_name", t.say("admin-last-name"))
                .value(&self.last_name)
                .longest(150),
            Field::tick("superuser", t.say("admin-superuser"), self.superuser)
                .help(t.say("admin-superuser-help")),
        ]
    }

    /// Whether they may do anything.
    pub(super) fn active_field(&self, t: &Texts) -> Field {
        Field::tick("active", t.say("admin-active"), self.active).help(t.say("admin-active-help"))
    }
}
