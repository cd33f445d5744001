//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod admin;
mod audit;
mod errors;
mod frame;
mod groups;
mod imports;
mod members;
mod rules;
mod searching;
mod services;
mod world;

use world::{Page, Pages};
