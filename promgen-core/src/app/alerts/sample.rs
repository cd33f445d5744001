//! The test alert: stored and routed like any other, to see whether it arrives.

use serde_json::json;

use crate::alert::{Message, Routing};
use crate::app::hours::Came;
use crate::app::router::Router;
use crate::app::tree::{self, ApplyOptions};
use crate::app::{Actor, App, AppError, Right};
use crate::model::{AlertId, Timestamp, Tree};
use crate::store::{NewAlert, NewRouted, Placed};

/// What the test alert names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample<'a> {
    /// Shard of a project that has to be made.
    pub shard: &'a str,
    /// Label `service`.
    pub service: &'a str,
    /// Label `project`.
    pub project: &'a str,
}

/// What became of a test alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The alert.
    pub alert: AlertId,
    /// Who gets it, and why.
    pub routing: Routing,
}

/// Stores and routes an alert `test-alert` of a service and project, which are made where they are
/// missing. A worker delivers it.
///
/// Source: the original's command `alerts-test`, whose alert always names `test-service` and
/// `test-project`; this one names what was asked for.
///
/// # Errors
/// [`AppError::Invalid`] for a name that cannot be, or for a project of another service.
pub async fn test(app: &App, actor: &Actor, sample: &Sample<'_>) -> Result<Tested, AppError> {
    actor.require(Right::Change, app.settings())?;
    make_missing(app, actor, sample).await?;
    let tx = app.store().read_tx().await?;
    let tree = tx.load_recipients().await?;
    drop(tx);
    let router = Router::new(app, &tree);
    let now = app.now();
    let body = body(sample, &tree, now);
    let message = Message::parse(body.as_bytes(), app.settings().alerts.max_depth)?;
    let decided = router.decide(&message);
    let tx = app.store().write_tx().await?;
    let alert = NewRouted {
        alert: NewAlert {
            created: now,
            body: &body,
        },
        state: decided.state,
        trace: &decided.trace,
        labels: &decided.labels,
    };
    let ids = tx.insert_routed(&[alert]).await?;
    let alert = ids.first().copied().unwrap_or(AlertId(0));
    let deliveries = decided.deliveries(now);
    let placed: Vec<Placed<'_>> = deliveries
        .iter()
        .map(|new| Placed {
            alert,
            new,
            begin: false,
        })
        .collect();
    tx.insert_deliveries(&placed, None).await?;
    tx.commit().await?;
    app.hours().came(Came::of(now, &decided.routing));
    app.deliveries_due().wake();
    Ok(Tested {
        alert,
        routing: decided.routing,
    })
}

/// Makes what the sample names and what is not there yet, as a document would.
async fn make_missing(app: &App, actor: &Actor, sample: &Sample<'_>) -> Result<(), AppError> {
    let tx = app.store().read_tx().await?;
    let service = tx.find_service(sample.service).await?;
    let project = tx.find_project(sample.project).await?;
    drop(tx);
    let document = match (service, project) {
        (Some(service), Some(project)) if service.id == project.service => return Ok(()),
        (_, Some(_)) => {
            let message = format!("project {} belongs to another service", sample.project);
            return Err(AppError::invalid("project", message, "name its service"));
        }
        (_, None) => json!({
            "promgen": 1,
            "shards": [{"name": sample.shard}],
            "services": [{
                "name": sample.service,
                "projects": [{"name": sample.project, "shard": sample.shard}],
            }],
        }),
    };
    tree::apply(app, actor, &document.to_string(), ApplyOptions::default()).await?;
    Ok(())
}

fn body(sample: &Sample<'_>, tree: &Tree, now: Timestamp) -> String {
    let labels = json!({
        "alertname": "test-alert", "service": sample.service, "project": sample.project,
        "severity": "info",
    });
    let annotations = json!({ "summary": "A test: nothing is wrong" });
    let group = json!({ "service": sample.service, "project": sample.project });
    let link = format!("http://{}/", tree.site.domain);
    json!({
        "version": "4", "receiver": "promgen", "status": "firing",
        // A key of its own: a test never takes the place of another message.
        "groupKey": format!("test:{}", now.0),
        "groupLabels": group, "commonLabels": labels, "commonAnnotations": annotations,
        "externalURL": link,
        "alerts": [{
            "status": "firing", "labels": labels, "annotations": annotations,
            "startsAt": now.rfc3339(), "endsAt": "0001-01-01T00:00:00Z", "generatorURL": link,
        }],
    })
    .to_string()
}
