//! What people see.

mod health;
mod home;

pub(crate) use health::{health, ready};
pub(crate) use home::home;
