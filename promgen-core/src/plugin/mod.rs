//! What the authors of plugins see: descriptions, the traits to implement, and the registry.
//!
//! A plugin registers a `&'static` description through [`register_notifier!`](crate::register_notifier),
//! [`register_discovery!`](crate::register_discovery), [`register_auth!`](crate::register_auth) or
//! [`register_mailer!`](crate::register_mailer); never a live object. [`Registry::linked`] gathers what the linker kept, which is why a binary names its plugin crates
//! (`use promgen_plugins as _;`). This is the only module that names `inventory`.
//!
//! A driver cannot open sockets by accident: all HTTP goes through [`NotifyContext::http`], which
//! the egress guard stands behind.

mod auth;
mod discovery;
mod form;
mod http;
mod macros;
mod mail;
mod notifier;
mod peer;
mod registry;
mod report;
mod section;

pub use auth::{
    AuthBackend, AuthContext, AuthDescription, AuthError, Begun, HeaderAuth, HeaderRequest,
    Identity, PasswordAuth, RedirectAuth,
};
pub use discovery::{Discovery, DiscoveryContext, DiscoveryDescription, DiscoveryError};
pub use form::{Field, FieldKind};
pub use http::{HttpRequest, HttpResponse, Method};
#[doc(hidden)]
pub use inventory;
#[doc(hidden)]
pub use macros::{LinkedAuth, LinkedDiscovery, LinkedMailer, LinkedNotifier};
pub use mail::{LiveMailer, Mail, Mailer, MailerDescription};
pub use notifier::{
    Notifier, NotifierDescription, NotifierKind, NotifyContext, NotifyError, Pace, PluginError,
    Receipt, Target,
};
pub use peer::{Peer, Peers};
pub use registry::{Registry, RegistryBuilder, RegistryError};
pub use report::PluginReport;
pub use section::DriverSettings;
