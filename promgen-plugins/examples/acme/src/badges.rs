//! A login backend: name and PIN of a badge, checked by Acme's badge server.
//!
//! ```yaml
//! acme.badges: {server: https://badges.acme.example/check, key: s3cret}
//! login: {backends: [acme.badges, password]}
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::model::Secret;
use promgen_core::plugin::{
    AuthBackend, AuthContext, AuthDescription, AuthError, DriverSettings, HttpRequest, Identity,
    PasswordAuth, PluginError,
};
use promgen_core::register_auth;
use serde::Deserialize;
use serde_json::json;

const KEY: &str = "acme.badges";

static BADGES: AuthDescription = AuthDescription {
    key: KEY,
    section: KEY,
    label: "Acme badge",
    help: "Name and PIN of a badge (acme.badges: server, key).",
    build: |settings| Ok(AuthBackend::Password(Arc::new(Badges::new(settings)?))),
};

register_auth!(BADGES);

#[derive(Debug)]
struct Badges {
    server: String,
    key: Secret<String>,
}

/// What the badge server says about somebody.
#[derive(Deserialize)]
struct Holder {
    number: u32,
    name: String,
    teams: BTreeSet<String>,
}

impl Badges {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, KEY);
        section.only(&["server", "key"])?;
        let missing = |name| section.error(name, "is not set", "ask the people at the gate");
        Ok(Self {
            server: section.url("server")?.ok_or_else(|| missing("server"))?,
            key: Secret::new(section.text("key")?.ok_or_else(|| missing("key"))?),
        })
    }
}

#[async_trait]
impl PasswordAuth for Badges {
    async fn check(
        &self,
        context: &dyn AuthContext,
        username: &str,
        password: &Secret<String>,
    ) -> Result<Option<Identity>, AuthError> {
        let body = json!({"name": username, "pin": password.reveal()}).to_string();
        let mut request = HttpRequest::post_json(self.server.as_str(), body.into_bytes());
        let key = format!("Bearer {}", self.key.reveal());
        request.headers.push(("Authorization".to_owned(), key));
        let answer = context.http(request).await?;
        match answer.status {
            200 => {}
            // Nobody of that name, or another PIN: the gate does not say which, and neither do we.
            403 => return Ok(None),
            status => {
                return Err(AuthError::failed(format!(
                    "the badge server: HTTP {status}"
                )));
            }
        }
        let holder: Holder = serde_json::from_slice(&answer.body)
            .map_err(|_| AuthError::failed("the badge server answered no holder"))?;
        Ok(Some(Identity {
            // The number stays with a person for ever; names are given to others.
            issuer: KEY.to_owned(),
            subject: holder.number.to_string(),
            username: holder.name,
            groups: Some(holder.teams),
            ..Identity::default()
        }))
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::config::parse;
    use promgen_core::testing::{AuthCase, RecordingAuthContext, block_on};

    use super::*;

    const SERVER: &str = "https://badges.acme.example/check";

    fn settings() -> Settings {
        let section = format!("{KEY}: {{server: '{SERVER}', key: badge-k3y}}");
        parse(&section).unwrap().settings
    }

    promgen_core::auth_contract!(BADGES, AuthCase::new(settings()).hiding("badge-k3y"));

    fn check(status: u16, body: &str) -> Result<Option<Identity>, AuthError> {
        let context = RecordingAuthContext::new().at(SERVER, status, body);
        let badges = Badges::new(&settings()).unwrap();
        block_on(badges.check(&context, "maria", &Secret::new("1234".to_owned())))
    }

    #[test]
    fn a_holder_is_known_by_their_number() {
        let holder = r#"{"number": 7, "name": "maria", "teams": ["storage"]}"#;
        let identity = check(200, holder).unwrap().unwrap();
        assert_eq!(
            (identity.issuer.as_str(), identity.subject.as_str()),
            (KEY, "7")
        );
        assert_eq!(
            identity.groups,
            Some(BTreeSet::from(["storage".to_owned()]))
        );
    }

    #[test]
    fn nobody_else_comes_in() {
        assert_eq!(check(403, ""), Ok(None));
        for (status, body) in [(200, "{}"), (200, ""), (500, ""), (302, "")] {
            assert!(check(status, body).is_err(), "{status} {body}");
        }
    }
}
