//! Forms of texts that several kinds of objects have.

/// Whether a text is one line of at most so many characters; it may be empty.
pub fn is_line(text: &str, max_chars: usize) -> bool {
    text.chars().count() <= max_chars && !text.chars().any(char::is_control)
}

/// Whether a text is an `http` or `https` URL of at most 256 characters.
pub fn is_web_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty())
        && !text.chars().any(char::is_whitespace)
        && is_line(text, 256)
}

/// Whether a text is the path of an exporter: empty, or a path, or a query alone, on one line of at
/// most 128 characters.
pub fn is_exporter_path(text: &str) -> bool {
    is_line(text, 128) && (text.is_empty() || text.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_scheme_and_a_host_and_no_blanks() {
        assert!(is_web_url("https://a/b?c=d"));
        for text in [
            "",
            "http://",
            "http:///a",
            "ftp://a",
            "http://a b",
            "http://a\0",
        ] {
            assert!(!is_web_url(text), "{text:?}");
        }
        assert!(!is_web_url(&format!("http://{}", "a".repeat(250))));
    }

    #[test]
    fn a_path_begins_as_one() {
        for text in ["", "/metrics?x=1", "?x=1"] {
            assert!(is_exporter_path(text), "{text:?}");
        }
        for text in ["metrics", "/a\nb", "/\0"] {
            assert!(!is_exporter_path(text), "{text:?}");
        }
        assert!(!is_exporter_path(&format!("/{}", "a".repeat(128))));
    }
}
