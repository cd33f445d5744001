//! The filters of a list, from the query.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use super::RestError;

/// Keys and values of a query. An empty value is none; of several the last counts; keys that mean
/// nothing are passed over, as with the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filters(Vec<(String, String)>);

impl Filters {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(
            pairs
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// The text of a filter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let given = self.0.iter().rev().find(|(key, _)| key == name);
        given
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// All values of a filter that may be repeated.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.0.iter().filter(move |(key, _)| key == name);
        given.map(|(_, value)| value.as_str())
    }

    /// A number.
    pub(crate) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, RestError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = text.parse().map(Some);
        number.map_err(|_| {
            RestError::field(
                name,
                format!("{text:?} is no number that can be"),
                "give a whole number",
            )
        })
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, RestError> {
        match self.text(name) {
            None => Ok(None),
            Some("true" | "True" | "1") => Ok(Some(true)),
            Some("false" | "False" | "0") => Ok(Some(false)),
            Some(text) => {
                let message = format!("{text:?} is neither true nor false");
                Err(RestError::field(name, message, "write true or false"))
            }
        }
    }

    /// One of several words.
    pub(crate) fn choice<'a>(
        &'a self,
        name: &str,
        choices: &[impl AsRef<str>],
    ) -> Result<Option<&'a str>, RestError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let choices: Vec<&str> = choices.iter().map(AsRef::as_ref).collect();
        if choices.contains(&text) {
            return Ok(Some(text));
        }
        let message = format!("{text:?} is none of the choices");
        let remedy = format!("choose one of {}", choices.join(", "));
        Err(RestError::field(name, message, remedy))
    }
}

impl<S: Sync> FromRequestParts<S> for Filters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_counts_and_an_empty_one_is_none() {
        let filters = Filters::parse("name=a&name=b+c&enabled=&id=7");
        assert_eq!(filters.text("name"), Some("b c"));
        assert_eq!(filters.flag("enabled").unwrap(), None);
        assert_eq!(filters.number::<i32>("id").unwrap(), Some(7));
    }

    #[test]
    fn values_of_a_wrong_form_are_refused() {
        let filters = Filters::parse("id=x&big=99999999999&enabled=maybe&source=y");
        assert!(filters.number::<i32>("id").is_err());
        assert!(filters.number::<i32>("big").is_err());
        assert!(filters.flag("enabled").is_err());
        assert!(filters.choice("source", &["promgen"]).is_err());
    }
}
