//! Lists that grow without end: newest first, going on from an id.
//!
//! A page number would mean another thing with each new row, and to count them all takes time.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{MOST, USUAL, link};
use super::{Filters, RestError};

/// From where on, and how many.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    before: Option<i64>,
    limit: u64,
    parts: super::page::Address,
}

/// The parameters of such a list, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the derive, for the document")]
pub(crate) struct CursorQuery {
    /// Those that came before this one.
    before: Option<i64>,
    /// How many: 10 unless given, 1000 at most.
    #[param(minimum = 1, maximum = 1000, example = 10)]
    page_size: Option<u64>,
}

/// Items, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Newest<T> {
    /// Link to the older ones, where there may be any.
    #[schema(required)]
    next: Option<String>,
    /// The items.
    results: Vec<T>,
}

impl Cursor {
    pub(crate) fn before(&self) -> Option<i64> {
        self.before
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// The answer. A full list may go on.
    pub(crate) fn answer<'a, T, U>(
        &self,
        found: &'a [T],
        id: impl Fn(&T) -> i64,
        each: impl Fn(&'a T) -> U,
    ) -> Newest<U> {
        let full = found.len() as u64 == self.limit;
        let last = found.last().filter(|_| full);
        Newest {
            next: last.map(|last| link(&self.parts, "before", &id(last).to_string())),
            results: found.iter().map(each).collect(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Cursor {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RestError> {
        let filters = Filters::parse(parts.uri.query().unwrap_or_default());
        let limit = filters.number::<u64>("page_size")?.unwrap_or(USUAL);
        if limit == 0 {
            let remedy = format!("give 1 to {MOST}");
            return Err(RestError::field("page_size", "is no size", remedy));
        }
        Ok(Self {
            before: filters.number("before")?,
            limit: limit.min(MOST),
            parts: super::page::Address::of(parts),
        })
    }
}
