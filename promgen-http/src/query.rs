//! The query string of exports.

use axum::response::Response;
use http::StatusCode;

use super::error::refuse;

/// What the query of an export may hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ExportQuery {
    /// `shard=NAME`: only what that shard scrapes.
    pub(super) shard: Option<String>,
    /// `server=HOST:PORT`: which Prometheus asks, so that it can be shown as pulling.
    pub(super) server: Option<String>,
}

impl ExportQuery {
    /// Reads a query string. Unknown keys are passed over, as caches and proxies add their own.
    ///
    /// A key that stands there twice, or without a value, is refused: it is not clear what is meant.
    pub(super) fn parse(query: Option<&str>) -> Result<Self, Box<Response>> {
        let mut parsed = Self::default();
        for pair in query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
        {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let slot = match key {
                "shard" => &mut parsed.shard,
                "server" => &mut parsed.server,
                _ => continue,
            };
            let value = decode(value);
            if value.is_empty() || slot.is_some() {
                let detail = format!("give {key} once, with a value");
                return Err(Box::new(refuse(StatusCode::BAD_REQUEST, &detail)));
            }
            *slot = Some(value);
        }
        Ok(parsed)
    }
}

/// Form decoding: `+` is a blank, `%XX` a byte.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let escape = digits
            .filter(|_| *first == b'%')
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        let (byte, used) = match (first, escape) {
            (_, Some(byte)) => (byte, 3),
            (b'+', None) => (b' ', 1),
            (byte, None) => (*byte, 1),
        };
        bytes.push(byte);
        rest = rest.get(used..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_other_keys_passed_over() {
        let query = ExportQuery::parse(Some("_=1&shard=a%20b+c%C3%A9&server=p1:9090")).unwrap();
        assert_eq!(query.shard.as_deref(), Some("a b cé"));
        assert_eq!(query.server.as_deref(), Some("p1:9090"));
        assert_eq!(ExportQuery::parse(None).unwrap(), ExportQuery::default());
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for query in ["shard=", "shard", "shard=a&shard=b"] {
            assert_eq!(
                ExportQuery::parse(Some(query)).unwrap_err().status(),
                400,
                "{query}"
            );
        }
    }
}
