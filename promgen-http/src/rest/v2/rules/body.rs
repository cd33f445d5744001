//! What is sent about rules.

use std::collections::BTreeMap;

use promgen_core::app::rules::RuleChange;
use promgen_core::model::RuleKind;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::rest::RestError;

/// What a rule does in Prometheus.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RuleKind)]
pub(super) enum Kind {
    /// Fires alerts.
    Alert,
    /// Records a new series.
    Record,
}

impl From<RuleKind> for Kind {
    fn from(kind: RuleKind) -> Self {
        match kind {
            RuleKind::Alert => Self::Alert,
            RuleKind::Record => Self::Record,
        }
    }
}

impl From<Kind> for RuleKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Alert => Self::Alert,
            Kind::Record => Self::Record,
        }
    }
}

/// A whole rule.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WrittenRule {
    /// Unique over the whole installation; 1 to 128 characters.
    name: String,
    /// `alert` unless given.
    kind: Option<Kind>,
    /// `PromQL`; `<exclude>` between the braces of a selector stands for what overrides cover.
    clause: String,
    /// How long the condition must hold, such as `5m`. A recording rule has none.
    duration: Option<String>,
    /// How long the alert stays after the condition has gone; null for not at all.
    #[serde(default, deserialize_with = "null_is_empty")]
    keep_firing_for: Option<String>,
    /// True unless given.
    enabled: Option<bool>,
    /// For people.
    description: Option<String>,
    /// `service` and `project` are computed and passed over.
    labels: Option<BTreeMap<String, String>>,
    /// `rule` is computed and passed over.
    annotations: Option<BTreeMap<String, String>>,
}

impl WrittenRule {
    /// Everything that can be written, what was left out as it is for a new rule.
    pub(super) fn whole(self) -> Result<RuleChange, RestError> {
        if self.duration.is_none() && !matches!(self.kind, Some(Kind::Record)) {
            let remedy = "give it, such as 5m; 0s fires at once";
            return Err(RestError::field("duration", "is required", remedy));
        }
        Ok(RuleChange {
            name: Some(self.name),
            kind: self.kind.map(RuleKind::from),
            clause: Some(self.clause),
            duration: Some(self.duration.unwrap_or_else(|| "0s".to_owned())),
            keep_firing_for: self.keep_firing_for,
            enabled: Some(self.enabled.unwrap_or(true)),
            description: Some(self.description.unwrap_or_default()),
            labels: Some(self.labels.unwrap_or_default()),
            annotations: Some(self.annotations.unwrap_or_default()),
        })
    }
}

/// What is to be changed of a rule.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct PatchedRule {
    name: Option<String>,
    kind: Option<Kind>,
    clause: Option<String>,
    duration: Option<String>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "null_is_empty")]
    keep_firing_for: Option<String>,
    enabled: Option<bool>,
    description: Option<String>,
    /// All of them; `service` and `project` are computed and passed over.
    labels: Option<BTreeMap<String, String>>,
    /// All of them; `rule` is computed and passed over.
    annotations: Option<BTreeMap<String, String>>,
}

impl From<PatchedRule> for RuleChange {
    fn from(wanted: PatchedRule) -> Self {
        Self {
            name: wanted.name,
            kind: wanted.kind.map(RuleKind::from),
            clause: wanted.clause,
            duration: wanted.duration,
            keep_firing_for: wanted.keep_firing_for,
            enabled: wanted.enabled,
            description: wanted.description,
            labels: wanted.labels,
            annotations: wanted.annotations,
        }
    }
}

/// A rule that is to be overridden, and what is to be different.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct OverriddenRule {
    /// The rule.
    pub(super) original_rule_id: i32,
    /// Fields of the override; the others are those of the rule, narrowed to the service or
    /// project.
    pub(super) overrides: Option<PatchedRule>,
}

/// A null that was sent says something; a field that was not says nothing.
pub(super) fn null_is_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(Some(text.unwrap_or_default()))
}
