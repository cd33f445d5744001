//! Senders: who hears about alerts, and by which driver ("notifier" in the UI).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{FilterId, MASKED, Secret, SenderId, SenderOwner, UserId};

/// Key of the driver whose value is a user.
pub const USER_DRIVER: &str = "promgen.notification.user";

/// A subscription: messages of its owner go to `value` by the driver `driver`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Identity.
    pub id: SenderId,
    /// Key of the notifier driver, such as `promgen.notification.email`.
    pub driver: String,
    /// Destination: an address, URL or token; for the user driver a user's id as text.
    pub value: String,
    /// Shown instead of the value, and then the value is a secret.
    pub alias: String,
    /// Whose messages it carries.
    pub owner: SenderOwner,
    /// Who added it.
    pub added_by: Option<UserId>,
    /// Disabled senders are passed over, with a reason.
    pub enabled: bool,
    /// Key of the HMAC signature of webhook deliveries.
    pub secret: Option<Secret<String>>,
    /// No filter means every message; otherwise any one that matches suffices.
    pub filters: Vec<Filter>,
}

impl Sender {
    /// Name of a sender whose value is not to be shown: 12 hexadecimal digits that stay the same
    /// over databases, made from driver and value.
    pub fn reference(driver: &str, value: &str) -> String {
        let digest = Sha256::digest(format!("{driver}\0{value}"));
        let mut digits = hex::encode(digest);
        digits.truncate(12);
        digits
    }

    /// What may be shown of a URL that is a key itself: scheme and host, and the first four digits
    /// of [`Sender::reference`], which tell it from others on that host. They are too few to try
    /// guesses on.
    pub fn excerpt(driver: &str, url: &str) -> String {
        let Some(origin) = origin(url) else {
            return MASKED.to_owned();
        };
        let mut digits = Self::reference(driver, url);
        digits.truncate(4);
        format!("{origin}/… ({digits})")
    }

    /// The user whom a subscription names.
    pub fn subscriber(&self) -> Option<UserId> {
        let is_user = self.driver == USER_DRIVER;
        is_user.then(|| self.value.parse().ok()).flatten()
    }

    /// Whether a message with these common labels passes the filters.
    ///
    /// No filter passes everything; otherwise one equal label suffices (Promgen 0.34).
    pub fn passes(&self, common_labels: &BTreeMap<String, String>) -> bool {
        let equal = |filter: &Filter| common_labels.get(&filter.name) == Some(&filter.value);
        self.filters.is_empty() || self.filters.iter().any(equal)
    }
}

/// Scheme, host and port of a URL, of one whose parts are beyond doubt.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let place = authority.rsplit('@').next()?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (place, ""),
    };
    let in_host = |c: char| c.is_alphanumeric() || ".-_:[]".contains(c);
    let plain = ["http", "https"].contains(&scheme)
        && !host.is_empty()
        && host.chars().all(in_host)
        && port.chars().all(|c| c.is_ascii_digit());
    plain.then(|| format!("{scheme}://{place}"))
}

/// A label that a message must have. Unique by (sender, name, value).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Filter {
    /// Identity.
    pub id: FilterId,
    /// Label name.
    pub name: String,
    /// Label value, compared exactly.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_of_a_url_scheme_and_host_are_shown_and_what_tells_it_apart() {
        let shown = |url: &str| Sender::excerpt("slack", url);
        for (url, origin) in [
            (
                "https://hooks.slack.com/services/hush",
                "https://hooks.slack.com",
            ),
            ("http://am:9093?key=hush", "http://am:9093"),
            (
                "https://robot:hush@chat.example.com",
                "https://chat.example.com",
            ),
            (
                "https://hush@a@chat.example.com\\hush",
                "https://chat.example.com",
            ),
            ("http://[::1]:80/hush", "http://[::1]:80"),
            ("http://[::1]/hush", "http://[::1]"),
        ] {
            let told = shown(url);
            let start = format!("{origin}/… (");
            assert!(told.starts_with(&start), "{url}: {told}");
            assert_eq!(told.len(), start.len() + 5, "{told}");
        }
        assert_ne!(shown("http://x/1"), shown("http://x/2"));
        for url in [
            "hush",
            "",
            "http://",
            "http://robot:hu/sh@x/",
            "http://hu sh/",
            "ftp://x/",
        ] {
            assert_eq!(shown(url), MASKED, "{url}");
        }
    }
}
