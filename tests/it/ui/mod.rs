//! Pages, asked without a browser: what stands on them, and what their forms do.

mod account;
mod admin;
mod alerts;
mod at_once;
mod audience;
mod audit;
mod datasources;
mod errors;
mod exporters;
mod farms;
mod frame;
mod groups;
mod imports;
mod languages;
mod losses;
mod members;
mod notifiers;
mod overriding;
mod overviews;
mod projects;
mod rules;
mod scrape;
mod searching;
mod servers;
mod services;
mod silences;
mod silencing;
mod sorting;
mod statements;
mod switches;
mod world;
mod written_again;

use world::{Page, Pages};
