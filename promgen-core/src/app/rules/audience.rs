//! Who would hear about an alert of a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;

use super::rows::OwnerName;
use super::seen;
use crate::alert::{Decision, Message, Reason, Routing};
use crate::app::policy::{Access, On};
use crate::app::router::Router;
use crate::app::{Actor, App, AppError};
use crate::model::{Rule, RuleId, RuleOwner, SenderId, SenderOwner, ServiceId};
use crate::store::Tx;

/// Who would hear about an alert of a rule, and why each other candidate would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The labels that the alert would have.
    pub labels: BTreeMap<String, String>,
    /// What was decided about each candidate.
    pub routing: Routing,
    /// How many candidates were left out, because the viewer may not see the service that they
    /// belong to.
    pub hidden: usize,
}

/// Explains who would hear about an alert of a rule. `series` are labels that come from the series
/// that the rule finds, such as its project; where the rule has one of the same name, that counts.
/// The same function decides as when an alert comes in, and nothing is sent. What the viewer names
/// and may not see counts as none.
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
    let (tx, access, rule) = seen(app, actor, id).await?;
    let labels = labels(&tx, &rule, series).await?;
    let router = router(app, tx, &access, &rule, &labels).await?;
    let message = json!({
        "version": "4", "status": "firing", "groupKey": "", "groupLabels": {},
        "commonLabels": labels, "commonAnnotations": {},
        "alerts": [{"status": "firing", "labels": labels, "annotations": {}}],
    });
    let depth = app.settings().alerts.max_depth;
    let message = Message::parse(message.to_string().as_bytes(), depth)?;
    let mut routing = router.route(&message);
    let tx = app.store().read_tx().await?;
    Ok(Audience {
        hidden: match rule.owner {
            RuleOwner::Site => 0,
            _ => hide(&tx, &access, &labels, &mut routing).await?,
        },
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

/// What decides: without a project, and for a rule of the site without a service, that the labels
/// name and the viewer may not see. Whoever asks makes up those names, and is told nothing that
/// something of that name would change.
async fn router(
    app: &App,
    tx: Tx,
    access: &Access,
    rule: &Rule,
    labels: &BTreeMap<String, String>,
) -> Result<Arc<Router>, AppError> {
    let project = match labels.get("project") {
        Some(name) => tx.find_project(name).await?,
        None => None,
    };
    let service = match labels.get("service") {
        Some(name) if rule.owner == RuleOwner::Site => tx.find_service(name).await?,
        _ => None,
    };
    let project = project.filter(|one| !access.sees(On::Project(one)));
    let service = service.filter(|one| !access.sees(On::Service(one)));
    if project.is_some() || service.is_some() {
        let (project, service) = (project.map(|it| it.id), service.map(|it| it.id));
        let mut tree = tx.load_recipients().await?;
        tree.projects.retain(|one| Some(one.id) != project);
        tree.services.retain(|one| Some(one.id) != service);
        return Ok(Arc::new(Router::new(app, &tree)));
    }
    let revision = tx.revision().await?;
    // The router may have to read in a transaction of its own.
    drop(tx);
    app.router().at(app, revision).await
}

/// Takes out a service that the viewer may not see; answers how many candidates that were. A rule
/// of one of its projects names it to people who see the project alone.
async fn hide(
    tx: &Tx,
    access: &Access,
    labels: &BTreeMap<String, String>,
    routing: &mut Routing,
) -> Result<usize, AppError> {
    if let Some(name) = labels.get("service")
        && let Some(service) = tx.find_service(name).await?
        && !access.sees(On::Service(&service))
    {
        return Ok(without_service(routing, service.id));
    }
    Ok(0)
}

/// Takes out the link to a service, what was decided about its senders and about people who are
/// subscribed there, and who gets the message by that alone.
fn without_service(routing: &mut Routing, id: ServiceId) -> usize {
    let Routing {
        parts, decisions, ..
    } = routing;
    let kind = SenderOwner::Service(id).kind();
    let is_hidden = |one: &Decision| one.owner_kind == kind;
    let theirs = decisions.iter().filter(|one| is_hidden(one));
    let senders: BTreeSet<SenderId> = theirs.filter_map(|one| one.sender).collect();
    let before = decisions.len();
    decisions.retain(|one| {
        !is_hidden(one)
            && one
                .via
                .is_none_or(|subscription| !senders.contains(&subscription))
    });
    let matched = decisions.iter().filter(|one| one.reason == Reason::Matched);
    let matched: BTreeSet<(usize, Option<SenderId>)> =
        matched.map(|one| (one.part, one.sender)).collect();
    for (index, part) in parts.iter_mut().enumerate() {
        part.annotations.remove(kind);
        part.recipients
            .retain(|one| matched.contains(&(index, Some(one.sender))));
    }
    before - decisions.len()
}
