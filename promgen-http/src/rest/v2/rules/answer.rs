//! Rules on the wire.

use std::collections::BTreeMap;

use promgen_core::app::rules::RuleView;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Kind;
use crate::rest::Finding;

/// A rule in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleSimple {
    id: i32,
    /// Name of what it belongs to; of the site the domain.
    content_name: String,
    /// `site`, `service` or `project`.
    content_type: String,
    name: String,
    kind: Kind,
    /// As it was written, macro included.
    clause: String,
    duration: String,
    enabled: bool,
    /// The rule that it overrides.
    #[schema(required)]
    parent: Option<i32>,
}

impl From<RuleView> for RuleSimple {
    fn from(view: RuleView) -> Self {
        Self {
            id: view.rule.id.0,
            content_name: view.owner_name,
            content_type: view.rule.owner.kind().to_owned(),
            name: view.rule.name.to_string(),
            kind: view.rule.kind.into(),
            clause: view.rule.clause,
            duration: view.rule.duration.to_string(),
            enabled: view.rule.enabled,
            parent: view.rule.parent.map(|parent| parent.0),
        }
    }
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleWhole {
    id: i32,
    /// Name of what it belongs to; of the site the domain.
    content_name: String,
    /// `site`, `service` or `project`.
    content_type: String,
    /// Id of what it belongs to; of the site 1.
    object_id: i32,
    name: String,
    kind: Kind,
    /// As it was written, macro included.
    clause: String,
    duration: String,
    #[schema(required)]
    keep_firing_for: Option<String>,
    enabled: bool,
    /// For people.
    description: String,
    /// Those that were written, and the computed `service` and `project`.
    labels: BTreeMap<String, String>,
    /// Those that were written, and the computed link `rule`.
    annotations: BTreeMap<String, String>,
    /// The rule that it overrides.
    #[schema(required)]
    parent: Option<i32>,
    /// What is worth saying about it and stops nothing.
    warnings: Vec<Finding>,
}

impl From<RuleView> for RuleWhole {
    fn from(view: RuleView) -> Self {
        let rule = view.rule;
        Self {
            id: rule.id.0,
            content_name: view.owner_name,
            content_type: rule.owner.kind().to_owned(),
            object_id: rule.owner.id(),
            name: rule.name.to_string(),
            kind: rule.kind.into(),
            clause: rule.clause,
            duration: rule.duration.to_string(),
            keep_firing_for: rule.keep_firing_for.map(|span| span.to_string()),
            enabled: rule.enabled,
            description: rule.description,
            labels: rule.labels,
            annotations: rule.annotations,
            parent: rule.parent.map(|parent| parent.0),
            warnings: view.warnings.into_iter().map(Finding::from).collect(),
        }
    }
}
