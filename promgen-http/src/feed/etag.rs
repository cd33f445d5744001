//! Whether the client has the bytes already (RFC 9110, section 13.1.2).

use http::{HeaderMap, header};

/// Whether `If-None-Match` names an entity tag. Compared weakly, as the section says.
pub(super) fn matches(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH);
    values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| lists(value, etag))
}

fn lists(value: &str, etag: &str) -> bool {
    let mut rest = value.trim();
    if rest == "*" {
        return true;
    }
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        rest = rest.strip_prefix("W/").unwrap_or(rest);
        // A tag may hold commas, so the list is read tag by tag and not cut at commas.
        let Some(end) = rest.strip_prefix('"').and_then(|inner| inner.find('"')) else {
            return false;
        };
        let (tag, after) = rest.split_at(end + 2);
        if tag == etag {
            return true;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc\"";

    #[test]
    fn the_tag_is_found_in_lists_weak_or_strong() {
        for value in [
            "\"abc\"",
            "W/\"abc\"",
            "\"x\", \"abc\"",
            "\"x,\\\" , W/\"abc\"",
            " , \"y\",\"abc\"",
            "*",
            " * ",
        ] {
            assert!(lists(value, TAG), "{value}");
        }
    }

    #[test]
    fn another_tag_is_another() {
        for value in [
            "",
            "abc",
            "\"abcd\"",
            "\"x,abc\"",
            "w/\"abc\"",
            "\"abc",
            "\"*\"",
            "W/",
        ] {
            assert!(!lists(value, TAG), "{value}");
        }
    }

    #[test]
    fn all_headers_count() {
        let mut headers = HeaderMap::new();
        assert!(!matches(&headers, TAG));
        headers.append(header::IF_NONE_MATCH, "\"x\"".parse().unwrap());
        headers.append(header::IF_NONE_MATCH, TAG.parse().unwrap());
        assert!(matches(&headers, TAG));
    }
}
