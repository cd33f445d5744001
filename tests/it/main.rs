//! Behaviour through the public API and the built program, in one binary: each further one links
//! the whole stack again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test it is the assertion that nothing else happened"
)]

mod anchors;
mod bad_input;
mod browser;
mod chats;
mod cli;
mod deliveries;
mod deploy;
mod discovery;
mod e2e;
mod faults;
mod golden;
mod http;
mod imports;
mod invariants;
mod login;
mod metrics;
mod operators;
mod packaging;
mod plugin;
mod proxy;
mod rest;
mod second_opinion;
mod store;
mod ui;
mod web;
