//! What handlers take out of requests.

mod body;
mod cookies;
mod credential;
mod csrf;
mod form;
mod id;
mod query;
mod text;
mod visitor;

pub(crate) use body::{Limits, Received, discard, read};
pub(crate) use cookies::{
    Cookies, FORM_COOKIE, LOGIN_COOKIE, NOTICE_COOKIE, NewCookie, SESSION_COOKIE,
};
pub(crate) use credential::Credential;
pub(crate) use csrf::Provenance;
pub(crate) use form::Form;
pub(crate) use id::{BigId, Id, IdText, Ids};
pub(crate) use query::FeedQuery;
pub(crate) use text::PathText;
pub(crate) use visitor::Visitor;
