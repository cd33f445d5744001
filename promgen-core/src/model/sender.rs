//! Senders: who hears about alerts, and by which driver ("notifier" in the UI).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{FilterId, Secret, SenderId, SenderOwner, UserId};

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

    /// Value as it may be shown: the alias where there is one.
    pub fn shown(&self) -> &str {
        if self.alias.is_empty() {
            &self.value
        } else {
            &self.alias
        }
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
