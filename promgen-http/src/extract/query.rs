//! The query of an export.

use axum::extract::FromRequestParts;
use http::request::Parts;
use promgen_core::app::Selection;
use url::form_urlencoded;

use crate::error::HttpError;

/// `?shard=NAME` and `?server=HOST:PORT`. Other keys mean nothing, as with the original.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FeedQuery {
    shard: Option<String>,
    /// The Prometheus server that says it is pulling.
    pub(crate) server: Option<String>,
}

impl FeedQuery {
    /// Given twice or without a value, a filter that somebody meant would not be one: that is told
    /// instead of answering with everything.
    fn parse(query: &str) -> Result<Self, HttpError> {
        let mut found = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let (name, slot) = match &*key {
                "shard" => ("shard", &mut found.shard),
                "server" => ("server", &mut found.server),
                _ => continue,
            };
            let wrong = |message| HttpError::Query { name, message };
            if value.is_empty() {
                return Err(wrong("is empty"));
            }
            if slot.is_some() {
                return Err(wrong("is given twice"));
            }
            *slot = Some(value.into_owned());
        }
        Ok(found)
    }

    /// The shard that is asked for, or everything.
    pub(crate) fn selection(&self) -> Selection {
        self.shard.clone().map_or(Selection::All, Selection::Shard)
    }

    /// Refuses a shard where the path already says what is asked for.
    pub(crate) fn without_shard(self) -> Result<Self, HttpError> {
        match self.shard {
            None => Ok(self),
            Some(_) => Err(HttpError::Query {
                name: "shard",
                message: "is only for exports of the whole site",
            }),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for FeedQuery {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(query: &str) -> Selection {
        FeedQuery::parse(query).unwrap().selection()
    }

    #[test]
    fn a_shard_is_decoded_like_a_form() {
        assert_eq!(shard(""), Selection::All);
        for query in [
            "shard=a+b%2F",
            "x=1&shard=a%20b/",
            "&&shard=a b%2f&shards=c",
        ] {
            assert_eq!(shard(query), Selection::Shard("a b/".to_owned()), "{query}");
        }
    }

    #[test]
    fn the_server_is_told_apart_from_the_shard() {
        let query = FeedQuery::parse("server=prom%3A9090&shard=a").unwrap();
        assert_eq!(query.server.as_deref(), Some("prom:9090"));
        assert!(query.without_shard().is_err());
    }

    #[test]
    fn empty_and_repeated_filters_are_refused() {
        for query in ["shard=", "shard", "shard=a&shard=a", "server=a&server=b"] {
            assert!(FeedQuery::parse(query).is_err(), "{query}");
        }
    }
}
