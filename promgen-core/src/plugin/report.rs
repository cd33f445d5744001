//! What plugins there are, and whether they can work.

use serde::Serialize;

use super::{NotifierKind, PluginError, Registry};
use crate::config::Settings;

/// A plugin as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginReport {
    /// `notifier`, `subscription`, `discovery` or `login`.
    pub kind: &'static str,
    /// Its key.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Why it cannot work with the settings as they are, and what to do.
    pub problem: Option<String>,
}

impl Registry {
    /// All plugins: notifiers, then sources of farms, then ways to log in, each by key.
    pub fn report(&self, settings: &Settings) -> Vec<PluginReport> {
        let told = |error: PluginError| format!("{}; {}", error.message, error.remedy);
        let notifiers = self.notifiers().map(|description| PluginReport {
            kind: match description.kind {
                NotifierKind::Send(_) => "notifier",
                NotifierKind::FanOut => "subscription",
            },
            key: description.key,
            label: description.label,
            help: description.help,
            problem: match description.kind {
                NotifierKind::Send(build) => build(settings).err().map(told),
                NotifierKind::FanOut => None,
            },
        });
        let discoveries = self.discoveries().map(|description| PluginReport {
            kind: "discovery",
            key: description.key,
            label: description.label,
            help: description.help,
            problem: (description.build)(settings).err().map(told),
        });
        let listed = settings.login.backends();
        let backends = self.backends().map(|description| PluginReport {
            kind: "login",
            key: description.key,
            label: description.label,
            help: description.help,
            // One that is not listed is not used, and so need not be set.
            problem: listed
                .contains(&description.key)
                .then(|| (description.build)(settings).err().map(told))
                .flatten(),
        });
        notifiers.chain(discoveries).chain(backends).collect()
    }
}
