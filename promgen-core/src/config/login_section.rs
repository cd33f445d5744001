//! Reads `login:`, and what the original's settings under `django:` say about logging in.

use super::keys;
use super::login::PASSWORD;
use super::node::{Entry, Value};
use super::reader::{Reader, Table, text_of};
use super::settings::{Section, Settings};
use crate::model::{Place, Problem};
use crate::plugin::Peers;

/// Reads `login:`.
pub(super) fn read(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "login", keys::LOGIN);
    let login = &mut settings.login;
    let mut list = |key| {
        let texts = reader.texts(&table.field(key), table.find(key)?, "write a list of texts")?;
        Some(texts.into_iter().map(|(_, text)| text).collect())
    };
    let backends: Option<Vec<String>> = list("backends");
    let proxies: Option<Vec<String>> = list("proxies");
    login.backends = backends.unwrap_or_default();
    match Peers::parse(proxies.iter().flatten().map(String::as_str)) {
        Ok(peers) => login.proxies = peers,
        Err(_) => reader.note(located(
            Problem::error(
                "login.proxies",
                "holds what is not a network",
                "write networks such as 10.0.0.0/8, addresses, or unix for the socket",
            ),
            table,
            "proxies",
        )),
    }
    if let Some(create) = reader.flag(table, "create_users") {
        login.create_users = create;
    }
    if let Some(span) = reader.duration(table, "session") {
        login.session = span;
    }
    if let Some(span) = reader.duration(table, "idle") {
        login.idle = span;
    }
    groups(reader, table, settings);
}

fn groups(reader: &mut Reader, table: Table<'_>, settings: &mut Settings) {
    let Some(node) = table.find("groups") else {
        return;
    };
    let remedy = "write what the backend calls a group, and its name here: `idp-ops: ops`";
    let Value::Map(entries) = &node.value else {
        return reader.refuse(table.field("groups"), node, "a mapping", remedy);
    };
    for entry in entries {
        if let Some(name) = text_of(&entry.node) {
            settings.login.groups.insert(entry.key.clone(), name);
        } else {
            let field = format!("login.groups.{}", entry.key);
            reader.refuse(field, &entry.node, "a text", remedy);
        }
    }
}

fn located(problem: Problem, table: Table<'_>, key: &str) -> Problem {
    match table.find(key) {
        Some(node) => problem.at(node.place),
        None => problem,
    }
}

/// Backends of the original by the paths of their classes; `None` for what gives rights and does
/// not log anybody in.
const BACKENDS: [(&str, Option<&str>); 5] = [
    ("django.contrib.auth.backends.ModelBackend", Some(PASSWORD)),
    ("guardian.backends.ObjectPermissionBackend", None),
    ("social_core.backends.github.GithubOAuth2", Some("github")),
    (
        "social_core.backends.github_enterprise.GithubEnterpriseOAuth2",
        Some("github"),
    ),
    (
        "social_core.backends.open_id_connect.OpenIdConnectAuth",
        Some("oidc"),
    ),
];

/// Keys after `SOCIAL_AUTH_`, each with the section and the key that it means here.
const SOCIAL: [(&str, &str, &str); 13] = [
    ("GITHUB_KEY", GITHUB, "client_id"),
    ("GITHUB_SECRET", GITHUB, "client_secret"),
    ("GITHUB_SCOPE", GITHUB, "scopes"),
    ("GITHUB_ENTERPRISE_URL", GITHUB, "url"),
    ("GITHUB_ENTERPRISE_API_URL", GITHUB, "api_url"),
    ("GITHUB_ENTERPRISE_KEY", GITHUB, "client_id"),
    ("GITHUB_ENTERPRISE_SECRET", GITHUB, "client_secret"),
    ("GITHUB_ENTERPRISE_SCOPE", GITHUB, "scopes"),
    ("OIDC_OIDC_ENDPOINT", OIDC, "issuer"),
    ("OIDC_KEY", OIDC, "client_id"),
    ("OIDC_SECRET", OIDC, "client_secret"),
    ("OIDC_SCOPE", OIDC, "scopes"),
    ("OIDC_USERNAME_KEY", OIDC, "username_claim"),
];

const GITHUB: &str = "promgen.auth.github";

const OIDC: &str = "promgen.auth.oidc";

/// Reads `AUTHENTICATION_BACKENDS` and `SOCIAL_AUTH_*` of `django:`. What stands in `login:` or in a
/// backend's own section wins; what has no counterpart is named in one warning.
pub(super) fn from_django(reader: &mut Reader, table: Table<'_>, settings: &mut Settings) {
    let mut strange: Vec<(Place, String)> = Vec::new();
    let backends = mapped_backends(reader, table, &mut strange);
    if settings.login.backends.is_empty() {
        settings.login.backends = backends;
    }
    for entry in table.entries() {
        if let Some(name) = entry.key.strip_prefix("SOCIAL_AUTH_") {
            match SOCIAL.iter().find(|(known, ..)| *known == name) {
                Some((_, section, key)) => put(settings, section, key, entry),
                None => strange.push((entry.place, entry.key.clone())),
            }
        }
    }
    let Some((place, _)) = strange.first() else {
        return;
    };
    let names: Vec<&str> = strange.iter().map(|(_, name)| name.as_str()).collect();
    let message = format!("{} have no counterpart here", names.join(", "));
    let remedy = "use the backends password, oidc, github or proxy-header (docs/SETTINGS.md)";
    reader.note(Problem::warning("django", message, remedy).at(*place));
}

fn mapped_backends(
    reader: &mut Reader,
    table: Table<'_>,
    strange: &mut Vec<(Place, String)>,
) -> Vec<String> {
    const KEY: &str = "AUTHENTICATION_BACKENDS";
    let Some(node) = table.find(KEY) else {
        return Vec::new();
    };
    let texts = reader.texts(&table.field(KEY), node, "write a list of texts");
    let mut keys: Vec<String> = Vec::new();
    for (place, path) in texts.into_iter().flatten() {
        match BACKENDS.iter().find(|(known, _)| *known == path) {
            Some((_, Some(key))) if keys.iter().all(|listed| listed != key) => {
                keys.push((*key).to_owned());
            }
            Some(_) => {}
            None => strange.push((place, path)),
        }
    }
    keys
}

/// Puts a value into a backend's section, unless the section says something itself.
fn put(settings: &mut Settings, section: &str, key: &str, entry: &Entry) {
    let section = settings.plugins.entry(section.to_owned());
    let section = section.or_insert_with(|| Section::Mapping(serde_yaml::Mapping::new()));
    if let Section::Mapping(mapping) = section
        && !mapping.contains_key(key)
        && entry.node.value != Value::Null
    {
        mapping.insert(key.into(), entry.node.to_section());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::{Parsed, parse};

    fn read(text: &str) -> Parsed {
        parse(text).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    #[test]
    fn the_section_is_read() {
        let login = read(
            "login: {backends: [oidc, password], create_users: no, session: 12h, idle: 30m, \
             proxies: [127.0.0.1], groups: {idp-ops: ops}}",
        )
        .settings
        .login;
        assert_eq!(login.backends(), ["oidc", "password"]);
        assert!(!login.create_users);
        assert_eq!(login.session, Duration::from_hours(12));
        assert_eq!(login.idle, Duration::from_mins(30));
        assert!(!login.proxies.is_empty());
        assert_eq!(login.groups["idp-ops"], "ops");
        assert_eq!(read("").settings.login.backends(), ["password"]);
    }

    #[test]
    fn wrong_values_are_named() {
        for (text, field) in [
            ("login: [password]", "login"),
            ("login: {proxies: [example.com]}", "login.proxies"),
            ("login: {session: 0s}", "login.session"),
            ("login: {groups: [ops]}", "login.groups"),
            ("login: {groups: {a: [ops]}}", "login.groups.a"),
            ("login: {backends: {a: b}}", "login.backends"),
        ] {
            let problems = parse(text).unwrap_err();
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert_eq!(problems[0].field, field);
            assert!(problems[0].place.is_some());
        }
    }

    #[test]
    fn the_backends_of_the_original_have_counterparts() {
        let text = "
django:
  AUTHENTICATION_BACKENDS:
    - social_core.backends.open_id_connect.OpenIdConnectAuth
    - social_core.backends.github.GithubOAuth2
    - django.contrib.auth.backends.ModelBackend
    - guardian.backends.ObjectPermissionBackend
  SOCIAL_AUTH_GITHUB_KEY: abc
  SOCIAL_AUTH_GITHUB_SECRET: def
  SOCIAL_AUTH_OIDC_OIDC_ENDPOINT: https://id.example.com
  SOCIAL_AUTH_OIDC_SCOPE: [openid, email]
promgen.auth.github: {client_id: own}
";
        let Parsed { settings, warnings } = read(text);
        assert_eq!(warnings, []);
        assert_eq!(settings.login.backends(), ["oidc", "github", "password"]);
        let github = &settings.plugins["promgen.auth.github"];
        assert_eq!(github["client_id"].as_str(), Some("own"));
        assert_eq!(github["client_secret"].as_str(), Some("def"));
        let oidc = &settings.plugins["promgen.auth.oidc"];
        assert_eq!(oidc["issuer"].as_str(), Some("https://id.example.com"));
        assert_eq!(oidc["scopes"][1].as_str(), Some("email"));
        let ours = read(&format!("{text}login: {{backends: [password]}}"));
        assert_eq!(ours.settings.login.backends(), ["password"]);
    }

    #[test]
    fn what_has_no_counterpart_is_named_in_one_warning() {
        let text = "
django:
  AUTHENTICATION_BACKENDS: [social_core.backends.google.GoogleOAuth2]
  SOCIAL_AUTH_GOOGLE_OAUTH2_KEY: k3y
";
        let Parsed { settings, warnings } = read(text);
        let [warning] = &warnings[..] else {
            panic!("{warnings:?}")
        };
        for name in ["google.GoogleOAuth2", "SOCIAL_AUTH_GOOGLE_OAUTH2_KEY"] {
            assert!(warning.message.contains(name), "{warning}");
        }
        assert!(!warning.message.contains("k3y"));
        assert_eq!(settings.login.backends(), ["password"]);
    }
}
