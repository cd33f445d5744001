//! In the place of Prometheus and Alertmanager, where they are not installed: looks at the demo's
//! exporters and posts what an Alertmanager would, to the real intake.

use std::collections::BTreeMap;
use std::time::Duration;

use promgen_core::app::App;
use promgen_core::egress::{Class, Client};
use promgen_core::model::{Exporter, Rule, RuleOwner, Tree};
use promgen_core::plugin::{HttpRequest, Method};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// How often the exporters are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the driver needs.
#[derive(Debug)]
pub(super) struct Driver {
    pub(super) app: App,
    pub(super) client: Client,
    /// `http://127.0.0.1:PORT` of Promgen.
    pub(super) promgen: String,
    pub(super) token: String,
}

impl Driver {
    /// Looks and posts until the demo ends.
    pub(super) async fn run(self, stop: CancellationToken) {
        // Job to whether it fired; a change of that is what is posted.
        let mut firing: BTreeMap<String, bool> = BTreeMap::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            let Ok(outputs) = self.app.outputs().await else {
                continue;
            };
            for exporter in &outputs.tree().exporters {
                let down = !self.answers(exporter.port).await;
                let before = firing.insert(exporter.job.clone(), down).unwrap_or(false);
                if down != before {
                    self.post(outputs.tree(), exporter, down).await;
                }
            }
        }
    }

    async fn answers(&self, port: u16) -> bool {
        let url = format!("http://127.0.0.1:{port}/metrics");
        let request = HttpRequest {
            method: Method::Get,
            url,
            headers: Vec::new(),
            body: Vec::new(),
            proxy: None,
        };
        let answer = self.client.request(Class::Infra, request, PATIENCE).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    async fn post(&self, tree: &Tree, exporter: &Exporter, down: bool) {
        let now = self.app.now().rfc3339();
        let Some(message) = message(tree, exporter, down, &now) else {
            return;
        };
        let url = format!("{}/api/v1/alerts", self.promgen);
        let mut request = HttpRequest::post_json(url, message.to_string().into_bytes());
        let credentials = format!("Token {}", self.token);
        request
            .headers
            .push(("Authorization".to_owned(), credentials));
        if let Err(error) = self.client.request(Class::Infra, request, PATIENCE).await {
            tracing::warn!(%error, "the demo's alert was not taken");
        }
    }
}

/// The webhook message of an Alertmanager that groups by service and project.
fn message(tree: &Tree, exporter: &Exporter, down: bool, now: &str) -> Option<Value> {
    let project = tree.project(exporter.project)?;
    let service = tree.service(project.service)?;
    let rule = rule_for(tree, exporter)?;
    let status = if down { "firing" } else { "resolved" };
    let mut labels = rule.labels.clone();
    let own = [
        ("alertname", rule.name.to_string()),
        ("instance", format!("127.0.0.1:{}", exporter.port)),
        ("job", exporter.job.clone()),
        ("project", project.name.to_string()),
        ("service", service.name.to_string()),
    ];
    labels.extend(own.map(|(name, value)| (name.to_owned(), value)));
    let group = json!({ "project": project.name, "service": service.name });
    Some(json!({
        "version": "4",
        "status": status,
        "receiver": "promgen",
        "groupKey": format!("{{}}:{{project=\"{}\", service=\"{}\"}}", project.name, service.name),
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": {"summary": format!("{} does not answer", exporter.job)},
        "externalURL": "http://127.0.0.1/",
        "truncatedAlerts": 0,
        "alerts": [{
            "status": status,
            "labels": labels,
            "annotations": {"summary": format!("{} does not answer", exporter.job)},
            "startsAt": now,
            "endsAt": if down { "0001-01-01T00:00:00Z" } else { now },
            "generatorURL": "http://127.0.0.1/graph",
            "fingerprint": format!("{:016x}", exporter.id.0),
        }],
    }))
}

/// The rule that would fire: the project's override, else the service's, else the site's own.
fn rule_for<'a>(tree: &'a Tree, exporter: &Exporter) -> Option<&'a Rule> {
    let project = tree.project(exporter.project)?;
    let owners = [
        RuleOwner::Project(project.id),
        RuleOwner::Service(project.service),
        RuleOwner::Site,
    ];
    owners.into_iter().find_map(|owner| {
        let mut rules = tree
            .rules
            .iter()
            .filter(|rule| rule.owner == owner && rule.enabled);
        rules.find(|rule| rule.name.starts_with("InstanceDown"))
    })
}
