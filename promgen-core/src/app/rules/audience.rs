//! Who would hear about an alert of a rule.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::require;
use super::rows::OwnerName;
use crate::alert::{Decision, Message, Routing};
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{Rule, RuleId, RuleOwner, SenderId};
use crate::store::Tx;

/// Who would hear about an alert of a rule, and why each other candidate would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The labels that the alert would have.
    pub labels: BTreeMap<String, String>,
    /// What was decided about each candidate.
    pub routing: Routing,
    /// How many candidates were left out, because the viewer may not see what they belong to.
    pub hidden: usize,
}

/// Explains who would hear about an alert of a rule. `series` are labels that come from the series
/// that the rule finds, such as its project; where the rule has one of the same name, that counts.
/// The same function decides as when an alert comes in, and nothing is sent.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule, [`AppError::Forbidden`] without a role on what it
/// belongs to.
pub async fn audience(
    app: &App,
    actor: &Actor,
    id: RuleId,
    series: &BTreeMap<String, String>,
) -> Result<Audience, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let rule = tx.load_rule(id).await?;
    let rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
    require(app, &tx, &access, Act::See, rule.owner).await?;
    let labels = labels(&tx, &rule, series).await?;
    let revision = tx.revision().await?;
    // The router may have to read in a transaction of its own.
    drop(tx);
    let message = json!({
        "version": "4", "status": "firing", "groupKey": "", "groupLabels": {},
        "commonLabels": labels, "commonAnnotations": {},
        "alerts": [{"status": "firing", "labels": labels, "annotations": {}}],
    });
    let depth = app.settings().alerts.max_depth;
    let message = Message::parse(message.to_string().as_bytes(), depth)?;
    let router = app.router().at(app, revision).await?;
    let mut routing = router.route(&message);
    let tx = app.store().read_tx().await?;
    Ok(Audience {
        hidden: hide(&tx, &access, &labels, &mut routing).await?,
        routing,
        labels,
    })
}

/// The labels of the alert: those of the series, under those of the rule.
async fn labels(
    tx: &Tx,
    rule: &Rule,
    series: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, AppError> {
    let tree = tx.load_owners_of_rules(std::slice::from_ref(rule)).await?;
    let owner = OwnerName::find(&tree, rule.owner);
    let mut labels = series.clone();
    labels.extend(rule.labels.clone());
    labels.insert("alertname".to_owned(), rule.name.to_string());
    if let Some((_, service)) = owner.service {
        labels.insert("service".to_owned(), service);
    }
    if rule.owner != RuleOwner::Site {
        labels.insert(rule.owner.kind().to_owned(), owner.name);
    }
    labels.retain(|_, value| !value.is_empty());
    Ok(labels)
}

/// Takes out what was decided about senders of a service or project that the viewer may not see,
/// and about people who are subscribed there; answers how many there were.
async fn hide(
    tx: &Tx,
    access: &Access,
    labels: &BTreeMap<String, String>,
    routing: &mut Routing,
) -> Result<usize, AppError> {
    let mut hidden = Vec::new();
    if let Some(name) = labels.get("service")
        && let Some(service) = tx.find_service(name).await?
        && !access.sees(On::Service(&service))
    {
        hidden.push(RuleOwner::Service(service.id).kind());
    }
    if let Some(name) = labels.get("project")
        && let Some(project) = tx.find_project(name).await?
        && !access.sees(On::Project(&project))
    {
        hidden.push(RuleOwner::Project(project.id).kind());
    }
    let is_hidden = |one: &Decision| hidden.contains(&one.owner_kind.as_str());
    let theirs = routing.decisions.iter().filter(|one| is_hidden(one));
    let senders: BTreeSet<SenderId> = theirs.filter_map(|one| one.sender).collect();
    let before = routing.decisions.len();
    routing.decisions.retain(|one| {
        !is_hidden(one)
            && one
                .via
                .is_none_or(|subscription| !senders.contains(&subscription))
    });
    Ok(before - routing.decisions.len())
}
