//! Whether a page of this site sent a request, and not one of somebody else's.
//!
//! A browser sends its cookies along with whatever any site makes it ask for. So a request that
//! changes something and is known by its cookie alone must also show the form token of its session,
//! and must not say that it comes from elsewhere.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::{HOST, ORIGIN, REFERER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use promgen_core::app::sessions;
use url::Url;

use crate::error::FormError;

/// The header in which scripts show the form token; called as with the original.
const FORM_HEADER: HeaderName = HeaderName::from_static("x-csrftoken");

/// What a request says about where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provenance {
    /// Whether it only looks.
    looks: bool,
    /// Whether it says that it comes from another site.
    foreign: bool,
    /// The form token in the header.
    token: Option<String>,
}

impl Provenance {
    pub(super) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let token = headers
            .get(FORM_HEADER)
            .and_then(|value| value.to_str().ok());
        Self {
            looks: method.is_safe(),
            foreign: is_foreign(headers),
            token: token.map(str::to_owned),
        }
    }

    /// Refuses what a page of this session did not send. `field` is the form token of a form.
    pub(super) fn check(&self, session: &str, field: Option<&str>) -> Result<(), FormError> {
        if self.looks {
            return Ok(());
        }
        self.check_token(&sessions::form_token(session), field)
    }

    /// As [`Self::check`], with the token that is wanted.
    pub(crate) fn check_token(&self, wanted: &str, field: Option<&str>) -> Result<(), FormError> {
        if self.foreign {
            return Err(FormError::Foreign);
        }
        let shown = field.or(self.token.as_deref());
        if sessions::is_form_token(shown.unwrap_or_default(), wanted) {
            return Ok(());
        }
        Err(FormError::Token)
    }
}

impl<S: Sync> FromRequestParts<S> for Provenance {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.method, &parts.headers))
    }
}

/// Whether `Origin`, or else `Referer`, names another host. A browser that hides where it comes from
/// sends neither; `null` is nobody's.
fn is_foreign(headers: &HeaderMap) -> bool {
    let Some(named) = headers.get(ORIGIN).or_else(|| headers.get(REFERER)) else {
        return false;
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let named = named.to_str().ok().and_then(|text| Url::parse(text).ok());
    match (named.as_ref().and_then(authority), host) {
        (Some(named), Some(host)) => !named.eq_ignore_ascii_case(host),
        _ => true,
    }
}

/// Host and port as `Host` has them: a port that goes without saying is not said.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    fn passes(method: &Method, pairs: &[(&str, &str)], field: Option<&str>) -> bool {
        let all = [&[("host", "promgen:8000")], pairs].concat();
        let provenance = Provenance::of(method, &headers(&all));
        provenance.check("session", field).is_ok()
    }

    #[test]
    fn looking_needs_no_token() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(passes(&method, &[], None), "{method}");
        }
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!passes(&method, &[], None), "{method}");
        }
    }

    #[test]
    fn the_token_of_the_session_passes_in_header_or_field() {
        let token = sessions::form_token("session");
        assert!(passes(&Method::POST, &[("x-csrftoken", &token)], None));
        assert!(passes(&Method::POST, &[], Some(&token)));
        let other = sessions::form_token("other session");
        for wrong in ["", "x", &other, &token[1..]] {
            assert!(
                !passes(&Method::POST, &[("x-csrftoken", wrong)], None),
                "{wrong}"
            );
            assert!(
                !passes(&Method::POST, &[("x-csrftoken", &token)], Some(wrong)),
                "{wrong}"
            );
        }
    }

    #[test]
    fn another_origin_does_not_pass_with_any_token() {
        let token = sessions::form_token("session");
        let with = |name, value| {
            passes(
                &Method::POST,
                &[("x-csrftoken", &token), (name, value)],
                None,
            )
        };
        for own in ["http://promgen:8000", "https://PROMGEN:8000"] {
            assert!(with("origin", own), "{own}");
        }
        assert!(with("referer", "http://promgen:8000/rule/1?x=y"));
        for foreign in [
            "null",
            "",
            "http://promgen",
            "http://promgen:8001",
            "http://evil",
            "http://promgen:8000.evil",
        ] {
            assert!(!with("origin", foreign), "{foreign}");
            assert!(!with("referer", foreign), "{foreign}");
        }
        let both = [
            ("x-csrftoken", token.as_str()),
            ("origin", "http://evil"),
            ("referer", "http://promgen:8000/"),
        ];
        assert!(!passes(&Method::POST, &both, None));
    }
}
