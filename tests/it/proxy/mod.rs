//! Prometheus' HTTP API over several shards: against real servers, and against stand-ins that
//! misbehave.

mod clients;
mod credentials;
mod enforcement;
mod failures;
mod memory;
mod paths;
mod shapes;
mod trials;
mod twins;
mod usages;
mod world;
