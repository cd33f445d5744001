//! What a browser keeps while somebody logs in at another site.
//!
//! It is a cookie of that browser alone, so that nobody can be made to complete a login that somebody
//! else has begun. It holds nothing that its owner must not know.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use promgen_core::model::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

use crate::extract::{LOGIN_COOKIE, NewCookie};

/// How long a login at another site may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// A login under way.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    backend: String,
    /// What the backend wants back.
    state: String,
    /// Where to go afterwards; checked again then.
    pub(super) next: String,
    until: Timestamp,
}

impl Kept {
    pub(super) fn new(backend: &str, state: &Secret<String>, next: &str, now: Timestamp) -> Self {
        Self {
            backend: backend.to_owned(),
            state: state.reveal().clone(),
            next: next.to_owned(),
            until: now.plus(PATIENCE),
        }
    }

    /// The login that a cookie tells of, if it is one at this backend and not too long ago.
    pub(super) fn read(cookie: Option<&str>, backend: &str, now: Timestamp) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie?).ok()?;
        let kept: Self = serde_json::from_slice(&bytes).ok()?;
        (kept.backend == backend && now < kept.until).then_some(kept)
    }

    /// What the backend wants back.
    pub(super) fn state(self) -> Secret<String> {
        Secret::new(self.state)
    }

    pub(super) fn cookie(&self, secure: bool) -> NewCookie {
        // A struct of texts always serialises.
        let json = serde_json::to_vec(self).unwrap_or_default();
        NewCookie {
            path: path(&self.backend),
            ..NewCookie::new(LOGIN_COOKIE, URL_SAFE_NO_PAD.encode(json), PATIENCE, secure)
        }
    }

    /// The cookie, taken back: a login is completed once.
    pub(super) fn forgotten(backend: &str, secure: bool) -> NewCookie {
        NewCookie {
            path: path(backend),
            ..NewCookie::new(LOGIN_COOKIE, String::new(), Duration::ZERO, secure)
        }
    }
}

/// Where the browser comes back to.
pub(super) fn path(backend: &str) -> String {
    format!("/complete/{backend}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_read_back_by_its_backend_in_time() {
        let now = Timestamp(1_700_000_000_000);
        let kept = Kept::new("oidc", &Secret::new("s".to_owned()), "/a", now);
        let cookie = kept.cookie(false).value;
        let read = |backend, now| Kept::read(Some(&cookie), backend, now);
        assert_eq!(read("oidc", now).unwrap().next, "/a");
        assert!(read("github", now).is_none());
        assert!(read("oidc", now.plus(PATIENCE)).is_none());
        for strange in [None, Some(""), Some("e30"), Some("%%%")] {
            assert!(Kept::read(strange, "oidc", now).is_none(), "{strange:?}");
        }
    }
}
