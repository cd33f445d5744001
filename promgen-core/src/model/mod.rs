//! The words of Promgen as plain types: no I/O, no SQL, no HTTP.
//!
//! Everything else in the crate is written in these terms. The invariants that a type carries are
//! established where it is built ([`Name::parse`], [`Hostname::parse`], [`PromDuration::parse`])
//! and hold from there on. Types here derive `serde` traits so that the audit log, the tree
//! document and `--format json` share one spelling of every field.
//!
//! This module must never depend on another module of the crate.

mod alert;
mod audit;
mod delivery;
mod exporter;
mod farm;
mod group;
mod id;
mod language;
mod link;
mod name;
mod owner;
mod problem;
mod role;
mod rule;
mod secret;
mod sender;
mod server_task;
mod service;
mod session;
mod shard;
mod site;
mod text;
mod time;
mod token;
mod tree;
mod url;
mod user;
mod worker;
mod zone;

pub use alert::{Alert, AlertState};
pub use audit::{AuditEntry, AuditKind, Called, Deed, Members, Told};
pub use delivery::{Attempt, AttemptOutcome, Delivery, DeliveryState, Destination};
pub use exporter::{Exporter, ExporterPath, Preset, Scheme};
pub use farm::{Farm, Host, LOCAL_SOURCE};
pub use group::{Group, GroupRole, Member};
pub use id::{
    AlertId, AttemptId, AuditId, DeliveryId, ExporterId, FarmId, FilterId, GrantId, GroupId,
    HostId, IdentityId, LinkId, PresetId, ProbeId, ProjectId, RuleId, SenderId, ServerId,
    ServiceId, SessionId, ShardId, TokenId, UrlId, UserId,
};
pub use language::Language;
pub use link::{LinkKind, OneTimeLink};
pub use name::{Hostname, LabelName, Name, NameError};
pub use owner::{RuleOwner, SenderOwner};
pub use problem::{Place, Problem, Severity, has_errors, joined};
pub use role::{Grant, Grantee, Role, RoleOn};
pub use rule::{GroupOptions, Rule, RuleKind};
pub use secret::{MASKED, Secret};
pub use sender::{Filter, Sender, USER_DRIVER};
pub use server_task::{ServerTask, TaskKind};
pub use service::{Project, Service};
pub use session::{LinkedIdentity, Session};
pub use shard::{Server, ServerState, Shard};
pub use site::Site;
pub use text::{is_exporter_path, is_line, is_web_url};
pub use time::{Clock, DurationError, PromDuration, SystemClock, Timestamp};
pub use token::{Scope, Token};
pub use tree::Tree;
pub use url::{Probe, Url};
pub use user::User;
pub use worker::Worker;
pub use zone::{Zone, ZoneError};
