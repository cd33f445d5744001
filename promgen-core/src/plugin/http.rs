//! HTTP in plain words, so that drivers name no client library.

use std::time::Duration;

use super::NotifyError;

/// The methods that drivers need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
}

/// A request that a driver wants to have sent. `User-Agent` is added by the client.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Absolute `http` or `https` URL. It may hold a secret: it is never logged as it is.
    pub url: String,
    /// Further headers, in order.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// URL of the proxy to go through, which only the operator's settings may name. The proxy
    /// resolves the destination's name; an address in the URL itself is checked all the same.
    pub proxy: Option<String>,
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl HttpRequest {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            proxy: None,
        }
    }

    /// A `DELETE`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self {
            method: Method::Delete,
            ..Self::get(url)
        }
    }

    /// A `POST` of a JSON document.
    pub fn post_json(url: impl Into<String>, body: Vec<u8>) -> Self {
        Self {
            method: Method::Post,
            url: url.into(),
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body,
            proxy: None,
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// `Retry-After`, whether it was given in seconds or as a date.
    pub retry_after: Option<Duration>,
    /// The body; for a notifier its beginning, at most 64 KiB.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Judges the status the way every notifier does: 2xx is a success; 408, 425, 429 and 5xx are
    /// worth a retry (after `Retry-After`); a redirect or any other status is final.
    ///
    /// # Errors
    /// [`NotifyError`] for everything but 2xx.
    pub fn accepted(&self) -> Result<(), NotifyError> {
        let status = self.status;
        match status {
            200..=299 => Ok(()),
            300..=399 => Err(NotifyError::Permanent {
                message: format!("HTTP {status}: redirects are not followed; set the final URL"),
            }),
            408 | 425 | 429 | 500..=599 => Err(NotifyError::Retry {
                after: self.retry_after,
                message: self.complaint(),
            }),
            _ => Err(NotifyError::Permanent {
                message: self.complaint(),
            }),
        }
    }

    fn complaint(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
        if line.is_empty() {
            format!("HTTP {}", self.status)
        } else {
            format!("HTTP {}: {line}", self.status)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> Result<(), NotifyError> {
        let retry_after = Some(Duration::from_secs(7));
        HttpResponse {
            status,
            retry_after,
            body: b"no\n".to_vec(),
        }
        .accepted()
    }

    #[test]
    fn statuses_are_judged_by_whether_a_retry_helps() {
        assert!(answer(204).is_ok());
        for status in [408, 429, 500, 503] {
            let after = Some(Duration::from_secs(7));
            let message = format!("HTTP {status}: no");
            assert_eq!(answer(status), Err(NotifyError::Retry { after, message }));
        }
        for status in [301, 400, 404, 410] {
            assert!(
                matches!(answer(status), Err(NotifyError::Permanent { .. })),
                "{status}"
            );
        }
    }
}
