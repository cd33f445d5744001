//! A team's installation with something of everything, and real servers around it: for tests of
//! pages, and for their pictures.

mod people;

pub use people::{PASSWORD, PEOPLE, ROOT, open};

use serde_json::{Value, json};

use crate::exporter::Exporter;
use crate::http::{client, post_alerts, send};
use crate::prometheus::{Server, alertmanager, prometheus};
use crate::promgen::{Installation, QUICK, Web};
use crate::sink::Sink;
use crate::wait::{free_port, until};

/// Everything goes nowhere: alerts reach Promgen by the test's own posts.
const ROUTE: &str = "route: {receiver: none}\nreceivers: [{name: none}]\n";

/// The running installation. Everything stops when it is dropped.
#[derive(Debug)]
pub struct Sample {
    /// The built program with its worker.
    pub web: Web,
    /// The Prometheus of the shard `east`.
    pub prometheus: Server,
    /// The Alertmanager.
    pub alertmanager: Server,
    /// Where notifications arrive.
    pub sink: Sink,
    /// What the host `127.0.0.1` of the project `checkout` exports.
    pub exporter: Exporter,
    /// Its folder and database.
    pub installation: Installation,
}

/// Its database with people and their roles, and nothing that runs. `fill` puts addresses into the
/// tree document in the place of `SINK`, `PROMETHEUS_PORT` and `EXPORTER_PORT`.
///
/// # Panics
/// When the database cannot be filled.
pub async fn prepare(installation: &Installation, fill: impl FnOnce(&str) -> String) {
    prepare_with(installation, &fill(include_str!("tree.yml"))).await;
}

/// The same with another tree document, which has the same people and services.
///
/// # Panics
/// When the database cannot be filled.
#[expect(
    clippy::expect_used,
    reason = "without the data there is nothing to test"
)]
pub async fn prepare_with(installation: &Installation, tree: &str) {
    let app = open(installation).await;
    people::root(&app).await.expect("a superuser");
    app.close().await;
    installation.load(tree);
    let app = open(installation).await;
    people::settle(&app).await.expect("people with roles");
    app.close().await;
}

/// An installation with the data, whose addresses lead nowhere.
///
/// # Panics
/// When the database cannot be filled.
pub async fn quiet(settings: &str) -> Installation {
    let installation = Installation::new(None, settings);
    let nowhere = |tree: &str| {
        let tree = tree.replace("SINK", "http://127.0.0.1:1");
        tree.replace("PROMETHEUS_PORT", "1")
            .replace("EXPORTER_PORT", "1")
    };
    prepare(&installation, nowhere).await;
    installation
}

impl Sample {
    /// Starts it, with settings added to its own; `None` where Prometheus or Alertmanager is missing.
    ///
    /// # Panics
    /// When a part of it does not start.
    pub async fn start(settings: &str) -> Option<Self> {
        let installation = Installation::new(None, "");
        let folder = installation.folder();
        let alertmanager = alertmanager(folder, ROUTE).await?;
        let (sink, exporter) = (Sink::start().await, Exporter::start().await);
        let port = free_port();
        let url = alertmanager.url();
        installation.write(
            "promgen.yml",
            &format!("{QUICK}alertmanager: {{url: '{url}'}}\n{settings}"),
        );
        let addresses = |tree: &str| {
            tree.replace("SINK", &sink.url(""))
                .replace("PROMETHEUS_PORT", &port.to_string())
                .replace("EXPORTER_PORT", &exporter.port().to_string())
        };
        prepare(&installation, addresses).await;
        let web = installation.web(&[]).await;
        let prometheus = prometheus(folder, port, &scraping(&web.url)).await?;
        Some(Self {
            web,
            prometheus,
            alertmanager,
            sink,
            exporter,
            installation,
        })
    }

    /// Lets alerts of the past and the present be known, to Promgen and to Alertmanager, and
    /// silences one of them.
    ///
    /// # Panics
    /// When somebody does not take them.
    pub async fn alarm(&self) {
        let token = self.installation.alerts_token("alertmanager");
        let alerts = [
            ("firing", checkout()),
            ("resolved", checkout()),
            (
                "firing",
                labels("TooSlow_ledger", "billing", "ledger", "minor"),
            ),
            (
                "firing",
                labels("InstanceDown", "nobody", "nowhere", "major"),
            ),
        ];
        for (number, (status, labels)) in alerts.into_iter().enumerate() {
            let body = message(status, number, &labels).to_string();
            let answer = post_alerts(&self.web.url, &token, body).await;
            assert_eq!(answer.map(|answer| answer.status), Some(202), "{labels}");
        }
        let firing = [
            checkout(),
            labels("TooSlow_ledger", "billing", "ledger", "minor"),
        ];
        let firing = firing.map(|labels| json!({"labels": labels, "annotations": annotations()}));
        self.tell("alerts", &json!(firing)).await;
        self.tell("silences", &silence()).await;
        until("the alerts to be delivered", async || {
            let list = self
                .installation
                .ok(&["alerts", "list", "--format", "json"]);
            let alerts: Vec<Value> = serde_json::from_str(&list).ok()?;
            alerts
                .iter()
                .all(|alert| alert["state"] == "routed")
                .then_some(())
        })
        .await;
        self.sink.first("/checkout", "resolved").await;
    }

    /// Waits until Prometheus has asked the exporter, and has its rules.
    pub async fn until_scraped(&self) {
        let url = format!(
            "{}/api/v1/query?query=up%7Bjob%3D%22app%22%7D",
            self.prometheus.url()
        );
        until("samples of the exporter", async || {
            let answer = crate::http::get(&url).await?;
            answer.text().contains("checkout").then_some(())
        })
        .await;
    }

    async fn tell(&self, what: &str, body: &Value) {
        let url = format!("{}/api/v2/{what}", self.alertmanager.url());
        let request = client()
            .post(url)
            .header("content-type", "application/json");
        let answer = send(request.body(body.to_string())).await;
        assert_eq!(answer.map(|answer| answer.status), Some(200), "{what}");
    }
}

fn scraping(promgen: &str) -> String {
    let url = format!("{promgen}/api/v1/targets?shard=east");
    format!(
        "global: {{scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms}}\n\
         scrape_configs:\n- job_name: promgen\n  http_sd_configs: [{{url: '{url}', refresh_interval: 1s}}]\n"
    )
}

fn checkout() -> Value {
    labels("InstanceDown_shop_checkout", "shop", "checkout", "critical")
}

fn labels(rule: &str, service: &str, project: &str, severity: &str) -> Value {
    json!({
        "alertname": rule, "service": service, "project": project, "severity": severity,
        "job": "app", "instance": "127.0.0.1:8000", "datasource": "east",
    })
}

fn annotations() -> Value {
    json!({"summary": "nobody can pay at the moment", "runbook": "https://runbook.example.com/shop"})
}

/// As Alertmanager posts it.
fn message(status: &str, number: usize, labels: &Value) -> Value {
    let ends = if status == "firing" {
        "0001-01-01T00:00:00Z"
    } else {
        "2024-05-01T12:10:00Z"
    };
    json!({
        "version": "4", "status": status, "receiver": "promgen", "groupKey": format!("{{}}:{number}"),
        "groupLabels": {"service": labels["service"]}, "commonLabels": labels,
        "commonAnnotations": annotations(), "externalURL": "http://alertmanager.example.com:9093",
        "alerts": [{
            "status": status, "labels": labels, "annotations": annotations(),
            "startsAt": "2024-05-01T12:00:00Z", "endsAt": ends, "fingerprint": "1234",
            "generatorURL": "http://prometheus.example.com:9090/graph?g0.expr=up",
        }],
    })
}

/// A silence of the project `search` for a long time.
fn silence() -> Value {
    let matcher = |name: &str, value: &str| json!({"name": name, "value": value, "isRegex": false, "isEqual": true});
    json!({
        "matchers": [matcher("service", "shop"), matcher("project", "search")],
        "startsAt": "2024-05-01T12:00:00Z", "endsAt": "2124-05-01T12:00:00Z",
        "createdBy": "edith", "comment": "new disks, see https://wiki.example.com/disks",
    })
}
