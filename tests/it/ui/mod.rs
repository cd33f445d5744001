//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod alerts;
mod errors;
mod frame;
mod imports;
mod notifiers;
mod rules;
mod searching;
mod servers;
mod services;
mod silences;
mod world;

use world::{Page, Pages};
