//! Discovery: farms whose hosts come from elsewhere.

mod commands;
mod failures;
mod links;
mod refresh;
mod worker;
mod world;
