//! `login:` — who comes in, by which way, and for how long.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::plugin::Peers;

/// The backend that there is without any setting.
pub(crate) const PASSWORD: &str = "password";

/// `login:` — who comes in, and for how long.
#[derive(Debug, Clone)]
pub struct Login {
    /// `backends`: keys of the login backends, in the order of the login page; see
    /// [`Login::backends`] for what none means.
    pub backends: Vec<String>,
    /// `create_users`: whoever a backend vouches for gets an account; default true.
    pub create_users: bool,
    /// `session`: the longest that a login lasts; default 14 days.
    pub session: Duration,
    /// `idle`: a login that is not used for so long ends; default 3 days.
    pub idle: Duration,
    /// `proxies`: peers whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub proxies: Peers,
    /// `groups`: what a backend calls a group, and its name here; without any, names are the same.
    pub groups: BTreeMap<String, String>,
}

impl Default for Login {
    fn default() -> Self {
        Self {
            backends: Vec::new(),
            create_users: true,
            session: Duration::from_hours(14 * 24),
            idle: Duration::from_hours(3 * 24),
            proxies: Peers::default(),
            groups: BTreeMap::new(),
        }
    }
}

impl Login {
    /// The keys of the login backends, in order; without any, the passwords of Promgen itself.
    pub fn backends(&self) -> Vec<&str> {
        let listed: Vec<&str> = self.backends.iter().map(String::as_str).collect();
        if listed.is_empty() {
            vec![PASSWORD]
        } else {
            listed
        }
    }
}
