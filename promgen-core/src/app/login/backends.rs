//! The login backends of the settings, in their order.

use std::sync::Arc;

use crate::app::{App, AppError};
use crate::config::Settings;
use crate::model::Problem;
use crate::plugin::{
    AuthBackend, AuthDescription, HeaderAuth, PluginError, RedirectAuth, Registry,
};

/// The backends that the settings list and that can work. One that refuses its settings lets nobody
/// in, and keeps nobody from the others; `promgen check` and the log tell about it.
#[derive(Debug)]
pub(in crate::app) struct Backends(Vec<(&'static AuthDescription, AuthBackend)>);

impl Backends {
    pub(in crate::app) fn build(registry: &Registry, settings: &Settings) -> Self {
        let mut live = Vec::new();
        for (description, built) in listed(registry, settings) {
            match built {
                Ok(backend) => live.push((description, backend)),
                Err(error) => tracing::debug!(%error, "a login backend cannot be used"),
            }
        }
        Self(live)
    }

    /// Those that work, in the order of the settings.
    pub(super) fn live(&self) -> impl Iterator<Item = (&'static str, &AuthBackend)> {
        self.0
            .iter()
            .map(|(description, backend)| (description.key, backend))
    }

    /// The one of that key that sends people to another site.
    pub(super) fn redirect(
        &self,
        key: &str,
    ) -> Result<(&'static str, Arc<dyn RedirectAuth>), AppError> {
        let found = self.live().find_map(|(known, backend)| match backend {
            AuthBackend::Redirect(driver) if known == key => Some((known, Arc::clone(driver))),
            _ => None,
        });
        found.ok_or_else(|| AppError::not_found("login backend", key))
    }

    /// The one of that key that looks at headers.
    pub(super) fn header(&self, key: &str) -> Option<&dyn HeaderAuth> {
        self.live().find_map(|(known, backend)| match backend {
            AuthBackend::Header(driver) if known == key => Some(driver.as_ref()),
            _ => None,
        })
    }
}

type Built = (&'static AuthDescription, Result<AuthBackend, PluginError>);

/// What the settings list and this program has.
fn listed<'a>(registry: &'a Registry, settings: &'a Settings) -> impl Iterator<Item = Built> + 'a {
    let keys = settings.login.backends().into_iter();
    let known = keys.filter_map(|key| registry.backend(key));
    known.map(|description| (description, (description.build)(settings)))
}

/// What is wrong with the backends that the settings list.
pub fn problems(settings: &Settings, registry: &Registry) -> Vec<Problem> {
    let keys = settings.login.backends().into_iter();
    let unknown = keys
        .filter(|key| registry.backend(key).is_none())
        .map(|key| {
            let message = format!("{key:?} is no login backend of this program");
            Problem::error(
                "login.backends",
                message,
                "`promgen plugins` lists those that are",
            )
        });
    let refused = listed(registry, settings).filter_map(|(_, built)| built.err());
    let refused = refused.map(|error| Problem::error(error.key, error.message, error.remedy));
    unknown.chain(refused).collect()
}

/// How a backend is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the form for user name and password.
    Form,
    /// By a button that leads to another site.
    Button,
}

/// A way to log in, for the login page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Key of the backend, which stands in its addresses.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How it is used.
    pub way: Way,
}

/// The ways to log in that a page can offer, in the order of the settings. Everybody may know them.
pub fn choices(app: &App) -> Vec<Choice> {
    let backends = app.backends().0.iter();
    backends
        .filter_map(|(description, backend)| {
            let way = match backend {
                AuthBackend::Local | AuthBackend::Password(_) => Way::Form,
                AuthBackend::Redirect(_) => Way::Button,
                AuthBackend::Header(_) => return None,
            };
            Some(Choice {
                key: description.key,
                label: description.label,
                way,
            })
        })
        .collect()
}
