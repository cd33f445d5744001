//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod admin;
mod audit;
mod errors;
mod frame;
mod imports;
mod rules;
mod searching;
mod groups;
mod members;
mod services;
mod world;

use world::{Page, Pages};
