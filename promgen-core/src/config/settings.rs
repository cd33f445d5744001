//! The settings as plain structs, with their defaults.
//!
//! Durations, paths and sizes have their types here; what a person may write for them is decided in
//! the modules that read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::login::Login;
use crate::model::{Role, Secret, Zone};

/// A plugin's own section of `promgen.yml`, under its key.
pub type Section = serde_yaml::Value;

/// Everything that can be set.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `DATABASE_URL`.
    pub database: DatabaseUrl,
    /// `SECRET_KEY`; `None` when not set.
    pub secret_key: Option<Secret<String>>,
    /// `PROMGEN_SCHEME`: the scheme of absolute links.
    pub scheme: LinkScheme,
    /// `DEBUG` (or `django: DEBUG`): whether every page says that this is an installation to try
    /// things out. It changes nothing else.
    pub debug: bool,
    /// `timezone` (or `django: TIME_ZONE`): the zone of times that name none; default `UTC`.
    pub timezone: Option<Zone>,
    /// `prometheus:`.
    pub prometheus: Prometheus,
    /// `alertmanager:`.
    pub alertmanager: Alertmanager,
    /// `exports:` (ours).
    pub exports: Exports,
    /// `alerts:` (ours).
    pub alerts: Alerts,
    /// `permissions:` (ours).
    pub permissions: Permissions,
    /// `metrics:` (ours).
    pub metrics: Metrics,
    /// `delivery:` (ours).
    pub delivery: Delivery,
    /// `keep:` (ours).
    pub keep: Keep,
    /// `egress:` (ours).
    pub egress: Egress,
    /// `discovery:` (ours).
    pub discovery: Discovery,
    /// `proxy:` (ours).
    pub proxy: Proxy,
    /// `login:` (ours), and `django: AUTHENTICATION_BACKENDS`.
    pub login: Login,
    /// `django: EMAIL_*` and `DEFAULT_FROM_EMAIL`.
    pub mail: Mail,
    /// `state:` (ours): folder for previous output files; default `promgen-state` in the working
    /// folder.
    pub state: Option<PathBuf>,
    /// A section per plugin, under its key.
    pub plugins: BTreeMap<String, Section>,
}

impl Settings {
    /// Folder for what a worker keeps between two deployments: the setting `state`, else
    /// `promgen-state` in the working folder.
    pub fn state_folder(&self) -> PathBuf {
        self.state
            .clone()
            .unwrap_or_else(|| PathBuf::from("promgen-state"))
    }

    /// The zone of times that name none: the setting `timezone`, else UTC.
    pub fn zone(&self) -> Zone {
        self.timezone.clone().unwrap_or_default()
    }
}

/// Address of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub Secret<String>);

impl Default for DatabaseUrl {
    fn default() -> Self {
        Self(Secret::new("sqlite://promgen.db".to_owned()))
    }
}

/// Scheme of absolute links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkScheme {
    /// `http`, the default.
    #[default]
    Http,
    /// `https`.
    Https,
}

impl LinkScheme {
    /// The scheme as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// `prometheus:` — the server beside this worker, and what its versions know.
#[derive(Debug, Clone)]
pub struct Prometheus {
    /// `url`: where to reload; a path prefix is kept.
    pub url: Option<String>,
    /// `promtool`: program for a second opinion on rules.
    pub promtool: Option<PathBuf>,
    /// `rules`: output file.
    pub rules: Option<PathBuf>,
    /// `targets`: output file.
    pub targets: Option<PathBuf>,
    /// `blackbox`: output file of the URLs.
    pub blackbox: Option<PathBuf>,
    /// `min_version` (ours): the oldest server that loads the outputs; default 2.42.
    pub min_version: PrometheusVersion,
}

impl Default for Prometheus {
    fn default() -> Self {
        Self {
            url: None,
            promtool: None,
            rules: None,
            targets: None,
            blackbox: None,
            min_version: PrometheusVersion {
                major: 2,
                minor: 42,
            },
        }
    }
}

/// A version of Prometheus, as far as its formats depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrometheusVersion {
    /// Major version.
    pub major: u32,
    /// Minor version.
    pub minor: u32,
}

/// `alertmanager:`
#[derive(Debug, Clone)]
pub struct Alertmanager {
    /// `url`: one address, or a list of them.
    pub urls: Vec<String>,
    /// `blacklist`: label name to values; a message with such a common label is dropped.
    pub blacklist: BTreeMap<String, Vec<String>>,
    /// `split` (ours): route each (service, project) pair of a message as if it had come alone.
    pub split: bool,
}

impl Default for Alertmanager {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            blacklist: BTreeMap::new(),
            split: true,
        }
    }
}

/// `exports:`
#[derive(Debug, Clone)]
pub struct Exports {
    /// `anonymous`: targets, rules and URLs are open to everybody; default true.
    pub anonymous: bool,
}

impl Default for Exports {
    fn default() -> Self {
        Self { anonymous: true }
    }
}

/// `alerts:`
#[derive(Debug, Clone)]
pub struct Alerts {
    /// `anonymous`: alerts are taken without a token; default false.
    pub anonymous: bool,
    /// `max_body`: largest body in bytes; default 32 MiB.
    pub max_body_bytes: usize,
    /// `max_depth`: deepest nesting; default 64.
    pub max_depth: usize,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            anonymous: false,
            max_body_bytes: 32 * 1024 * 1024,
            max_depth: 64,
        }
    }
}

/// `permissions:`
#[derive(Debug, Clone)]
pub struct Permissions {
    /// `default_role`: what a logged-in user may do on objects without a role on them; default
    /// `viewer`, `None` (written `none`) for nothing.
    pub default_role: Option<Role>,
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            default_role: Some(Role::Viewer),
        }
    }
}

/// `metrics:`
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    /// `anonymous`: `/metrics` is open to everybody; default false.
    pub anonymous: bool,
}

/// `delivery:`
#[derive(Debug, Clone)]
pub struct Delivery {
    /// `timeout`: the whole of one attempt; default 10 s. The lease is a little over twice that.
    pub timeout: Duration,
    /// `give_up_after`: from the first failure to `dead`; default 24 h.
    pub give_up_after: Duration,
    /// `first_retry`: default 1 s, doubled after each failure.
    pub first_retry: Duration,
    /// `longest_retry`: most time between two attempts; default 5 min.
    pub longest_retry: Duration,
    /// `concurrency`: attempts under way at once in this process; default 64.
    pub concurrency: usize,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            give_up_after: Duration::from_hours(24),
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_mins(5),
            concurrency: 64,
        }
    }
}

/// `keep:` — how long what grows without end is kept; zero keeps it for ever.
#[derive(Debug, Clone)]
pub struct Keep {
    /// `alerts`: alerts with their labels, deliveries and attempts; default for ever.
    pub alerts: Duration,
    /// `dropped`: alerts that the blacklist dropped; default 24 h.
    pub dropped: Duration,
    /// `audit`: the log of changes; default for ever.
    pub audit: Duration,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            alerts: Duration::ZERO,
            dropped: Duration::from_hours(24),
            audit: Duration::ZERO,
        }
    }
}

/// `egress:` — which addresses notifiers and tests of exporters may reach; both lists hold CIDRs and win
/// over the default.
#[derive(Debug, Clone, Default)]
pub struct Egress {
    /// `allow`.
    pub allow: Vec<String>,
    /// `deny`.
    pub deny: Vec<String>,
}

/// `discovery:` — how hosts of remote farms are fetched; each source has a section of its own.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// `every`: time between two refreshes of the remote farms by a worker; default 5 min, `None`
    /// (written `0s`) for never.
    pub every: Option<Duration>,
    /// `timeout`: the whole of one question to a source; default 30 s.
    pub timeout: Duration,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            every: Some(Duration::from_mins(5)),
            timeout: Duration::from_secs(30),
        }
    }
}

/// `proxy:` — queries of metrics over all shards.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// `anonymous`: open to everybody; default false.
    pub anonymous: bool,
    /// `enforce`: whoever is no superuser gets only series of the services and projects that they
    /// may see; default false.
    pub enforce: bool,
    /// `timeout`: how long a shard may take; default 30 s.
    pub timeout: Duration,
    /// `max_bytes`: what the answers of all shards to one question may take; default 64 MiB.
    pub max_bytes: usize,
}

impl Default for Proxy {
    fn default() -> Self {
        Self {
            anonymous: false,
            enforce: false,
            timeout: Duration::from_secs(30),
            max_bytes: 64 * 1024 * 1024,
        }
    }
}

/// SMTP, as the original's framework settings name it.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `EMAIL_HOST`; default `localhost`.
    pub host: String,
    /// `EMAIL_PORT`; default 25.
    pub port: u16,
    /// `EMAIL_HOST_USER`; empty means no login.
    pub user: String,
    /// `EMAIL_HOST_PASSWORD`.
    pub password: Option<Secret<String>>,
    /// `EMAIL_USE_TLS` (STARTTLS) or `EMAIL_USE_SSL` (TLS from the first byte).
    pub tls: MailTls,
    /// `EMAIL_CA_FILE` (ours): PEM file of further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// `DEFAULT_FROM_EMAIL`: sender address where the plugin's own section names none.
    pub default_from: Option<String>,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: 25,
            user: String::new(),
            password: None,
            tls: MailTls::None,
            ca_file: None,
            default_from: None,
        }
    }
}

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailTls {
    /// Plain text, the default.
    #[default]
    None,
    /// `STARTTLS`, required.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}
