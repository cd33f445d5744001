//! What people see.

mod health;
mod home;
mod html;
mod login;

pub(crate) use health::{health, ready};
pub(crate) use home::home;
pub(crate) use html::escape;
pub(crate) use login::routes;
