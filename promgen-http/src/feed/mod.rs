//! The exports: bytes of the current revision, straight from memory.
//!
//! Each is offered plain and compressed, each with an entity tag of its own, so that a client that
//! has the bytes already gets a 304 of a few hundred bytes.

mod answer;
mod encoding;
mod etag;
mod handlers;

pub(crate) use handlers::{
    project_rules, project_targets, project_urls, rules, service_rules, service_targets,
    service_urls, targets, urls,
};
