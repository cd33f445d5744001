//! Lists in pages: `?page_number=2&page_size=50`, answered with links to the pages beside it.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Uri, header};
use promgen_core::app::{AppError, Listed, Slice};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::{Filters, RestError};

/// Items in a page, unless somebody asks for another number.
pub(super) const USUAL: u64 = 10;

/// Most items in a page.
pub(super) const MOST: u64 = 1000;

/// Which page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    number: u64,
    size: u64,
    address: Address,
}

/// Where a list is: what links to its other pages are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    origin: String,
    uri: Uri,
}

/// The parameters of a page, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the derive, for the document")]
pub(crate) struct PageQuery {
    /// Which page, counted from 1.
    #[param(minimum = 1, example = 1)]
    page_number: Option<u64>,
    /// How many items in a page: 10 unless given, 1000 at most.
    #[param(minimum = 1, maximum = 1000, example = 10)]
    page_size: Option<u64>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageOf<T> {
    /// How many items the whole list has.
    count: u64,
    /// Link to the next page.
    #[schema(required)]
    next: Option<String>,
    /// Link to the page before.
    #[schema(required)]
    previous: Option<String>,
    /// The items.
    results: Vec<T>,
}

impl Page {
    /// What the store is asked for.
    pub(crate) fn slice(&self) -> Slice {
        Slice {
            offset: (self.number - 1).saturating_mul(self.size),
            limit: self.size,
        }
    }

    /// The answer. A page beyond the last is not found; the first one of an empty list is.
    pub(crate) fn answer<T, U>(
        &self,
        listed: Listed<T>,
        each: impl FnMut(T) -> U,
    ) -> Result<PageOf<U>, RestError> {
        let pages = listed.count.div_ceil(self.size).max(1);
        if self.number > pages {
            return Err(AppError::not_found("page", &self.number).into());
        }
        let link = |number: u64| (1..=pages).contains(&number).then(|| self.link(number));
        Ok(PageOf {
            count: listed.count,
            next: link(self.number + 1),
            previous: link(self.number - 1),
            results: listed.items.into_iter().map(each).collect(),
        })
    }

    /// The first page is the one without a number, as the original has it.
    fn link(&self, number: u64) -> String {
        let number = if number > 1 {
            number.to_string()
        } else {
            String::new()
        };
        link(&self.address, "page_number", &number)
    }
}

/// The address with another value of a parameter, and everything else that was asked; an empty
/// value leaves the parameter out.
pub(super) fn link(address: &Address, name: &str, value: &str) -> String {
    let query = address.uri.query().unwrap_or_default();
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    if !value.is_empty() {
        pairs.push((name.to_owned(), value.to_owned()));
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{}{mark}{query}", address.origin, address.uri.path())
}

impl Address {
    pub(super) fn of(parts: &Parts) -> Self {
        Self {
            origin: origin(parts),
            uri: parts.uri.clone(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RestError> {
        let filters = Filters::parse(parts.uri.query().unwrap_or_default());
        let number = filters.number::<u64>("page_number")?.unwrap_or(1);
        let size = filters.number::<u64>("page_size")?.unwrap_or(USUAL);
        if number == 0 {
            return Err(AppError::not_found("page", "0").into());
        }
        if size == 0 {
            let remedy = format!("give 1 to {MOST}");
            return Err(RestError::field("page_size", "is no size", remedy));
        }
        Ok(Self {
            number,
            size: size.min(MOST),
            address: Address::of(parts),
        })
    }
}

/// The host that was asked. Who asked knows the scheme better than we do behind a proxy, so that
/// without a host, links are relative to it.
pub(super) fn origin(parts: &Parts) -> String {
    let host = parts.headers.get(header::HOST);
    match host.and_then(|host| host.to_str().ok()) {
        Some(host) => format!("http://{host}"),
        None => String::new(),
    }
}
