//! What handlers take out of requests.

mod body;
mod credential;
mod id;
mod query;
mod text;

pub(crate) use body::{Limits, Received, discard, read};
pub(crate) use credential::Credential;
pub(crate) use id::{BigId, Id, Ids};
pub(crate) use query::FeedQuery;
pub(crate) use text::PathText;
