//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod datasources;
mod errors;
mod exporters;
mod farms;
mod frame;
mod imports;
mod projects;
mod rules;
mod scrape;
mod searching;
mod services;
mod world;

use world::{Page, Pages};
