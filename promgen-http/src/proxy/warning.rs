//! The header that says what an answer lacks.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Says who did not answer, when there are others that did.
const WARNING: HeaderName = HeaderName::from_static("x-promgen-warning");

/// Adds a header for each warning.
pub(crate) fn warn(headers: &mut HeaderMap, warnings: &[String]) {
    for warning in warnings {
        // What other servers say must not end the header.
        let text = warning.chars().filter(|c| matches!(c, ' '..='~'));
        if let Ok(value) = HeaderValue::from_str(&text.collect::<String>()) {
            headers.append(WARNING, value);
        }
    }
}
