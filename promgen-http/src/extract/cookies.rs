//! Cookies: those of a request, and those that an answer sets.

use std::time::Duration;

use axum::response::{IntoResponseParts, ResponseParts};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use promgen_core::app::AppError;

use crate::error::HttpError;

/// The session of whoever is logged in.
pub(crate) const SESSION_COOKIE: &str = "promgen_session";

/// The form token, readable by scripts of this site; called as with the original.
pub(crate) const FORM_COOKIE: &str = "csrftoken";

/// What a login at another site needs when it comes back.
pub(crate) const LOGIN_COOKIE: &str = "promgen_login";

/// What the next page says first.
pub(crate) const NOTICE_COOKIE: &str = "promgen_notice";

/// The cookies of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies<'h>(pub(crate) &'h HeaderMap);

impl<'h> Cookies<'h> {
    /// The value of a cookie. Sent twice, one of them may be somebody else's, and neither counts.
    pub(crate) fn find(self, name: &str) -> Option<&'h str> {
        let headers = self.0.get_all(COOKIE).iter();
        let pairs = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value);
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }
}

/// A cookie to set.
#[derive(Debug, Clone)]
pub(crate) struct NewCookie {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value: visible ASCII without `;`, `,`, `"` and `\`.
    pub(crate) value: String,
    /// Where it is sent to.
    pub(crate) path: String,
    /// For how long it is kept; zero removes it.
    pub(crate) age: Duration,
    /// Whether it is only sent over TLS.
    pub(crate) secure: bool,
    /// Whether scripts may read it.
    pub(crate) scripts: bool,
}

impl NewCookie {
    /// A cookie for the whole site that no script reads.
    pub(crate) fn new(name: &'static str, value: String, age: Duration, secure: bool) -> Self {
        Self {
            name,
            value,
            path: "/".to_owned(),
            age,
            secure,
            scripts: false,
        }
    }

    /// As `Set-Cookie` has it. `Lax`: other sites cannot make a browser send it with a post.
    fn header(&self) -> Result<HeaderValue, HttpError> {
        let Self {
            name,
            value,
            path,
            age,
            ..
        } = self;
        let age = age.as_secs();
        let secure = if self.secure { "; Secure" } else { "" };
        let hidden = if self.scripts { "" } else { "; HttpOnly" };
        let text =
            format!("{name}={value}; Path={path}; Max-Age={age}; SameSite=Lax{hidden}{secure}");
        HeaderValue::try_from(text).map_err(|_| {
            let message = format!("the cookie {name} cannot be sent");
            HttpError::App(AppError::Internal { message })
        })
    }
}

impl IntoResponseParts for NewCookie {
    type Error = HttpError;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, HttpError> {
        parts.headers_mut().append(SET_COOKIE, self.header()?);
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headers: &[&str], name: &str) -> Option<String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, header.parse().unwrap());
        }
        Cookies(&map).find(name).map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(find(&["a=1; b=2;c=3"], "b").as_deref(), Some("2"));
        assert_eq!(find(&["a=1", "b=x=y"], "b").as_deref(), Some("x=y"));
        assert_eq!(find(&["ab=1; b"], "b"), None);
        assert_eq!(find(&[], "b"), None);
    }

    #[test]
    fn a_cookie_that_came_twice_is_none() {
        assert_eq!(find(&["a=1; a=2"], "a"), None);
        assert_eq!(find(&["a=1", "a=1"], "a"), None);
    }

    #[test]
    fn cookies_are_set_with_their_guards() {
        let mut cookie = NewCookie::new("a", "1".to_owned(), Duration::from_mins(1), true);
        let header = cookie.header().unwrap();
        assert_eq!(
            header,
            "a=1; Path=/; Max-Age=60; SameSite=Lax; HttpOnly; Secure"
        );
        (cookie.scripts, cookie.secure) = (true, false);
        assert_eq!(
            cookie.header().unwrap(),
            "a=1; Path=/; Max-Age=60; SameSite=Lax"
        );
    }
}
