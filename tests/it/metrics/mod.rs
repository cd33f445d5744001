//! What Promgen tells of itself: the page of metrics, health, and what is shipped to look at them.

mod access;
mod health;
mod page;
mod shared;
mod shipped;
mod told;
mod world;
