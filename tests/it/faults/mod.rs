//! Faults.

pub(crate) mod shop;

mod durable;
mod postgres;
mod receivers;
