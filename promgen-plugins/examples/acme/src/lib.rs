//! An example of plugins from outside: what Acme needs and Promgen does not ship.
//!
//! `docs/PLUGINS.md` walks through it. One file holds one plugin; each registers itself, and
//! `main.rs` puts them into a program.

mod badges;
mod inventory;
mod pager;
