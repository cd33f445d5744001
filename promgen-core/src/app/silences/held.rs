//! A silence as an Alertmanager holds it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::alert::{Conditions, MatchOperator, Matcher};
use crate::model::{LabelName, Timestamp, Zone};

/// A silence as an Alertmanager told it, with what Promgen looks at.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// All of it.
    pub(super) json: Value,
    pub(super) id: String,
    /// Sorted.
    pub(super) matchers: Vec<RawMatcher>,
    pub(super) starts: Timestamp,
    pub(super) ends: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) created_by: String,
    pub(super) comment: String,
    pub(super) state: SilenceState,
}

/// How a silence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SilenceState {
    /// It will begin.
    Pending,
    /// It silences.
    Active,
    /// It is over.
    Expired,
}

/// A matcher as it stands in JSON. What it says may be beyond what Promgen takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawMatcher {
    /// The label.
    pub name: String,
    /// The value, or an expression for it.
    pub value: String,
    /// Whether the value is an expression.
    #[serde(default)]
    pub is_regex: bool,
    /// Whether it is to match; else it is not to.
    #[serde(default = "yes")]
    pub is_equal: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    id: String,
    matchers: Vec<RawMatcher>,
    starts_at: String,
    ends_at: String,
    #[serde(default)]
    updated_at: String,
    #[serde(default)]
    created_by: String,
    #[serde(default)]
    comment: String,
    status: Status,
}

#[derive(Deserialize)]
struct Status {
    state: SilenceState,
}

impl Held {
    /// Reads a silence of API v2; `None` when it is something else.
    pub(super) fn read(json: Value) -> Option<Self> {
        let fields = Fields::deserialize(&json).ok()?;
        let time = |text: &str| Zone::default().read(text);
        let mut matchers = fields.matchers;
        matchers.sort_unstable();
        Some(Self {
            id: fields.id,
            matchers,
            starts: time(&fields.starts_at)?,
            ends: time(&fields.ends_at)?,
            updated: time(&fields.updated_at).unwrap_or_default(),
            created_by: fields.created_by,
            comment: fields.comment,
            state: fields.status.state,
            json,
        })
    }

    /// Whether it is over.
    pub(super) fn is_over(&self) -> bool {
        self.state == SilenceState::Expired
    }

    /// Its matchers as conditions; `None` when one of them is beyond what Promgen reads.
    pub(super) fn conditions(&self) -> Option<Conditions> {
        let matchers: Option<Vec<Matcher>> =
            self.matchers.iter().map(RawMatcher::checked).collect();
        Conditions::new(&matchers?).ok()
    }

    /// The same silence as a request to put it back in the place of another one.
    pub(super) fn again(&self, id: &str) -> Value {
        let mut body = serde_json::Map::new();
        for key in ["matchers", "startsAt", "endsAt", "createdBy", "comment"] {
            let value = self.json.get(key).cloned().unwrap_or_default();
            body.insert(key.to_owned(), value);
        }
        body.insert("id".to_owned(), id.into());
        body.into()
    }
}

impl RawMatcher {
    /// The matcher that it is; `None` when its name is none of Promgen's label names.
    pub(super) fn checked(&self) -> Option<Matcher> {
        Some(Matcher {
            name: LabelName::parse(&self.name).ok()?,
            operator: match (self.is_regex, self.is_equal) {
                (false, true) => MatchOperator::Equal,
                (false, false) => MatchOperator::NotEqual,
                (true, true) => MatchOperator::Regex,
                (true, false) => MatchOperator::NotRegex,
            },
            value: self.value.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_alertmanager_tells_is_read() {
        let json = serde_json::json!({
            "id": "1-2",
            "matchers": [
                {"name": "service", "value": "shop", "isRegex": false},
                {"name": "project", "value": "w.*", "isRegex": true, "isEqual": false},
            ],
            "startsAt": "2026-01-02T03:04:05.678Z",
            "endsAt": "2026-01-02T04:04:05.678Z",
            "updatedAt": "2026-01-02T03:04:05.678Z",
            "createdBy": "maria",
            "comment": "why",
            "status": {"state": "active"},
        });
        let held = Held::read(json).unwrap();
        assert_eq!(held.starts.rfc3339(), "2026-01-02T03:04:05.678Z");
        assert!(!held.is_over());
        let conditions = held.conditions().unwrap();
        assert!(conditions.let_pass("service", "shop"));
        assert!(!conditions.let_pass("project", "web"));
        let again = held.again("3-4");
        assert_eq!(again["id"], "3-4");
        assert_eq!(again["matchers"], held.json["matchers"]);
        assert_eq!(again["endsAt"], "2026-01-02T04:04:05.678Z");
    }

    #[test]
    fn anything_else_is_no_silence() {
        for json in [
            "{}",
            "7",
            r#"{"id": "a", "matchers": [], "status": {"state": "x"}}"#,
        ] {
            assert!(Held::read(serde_json::from_str(json).unwrap()).is_none());
        }
    }
}
