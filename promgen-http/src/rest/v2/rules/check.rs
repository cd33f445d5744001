//! `/rest/v2/rules/check`: trying a rule out without saving it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use promgen_core::app::policy::Act;
use promgen_core::app::rules::{self, Checked, RuleChange};
use promgen_core::model::{ProjectId, RuleId, RuleKind, RuleOwner, ServiceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::body::{Kind, null_is_empty};
use crate::Server;
use crate::rest::{Body, Caller, Finding, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    // What it is about stands in the body.
    Routes::default().documented(Act::List, routes!(check))
}

/// What a rule belongs to.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum RuleOwnerKind {
    /// The installation.
    Site,
    /// A service.
    Service,
    /// A project.
    Project,
}

/// A rule to be tried out: one of an owner to be, or, with an id, one that is there.
#[derive(Debug, Deserialize, ToSchema)]
struct TriedRule {
    /// A rule that is there; what is not given is taken from it, and its overrides count.
    id: Option<i32>,
    /// What a new rule would belong to; the site unless given.
    content_type: Option<RuleOwnerKind>,
    /// Id of that service or project.
    object_id: Option<i32>,
    name: Option<String>,
    kind: Option<Kind>,
    clause: Option<String>,
    duration: Option<String>,
    #[serde(default, deserialize_with = "null_is_empty")]
    keep_firing_for: Option<String>,
    enabled: Option<bool>,
    description: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    annotations: Option<BTreeMap<String, String>>,
}

impl TriedRule {
    fn owner(&self) -> Result<RuleOwner, RestError> {
        let id = || {
            let remedy = "give the id of the service or project";
            let missing = RestError::field("object_id", "is required", remedy);
            self.object_id.ok_or(missing)
        };
        match self.content_type {
            None | Some(RuleOwnerKind::Site) => Ok(RuleOwner::Site),
            Some(RuleOwnerKind::Service) => Ok(RuleOwner::Service(ServiceId(id()?))),
            Some(RuleOwnerKind::Project) => Ok(RuleOwner::Project(ProjectId(id()?))),
        }
    }

    fn change(self) -> RuleChange {
        RuleChange {
            name: self.name,
            kind: self.kind.map(RuleKind::from),
            clause: self.clause,
            duration: self.duration,
            keep_firing_for: self.keep_firing_for,
            enabled: self.enabled,
            description: self.description,
            labels: self.labels,
            annotations: self.annotations,
        }
    }
}

/// What there is to say about a rule.
#[derive(Debug, Serialize, ToSchema)]
struct CheckedRule {
    /// With an error among them it would not be saved.
    problems: Vec<Finding>,
    /// The clause as Prometheus would get it.
    expanded: String,
}

impl From<Checked> for CheckedRule {
    fn from(checked: Checked) -> Self {
        Self {
            problems: checked.problems.into_iter().map(Finding::from).collect(),
            expanded: checked.expanded,
        }
    }
}

/// Tries out what somebody writes about a rule, without saving it.
#[utoipa::path(
    post, path = "/rest/v2/rules/check", tag = "rules",
    request_body = TriedRule,
    responses((status = 200, body = CheckedRule)),
)]
async fn check(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(tried): Body<TriedRule>,
) -> Result<Json<CheckedRule>, RestError> {
    let (owner, id) = (tried.owner()?, tried.id.map(RuleId));
    let checked = rules::check(&server.app, &actor, owner, id, &tried.change()).await?;
    Ok(Json(checked.into()))
}
