//! Faults.

pub(crate) mod shop;

mod postgres;
