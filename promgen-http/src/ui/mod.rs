//! What people see.

mod health;
mod home;

pub(crate) use health::health;
pub(crate) use home::home;
