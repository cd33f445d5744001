//! Alerting and recording rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Name, PromDuration, RuleId, RuleOwner};

/// What a rule does in Prometheus.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// Fires alerts.
    #[default]
    Alert,
    /// Records a new series.
    Record,
}

/// A rule; its clause may hold the `<exclude>` macro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Identity; the annotation `rule` links to it.
    pub id: RuleId,
    /// Name, unique over the whole installation: the alert's or the recorded series' name.
    pub name: Name,
    /// Alerting or recording.
    pub kind: RuleKind,
    /// `PromQL` as written, macro included.
    pub clause: String,
    /// How long the condition must hold before the alert fires.
    pub duration: PromDuration,
    /// How long the alert stays after the condition has gone (Prometheus 2.42).
    pub keep_firing_for: Option<PromDuration>,
    /// Disabled rules are not rendered.
    pub enabled: bool,
    /// The rule that this one overrides.
    pub parent: Option<RuleId>,
    /// The object that it belongs to.
    pub owner: RuleOwner,
    /// For people only.
    pub description: String,
    /// Labels as the user wrote them; `service` and `project` are computed when rendering.
    pub labels: BTreeMap<String, String>,
    /// Annotations as the user wrote them; `rule` is computed when rendering.
    pub annotations: BTreeMap<String, String>,
}

/// Options of the rule group of a site, service or project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GroupOptions {
    /// Evaluation interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<PromDuration>,
    /// Most alerts or series per rule (Prometheus 2.31).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How far behind the present the group is evaluated (Prometheus 2.53).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_offset: Option<PromDuration>,
}
