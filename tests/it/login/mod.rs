//! Coming in, staying in, and leaving; over HTTP.

mod at_rest;
pub(crate) mod browser;
mod csrf;
mod github;
mod groups;
mod identity;
mod oidc;
mod password;
mod proxy;
mod reset;
mod sessions;
mod setup;
mod world;

use browser::Browser;
use world::World;
