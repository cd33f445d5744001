//! Help for tests.

pub mod render;
