//! What an ID token must say to be believed (`OpenID` Connect Core 1.0, section 3.1.3.7).

use std::collections::BTreeSet;

use promgen_core::model::Timestamp;
use promgen_core::plugin::{AuthError, Identity};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;
use thiserror::Error;

/// How far the clocks of provider and Promgen may be apart.
const LEEWAY_SECONDS: f64 = 60.0;

/// What a token is checked against.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Claims in which names differ from provider to provider.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) username: String,
    pub(super) groups: String,
}

/// Why a token is not believed; readable after "the ID token".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum ClaimError {
    #[error("is by another issuer")]
    Issuer,
    #[error("is for another client")]
    Audience,
    #[error("has ended, or says no end")]
    Expired,
    #[error("is from the future")]
    Future,
    #[error("belongs to another login")]
    Nonce,
    #[error("names nobody")]
    Subject,
}

/// Claims that are believed.
#[derive(Debug)]
pub(super) struct Claims {
    subject: String,
    all: Map<String, Value>,
}

impl Claims {
    /// Checks the claims of a token whose signature was verified.
    pub(super) fn check(all: Map<String, Value>, to: &Expected<'_>) -> Result<Self, ClaimError> {
        let text = |name: &str| all.get(name).and_then(Value::as_str);
        if text("iss") != Some(to.issuer) {
            return Err(ClaimError::Issuer);
        }
        if !is_for(&all, to.client) {
            return Err(ClaimError::Audience);
        }
        let now = to.now.since(Timestamp(0)).as_secs_f64();
        let time = |name: &str| all.get(name).map(Value::as_f64);
        match time("exp") {
            Some(Some(end)) if now < end + LEEWAY_SECONDS => {}
            _ => return Err(ClaimError::Expired),
        }
        for name in ["iat", "nbf"] {
            match time(name) {
                None => {}
                Some(Some(begin)) if begin <= now + LEEWAY_SECONDS => {}
                Some(_) => return Err(ClaimError::Future),
            }
        }
        let nonce = text("nonce").unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(to.nonce.as_bytes())) {
            return Err(ClaimError::Nonce);
        }
        let subject = text("sub").unwrap_or_default().to_owned();
        if subject.is_empty() {
            return Err(ClaimError::Subject);
        }
        Ok(Self { subject, all })
    }

    /// Adds what the userinfo endpoint says about the same person. The token's own claims stay.
    pub(super) fn add(&mut self, more: Map<String, Value>) -> Result<(), AuthError> {
        if more.get("sub").and_then(Value::as_str) != Some(&self.subject) {
            return Err(AuthError::refused("the userinfo is about somebody else"));
        }
        for (name, value) in more {
            self.all.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// Who that is.
    pub(super) fn identity(&self, issuer: &str, names: &Names) -> Result<Identity, AuthError> {
        let text = |name: &str| {
            self.all
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let email = text("email").to_owned();
        let verified = self.all.get("email_verified");
        let first = [
            text(&names.username),
            text("preferred_username"),
            &email,
            &self.subject,
        ];
        let username = first.into_iter().find(|text| !text.is_empty());
        Ok(Identity {
            issuer: issuer.to_owned(),
            subject: self.subject.clone(),
            username: username.unwrap_or_default().to_owned(),
            email_verified: verified == Some(&Value::Bool(true)),
            email,
            first_name: text("given_name").to_owned(),
            last_name: text("family_name").to_owned(),
            groups: self.all.get(&names.groups).map(groups).transpose()?,
        })
    }
}

/// A token for several clients must say that this one asked for it.
fn is_for(all: &Map<String, Value>, client: &str) -> bool {
    let audience = match all.get("aud") {
        Some(Value::Array(several)) => several.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let listed = audience.iter().any(|one| one.as_str() == Some(client));
    match all.get("azp") {
        Some(party) => listed && party.as_str() == Some(client),
        None => listed && audience.len() == 1,
    }
}

/// A list of texts, or one text.
fn groups(value: &Value) -> Result<BTreeSet<String>, AuthError> {
    let several = match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let text = |one: &Value| one.as_str().map(str::to_owned);
    let texts: Option<BTreeSet<String>> = several.iter().map(text).collect();
    texts.ok_or_else(|| AuthError::failed("the groups claim is no list of texts"))
}
