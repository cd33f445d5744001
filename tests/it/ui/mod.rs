//! Pages, asked without a browser: what stands on them, and what their forms do.

mod errors;
mod frame;
mod services;
mod world;

use world::Pages;
