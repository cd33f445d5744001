//! A provider as its discovery document and its keys describe it.

use promgen_core::plugin::{AuthContext, AuthError, HttpRequest};
use serde::Deserialize;
use url::Url;

use super::jws::Key;
use crate::auth::oauth::{Shown, read};

/// Where the document is, below the issuer (Discovery 1.0, section 4).
const DOCUMENT: &str = "/.well-known/openid-configuration";

#[derive(Debug)]
pub(super) struct Provider {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) shown: Shown,
    pub(super) keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    userinfo_endpoint: Option<Url>,
    jwks_uri: Url,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<serde_json::Value>,
}

impl Provider {
    pub(super) async fn discover(
        context: &dyn AuthContext,
        issuer: &str,
    ) -> Result<Self, AuthError> {
        let url = format!("{}{DOCUMENT}", issuer.trim_end_matches('/'));
        let answer = context.http(HttpRequest::get(url.as_str())).await?;
        let document: Document = read(&answer, &url)?;
        // Section 4.3: exactly, or one provider could speak for another.
        if document.issuer != issuer {
            let message = format!("{url} speaks for another issuer; set `issuer` to what it says");
            return Err(AuthError::failed(message));
        }
        for endpoint in document.endpoints() {
            let plain = issuer.starts_with("https://") && endpoint.scheme() != "https";
            if plain || !matches!(endpoint.scheme(), "http" | "https") {
                return Err(AuthError::failed(format!(
                    "{url} names an address without TLS"
                )));
            }
        }
        let answer = context
            .http(HttpRequest::get(document.jwks_uri.as_str()))
            .await?;
        let keys: Keys = read(&answer, document.jwks_uri.as_str())?;
        Ok(Self {
            shown: document.shown(),
            authorization_endpoint: document.authorization_endpoint,
            token_endpoint: document.token_endpoint,
            userinfo_endpoint: document.userinfo_endpoint,
            // A key of a kind that nobody here knows must not hide the others.
            keys: keys.keys.iter().filter_map(Key::of).collect(),
        })
    }
}

impl Document {
    fn endpoints(&self) -> impl Iterator<Item = &Url> {
        [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.jwks_uri,
        ]
        .into_iter()
        .chain(&self.userinfo_endpoint)
    }

    /// Basic, which is the default, unless only the form is offered.
    fn shown(&self) -> Shown {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        let offers = |method: &str| methods.is_some_and(|all| all.iter().any(|m| m == method));
        if offers("client_secret_post") && !offers("client_secret_basic") {
            Shown::Form
        } else {
            Shown::Basic
        }
    }
}
