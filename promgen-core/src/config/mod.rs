//! What an operator sets: documented structs, their defaults, and (feature `config`) the loading
//! of `promgen.yml` and the environment.
//!
//! The structs are always compiled, so that an embedder can fill them by hand. The keys are those
//! of the original's `promgen.yml`; what is ours alone is marked so. `docs/SETTINGS.md` lists all
//! of them for operators and changes together with this module.
//!
//! Loading (`load`, feature `config`) is a function of its sources and the files that they name: it
//! asks neither the process nor a clock, and it never logs. What it finds are
//! [`Problem`](crate::model::Problem)s, which never hold the value of a setting, for it may be a
//! secret.

mod login;
mod settings;

#[cfg(feature = "config")]
mod django;
#[cfg(feature = "config")]
mod environment;
#[cfg(feature = "config")]
mod find;
#[cfg(feature = "config")]
mod keys;
#[cfg(feature = "config")]
mod load;
#[cfg(feature = "config")]
mod login_section;
#[cfg(feature = "config")]
mod node;
#[cfg(feature = "config")]
mod parse;
#[cfg(feature = "config")]
mod reader;
#[cfg(feature = "config")]
mod sections;

#[cfg(feature = "config")]
pub use load::{Loaded, Sources, load};
pub use login::Login;
#[cfg(feature = "runtime")]
pub(crate) use login::PASSWORD;
#[cfg(feature = "config")]
pub use parse::{Parsed, parse};
pub use settings::{
    Alertmanager, Alerts, DatabaseUrl, Delivery, Discovery, Egress, Exports, LinkScheme, Mail,
    MailTls, Prometheus, PrometheusVersion, Section, Settings,
};
