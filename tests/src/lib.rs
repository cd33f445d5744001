//! What the tests share: real servers and databases, the built program, and the golden answers of
//! the original.

pub mod afterwards;
pub mod browser;
pub mod databases;
pub mod disk;
pub mod exporter;
pub mod fakes;
pub mod github;
pub mod golden;
pub mod http;
pub mod oidc;
pub mod pages;
pub mod process;
pub mod prometheus;
pub mod promgen;
pub mod sample;
pub mod shard;
pub mod sink;
pub mod smtp;
pub mod source;
pub mod tls;
pub mod wait;
