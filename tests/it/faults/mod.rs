//! Faults.

pub(crate) mod shop;

mod disk;
mod durable;
mod lease;
mod postgres;
mod receivers;
