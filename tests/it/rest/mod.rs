//! The REST API, asked without a socket: the data set of the original, people with roles, tokens.

mod canary;
mod exporters;
mod farms;
mod golden_access;
mod golden_v1;
mod golden_v2;
mod groups;
mod holders;
mod hostile;
mod hosts;
mod imports;
mod logs;
mod matrix;
mod notifiers;
mod notifiers_tried;
mod people;
mod probes;
mod projects;
mod queries;
mod remote_farms;
mod rules;
mod rules_opinion;
mod rules_written;
mod schema;
mod services;
mod shards;
mod silences;
mod urls;
mod v1;
pub(crate) mod world;

use world::{Person, World, recorded};
