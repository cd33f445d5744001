//! GitHub, or a GitHub Enterprise server, by OAuth 2.0.
//!
//! What an account is found by is GitHub's number for it: user names there can be renamed, and
//! then be taken by somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::model::Secret;
use promgen_core::plugin::{
    AuthBackend, AuthContext, AuthDescription, AuthError, Begun, DriverSettings, Identity,
    PluginError, RedirectAuth,
};
use promgen_core::register_auth;
use serde::Deserialize;
use url::Url;

use super::oauth::{Client, Flow, Shown, Tokens, ask};

static GITHUB: AuthDescription = AuthDescription {
    key: "github",
    label: "GitHub",
    help: "GitHub by OAuth 2.0 (promgen.auth.github: client_id, client_secret; organizations \
           limits it to their members; url and api_url name a GitHub Enterprise server).",
    section: SECTION,
    build: |settings| Ok(AuthBackend::Redirect(Arc::new(GitHub::new(settings)?))),
};

register_auth!(GITHUB);

const SECTION: &str = "promgen.auth.github";

const JSON: &str = "application/vnd.github+json";

#[derive(Debug)]
struct GitHub {
    client: Client,
    /// Without a slash at the end.
    url: String,
    api: String,
    scopes: String,
    organizations: BTreeSet<String>,
}

impl GitHub {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, SECTION);
        section.only(&[
            "client_id",
            "client_secret",
            "scopes",
            "url",
            "api_url",
            "organizations",
        ])?;
        let client = Client::of(&section)?;
        if client.secret.is_none() {
            let remedy = "give the secret that GitHub shows for the OAuth app";
            return Err(section.error("client_secret", "is not set", remedy));
        }
        let base = |name, usual: &str| {
            let url = section.url(name)?.unwrap_or_else(|| usual.to_owned());
            Ok(url.trim_end_matches('/').to_owned())
        };
        let organizations = section.list("organizations")?.unwrap_or_default();
        let mut scopes = section.list("scopes")?.unwrap_or_default();
        scopes.push("user:email".to_owned());
        if !organizations.is_empty() {
            scopes.push("read:org".to_owned());
        }
        Ok(Self {
            client,
            url: base("url", "https://github.com")?,
            api: base("api_url", "https://api.github.com")?,
            scopes: scopes.join(" "),
            organizations: organizations
                .iter()
                .map(|name| name.to_lowercase())
                .collect(),
        })
    }

    fn endpoint(&self, path: &str) -> Result<Url, AuthError> {
        let url = Url::parse(&format!("{}/{path}", self.url));
        url.map_err(|_| AuthError::failed(format!("`{SECTION}: url` is no URL")))
    }

    /// The organizations of the setting that somebody belongs to; `None` when none are set.
    async fn organizations(
        &self,
        context: &dyn AuthContext,
        tokens: &Tokens,
    ) -> Result<Option<BTreeSet<String>>, AuthError> {
        if self.organizations.is_empty() {
            return Ok(None);
        }
        // One page holds a hundred; nobody is in more organizations than that by half.
        let url = format!("{}/user/orgs?per_page=100", self.api);
        let all: Vec<Organization> = ask(context, &url, tokens, JSON).await?;
        let names = all
            .into_iter()
            .map(|organization| organization.login.to_lowercase());
        let found: BTreeSet<String> = names
            .filter(|name| self.organizations.contains(name))
            .collect();
        if found.is_empty() {
            return Err(AuthError::refused("a member of none of the organizations"));
        }
        Ok(Some(found))
    }
}

#[derive(Deserialize)]
struct Person {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

#[derive(Deserialize)]
struct Organization {
    login: String,
}

#[async_trait]
impl RedirectAuth for GitHub {
    async fn begin(&self, context: &dyn AuthContext, callback: &str) -> Result<Begun, AuthError> {
        let flow = Flow::begin(context)?;
        let endpoint = self.endpoint("login/oauth/authorize")?;
        let url = flow.address(&endpoint, &self.client, callback, &self.scopes);
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
        let endpoint = self.endpoint("login/oauth/access_token")?;
        let endpoint = (&endpoint, Shown::Form);
        let tokens = flow
            .exchange(context, &self.client, endpoint, &code, callback)
            .await?;
        let person: Person = ask(context, &format!("{}/user", self.api), &tokens, JSON).await?;
        let groups = self.organizations(context, &tokens).await?;
        let url = format!("{}/user/emails", self.api);
        let addresses: Vec<Address> = ask(context, &url, &tokens, JSON).await?;
        let address = addresses.into_iter().find(|address| address.primary);
        let verified = address.as_ref().is_some_and(|address| address.verified);
        let name = person.name.unwrap_or_default();
        let (first_name, last_name) = name.split_once(' ').unwrap_or((&name, ""));
        Ok(Identity {
            issuer: self.url.clone(),
            subject: person.id.to_string(),
            username: person.login,
            email: address.map(|address| address.email).unwrap_or_default(),
            email_verified: verified,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            groups,
        })
    }
}

#[cfg(test)]
mod tests;
