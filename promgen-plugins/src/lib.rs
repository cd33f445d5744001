//! The drivers that ship with Promgen. One file and one cargo feature each; they know the core and
//! nothing else of the program.
//!
//! A binary that wants them names this crate (`use promgen_plugins as _;`), or the linker drops it.

mod auth;
mod discovery;
mod notify;
