//! What Promgen tells of itself: the page of metrics and health.

mod access;
mod health;
mod page;
mod shared;
mod told;
mod world;
