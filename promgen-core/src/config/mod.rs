//! What an operator sets: documented structs, their defaults, and (feature `config`) the loading
//! of `promgen.yml` and the environment.
//!
//! The structs are always compiled, so that an embedder can fill them by hand. The keys are those
//! of the original's `promgen.yml`; what is ours alone is marked so. `docs/SETTINGS.md` lists all
//! of them for operators and changes together with this module.

mod settings;

pub use settings::{
    Alertmanager, Alerts, DatabaseUrl, Delivery, Egress, Exports, LinkScheme, Mail, MailTls,
    Prometheus, PrometheusVersion, Section, Settings,
};
