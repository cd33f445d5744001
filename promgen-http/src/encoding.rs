//! What a client takes, and what it has already: content codings and entity tags (RFC 9110).

use http::{HeaderMap, HeaderName, header};

/// Whether the client takes gzip: named with a weight above zero, or by `*`, and not refused.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut any = None;
    let mut gzip = None;
    for item in items(headers, header::ACCEPT_ENCODING) {
        let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(1.0, |q| q.parse().unwrap_or(0.0));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    gzip.or(any).is_some_and(|weight: f32| weight > 0.0)
}

/// Whether `If-None-Match` names one of these tags, by weak comparison, or is `*`.
pub(super) fn has_already(headers: &HeaderMap, tags: &[&str]) -> bool {
    items(headers, header::IF_NONE_MATCH).any(|item| {
        let item = item.trim();
        item == "*" || tags.contains(&item.strip_prefix("W/").unwrap_or(item))
    })
}

/// The items of a comma-separated header, over all its lines. Our tags hold no comma.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers
        .get_all(name)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        let line = |line: &&str| (name.clone(), line.parse().unwrap());
        lines.iter().map(line).collect()
    }

    #[test]
    fn gzip_is_taken_when_it_is_wanted() {
        let takes = |lines: &[&str]| takes_gzip(&headers(&header::ACCEPT_ENCODING, lines));
        assert!(takes(&["gzip"]));
        assert!(takes(&["br;q=1, GZIP;q=0.1"]));
        assert!(takes(&["*"]));
        assert!(takes(&["br", "gzip"]));
        assert!(!takes(&[]));
        assert!(!takes(&["gzip;q=0"]));
        assert!(!takes(&["gzip;q=0, *"]));
        assert!(!takes(&["identity"]));
    }

    #[test]
    fn tags_are_compared_weakly() {
        let has = |line: &str| {
            has_already(
                &headers(&header::IF_NONE_MATCH, &[line]),
                &["\"a\"", "\"b\""],
            )
        };
        assert!(has("\"a\""));
        assert!(has("W/\"b\""));
        assert!(has("\"x\", \"b\""));
        assert!(has("*"));
        assert!(!has("\"x\""));
        assert!(!has("a"));
    }
}
