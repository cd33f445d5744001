//! The REST API, asked without a socket: the data set of the original, people with roles, tokens.

mod canary;
mod hostile;
mod matrix;
mod schema;
mod services;
mod silences;
mod world;

use world::{World, recorded};
