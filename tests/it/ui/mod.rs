//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod errors;
mod frame;
mod imports;
mod rules;
mod searching;
mod services;
mod world;

use world::{Page, Pages};
