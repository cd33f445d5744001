//! `OpenID` Connect: the authorization code flow with PKCE, state and nonce against any provider that
//! has a discovery document (`OpenID` Connect Core 1.0, Discovery 1.0).
//!
//! The ID token is trusted for who somebody is, after its signature and claims were checked
//! ([`jws`], [`claims`]); the userinfo endpoint only adds what the token leaves out.

mod claims;
mod jws;
mod provider;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::model::{Secret, Timestamp};
use promgen_core::plugin::{
    AuthBackend, AuthContext, AuthDescription, AuthError, Begun, DriverSettings, Identity,
    PluginError, RedirectAuth,
};
use promgen_core::register_auth;
use serde_json::{Map, Value};

use super::oauth::{Client, Flow, Tokens, ask};
use claims::{Claims, Names};
use provider::Provider;

static OIDC: AuthDescription = AuthDescription {
    key: "oidc",
    label: "OpenID Connect",
    help: "Any OpenID Connect provider (promgen.auth.oidc: issuer, client_id, client_secret; \
           scopes, username_claim and groups_claim where the usual ones do not fit).",
    section: SECTION,
    build: |settings| Ok(AuthBackend::Redirect(Arc::new(Oidc::new(settings)?))),
};

register_auth!(OIDC);

const SECTION: &str = "promgen.auth.oidc";

/// How long a discovery document and its keys are used before they are fetched again.
const REMEMBERED: Duration = Duration::from_mins(15);

#[derive(Debug)]
struct Oidc {
    issuer: String,
    client: Client,
    scopes: String,
    names: Names,
    known: Mutex<Option<(Timestamp, Arc<Provider>)>>,
}

impl Oidc {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, SECTION);
        section.only(&[
            "issuer",
            "client_id",
            "client_secret",
            "scopes",
            "username_claim",
            "groups_claim",
        ])?;
        let remedy = "give the URL below which the provider has /.well-known/openid-configuration";
        let issuer = section.url("issuer")?;
        let text = |name, usual: &str| {
            let text = section.text(name)?;
            Ok(text.unwrap_or_else(|| usual.to_owned()))
        };
        let scopes = section.list("scopes")?;
        let mut scopes = scopes.unwrap_or_else(|| vec!["profile".to_owned(), "email".to_owned()]);
        if !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        Ok(Self {
            issuer: issuer.ok_or_else(|| section.error("issuer", "is not set", remedy))?,
            client: Client::of(&section)?,
            scopes: scopes.join(" "),
            names: Names {
                username: text("username_claim", "preferred_username")?,
                groups: text("groups_claim", "groups")?,
            },
            known: Mutex::default(),
        })
    }

    async fn provider(&self, context: &dyn AuthContext) -> Result<Arc<Provider>, AuthError> {
        if let Some(known) = self.remembered(context.now()) {
            return Ok(known);
        }
        self.fetch(context).await
    }

    fn remembered(&self, now: Timestamp) -> Option<Arc<Provider>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, provider) = known.as_ref()?;
        (now.since(*since) < REMEMBERED).then(|| Arc::clone(provider))
    }

    async fn fetch(&self, context: &dyn AuthContext) -> Result<Arc<Provider>, AuthError> {
        let provider = Arc::new(Provider::discover(context, &self.issuer).await?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((context.now(), Arc::clone(&provider)));
        Ok(provider)
    }

    /// The claims of an ID token whose signature is the provider's. A provider may have changed its
    /// keys since they were fetched, so that a token by an unknown key is looked at twice.
    async fn verified(
        &self,
        context: &dyn AuthContext,
        provider: &Provider,
        token: &str,
    ) -> Result<Map<String, Value>, AuthError> {
        let refused = |error: jws::JwsError| AuthError::refused(format!("the ID token {error}"));
        match jws::verify(token, &provider.keys) {
            Err(jws::JwsError::UnknownKey) => {
                let fresh = self.fetch(context).await?;
                jws::verify(token, &fresh.keys).map_err(refused)
            }
            other => other.map_err(refused),
        }
    }
}

#[async_trait]
impl RedirectAuth for Oidc {
    async fn begin(&self, context: &dyn AuthContext, callback: &str) -> Result<Begun, AuthError> {
        let provider = self.provider(context).await?;
        let flow = Flow::begin(context)?;
        let endpoint = &provider.authorization_endpoint;
        let url = flow.address(endpoint, &self.client, callback, &self.scopes);
        Ok(Begun {
            url: url.into(),
            kept: flow.keep(),
        })
    }

    async fn complete(
        &self,
        context: &dyn AuthContext,
        callback: &str,
        query: &BTreeMap<String, String>,
        kept: &Secret<String>,
    ) -> Result<Identity, AuthError> {
        let (flow, code) = Flow::resume(kept, query)?;
        // Who answers says so where it can (RFC 9207), so that no other provider's code is taken.
        if query
            .get("iss")
            .is_some_and(|issuer| *issuer != self.issuer)
        {
            return Err(AuthError::refused("another provider answered"));
        }
        let provider = self.provider(context).await?;
        let endpoint = (&provider.token_endpoint, provider.shown);
        let tokens = flow
            .exchange(context, &self.client, endpoint, &code, callback)
            .await?;
        let token = tokens.id_token.as_deref().unwrap_or_default();
        let token = self.verified(context, &provider, token).await?;
        let mut claims = Claims::check(
            token,
            &claims::Expected {
                issuer: &self.issuer,
                client: &self.client.id,
                nonce: &flow.nonce,
                now: context.now(),
            },
        )
        .map_err(|error| AuthError::refused(format!("the ID token {error}")))?;
        if let Some(endpoint) = &provider.userinfo_endpoint {
            claims.add(userinfo(context, endpoint.as_str(), &tokens).await?)?;
        }
        claims.identity(&self.issuer, &self.names)
    }
}

async fn userinfo(
    context: &dyn AuthContext,
    endpoint: &str,
    tokens: &Tokens,
) -> Result<Map<String, Value>, AuthError> {
    ask(context, endpoint, tokens, "application/json").await
}

#[cfg(test)]
mod tests;
