//! Headers in which a proxy in front of Promgen says who asks.
//!
//! They are believed from the listed peers alone: whoever reaches Promgen past the proxy could write
//! any name into them. The list is empty until somebody fills it.

use std::collections::BTreeSet;
use std::sync::Arc;

use promgen_core::config::Settings;
use promgen_core::plugin::{
    AuthBackend, AuthDescription, AuthError, DriverSettings, HeaderAuth, HeaderRequest, Identity,
    Peers, PluginError,
};
use promgen_core::register_auth;

static PROXY_HEADER: AuthDescription = AuthDescription {
    key: KEY,
    label: "Proxy",
    help: "A header of a trusted proxy names the user. promgen.auth.proxy-header: from lists the \
           proxies; user, email, name and groups name the headers.",
    section: SECTION,
    build: |settings| Ok(AuthBackend::Header(Arc::new(ProxyHeader::new(settings)?))),
};

register_auth!(PROXY_HEADER);

const KEY: &str = "proxy-header";

const SECTION: &str = "promgen.auth.proxy-header";

/// Headers as the proxies of most installations call them.
const USUAL: [(&str, &str); 4] = [
    ("user", "remote-user"),
    ("email", "remote-email"),
    ("name", "remote-name"),
    ("groups", "remote-groups"),
];

#[derive(Debug)]
struct ProxyHeader {
    from: Peers,
    user: String,
    email: String,
    name: String,
    groups: String,
}

impl ProxyHeader {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, SECTION);
        section.only(&["from", "user", "email", "name", "groups"])?;
        let from = Peers::of(&section, "from")?;
        if from.is_empty() {
            let remedy = "list the addresses of the proxies, such as [127.0.0.1], or unix";
            return Err(section.error("from", "is empty, so that nobody is believed", remedy));
        }
        let [user, email, name, groups] = USUAL.map(|(key, usual)| header(&section, key, usual));
        Ok(Self {
            from,
            user: user?,
            email: email?,
            name: name?,
            groups: groups?,
        })
    }
}

fn header(section: &DriverSettings<'_>, key: &str, usual: &str) -> Result<String, PluginError> {
    let name = section.text(key)?.unwrap_or_else(|| usual.to_owned());
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.chars().all(legal) {
        return Ok(name.to_ascii_lowercase());
    }
    let remedy = "write letters, digits and -, such as Remote-User";
    Err(section.error(key, "is no name of a header", remedy))
}

/// The value of a header, empty when it is not there. Two of them are refused: one may be the
/// proxy's and the other a stranger's, and nobody knows which.
fn one(request: &dyn HeaderRequest, name: &str) -> Result<String, AuthError> {
    let values = request.header(name);
    match values.as_slice() {
        [] => Ok(String::new()),
        [value] => Ok(value.trim().to_owned()),
        _ => Err(AuthError::refused(format!("the header {name} came twice"))),
    }
}

impl HeaderAuth for ProxyHeader {
    fn identify(&self, request: &dyn HeaderRequest) -> Result<Option<Identity>, AuthError> {
        if !self.from.contains(request.peer()) {
            return Ok(None);
        }
        let user = one(request, &self.user)?;
        if user.is_empty() {
            return Ok(None);
        }
        let email = one(request, &self.email)?;
        let name = one(request, &self.name)?;
        let (first_name, last_name) = name.split_once(' ').unwrap_or((&name, ""));
        let groups = one(request, &self.groups)?;
        let named = groups
            .split(',')
            .map(str::trim)
            .filter(|group| !group.is_empty());
        let said = !request.header(&self.groups).is_empty();
        Ok(Some(Identity {
            issuer: KEY.to_owned(),
            subject: user.clone(),
            username: user,
            email_verified: !email.is_empty(),
            email,
            first_name: first_name.to_owned(),
            last_name: last_name.trim().to_owned(),
            groups: said.then(|| named.map(str::to_owned).collect::<BTreeSet<_>>()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::config::parse;
    use promgen_core::plugin::Peer;
    use promgen_core::testing::HeaderCase;

    use super::*;

    fn settings(section: &str) -> Settings {
        parse(&format!("{SECTION}: {section}")).unwrap().settings
    }

    fn usual() -> Settings {
        settings("{from: [10.0.0.0/8, unix]}")
    }

    promgen_core::auth_contract!(PROXY_HEADER, promgen_core::testing::AuthCase::new(usual()));

    fn identify(request: &HeaderCase) -> Result<Option<Identity>, AuthError> {
        ProxyHeader::new(&usual()).unwrap().identify(request)
    }

    fn from(address: &str) -> HeaderCase {
        HeaderCase::from(Peer::ip(address.parse().unwrap()))
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        let request = from("10.0.0.7")
            .header("remote-user", "maria")
            .header("remote-email", "maria@example.com")
            .header("remote-name", "Maria de Souza")
            .header("remote-groups", "ops, , web");
        let identity = identify(&request).unwrap().unwrap();
        assert_eq!(identity.subject, "maria");
        assert_eq!(
            (identity.first_name.as_str(), identity.last_name.as_str()),
            ("Maria", "de Souza")
        );
        let groups = ["ops".to_owned(), "web".to_owned()];
        assert_eq!(identity.groups, Some(BTreeSet::from(groups)));
        let silent = HeaderCase::from(Peer::Unix).header("remote-user", "maria");
        assert_eq!(identify(&silent).unwrap().unwrap().groups, None);
        let none = silent.header("remote-groups", "");
        assert_eq!(
            identify(&none).unwrap().unwrap().groups,
            Some(BTreeSet::new())
        );
    }

    #[test]
    fn s13_a_stranger_is_not_believed() {
        for peer in ["11.0.0.7", "127.0.0.1", "::1", "2001:db8::a00:7"] {
            let request = from(peer).header("remote-user", "maria");
            assert_eq!(identify(&request), Ok(None), "{peer}");
        }
    }

    #[test]
    fn two_names_are_refused_and_an_empty_one_is_none() {
        let twice = from("10.0.0.7")
            .header("remote-user", "maria")
            .header("remote-user", "root");
        assert!(matches!(identify(&twice), Err(AuthError::Refused { .. })));
        let empty = from("10.0.0.7").header("remote-user", " ");
        assert_eq!(identify(&empty), Ok(None));
    }

    #[test]
    fn a_section_that_believes_nobody_or_anything_strange_is_refused() {
        for section in [
            "~",
            "{from: []}",
            "{from: [x]}",
            "{from: ::1, user: 'a b'}",
            "{form: ::1}",
        ] {
            assert!(ProxyHeader::new(&settings(section)).is_err(), "{section}");
        }
    }
}
