//! A Promgen to which a little of everything happens.

use promgen_tests::http::{client, get, post_alerts, send};
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;
use serde_json::json;

use super::told::Told;

/// What must never be told, wherever it stands.
pub(super) const CANARY: &str = "canary-secret";

pub(super) struct World {
    pub(super) installation: Installation,
    pub(super) sink: Sink,
    /// May read.
    pub(super) reader: String,
    /// May post alerts.
    pub(super) poster: String,
}

impl World {
    /// Three senders of a service: one good, one that refuses, one whose server is not there.
    pub(super) async fn new(database: Option<String>, settings: &str) -> Self {
        let sink = Sink::start().await;
        sink.behave("/gone/canary-secret", Behaviour::Status(404));
        let installation = Installation::new(database, &format!("{QUICK}{settings}"));
        let sender = |url: &str| {
            format!(
                "{{driver: promgen.notification.webhook, value: '{url}', alias: canary-secret, secret: canary-secret}}"
            )
        };
        installation.load(&format!(
            "promgen: 1\nusers: [{{username: am, senders: [{good}]}}]\n\
             shards: [{{name: main, authorization: Bearer canary-secret, servers: [{{host: localhost, port: 9090}}, {{host: pulling, port: 9090}}]}}]\n\
             probes: [{{module: http_2xx}}]\n\
             services:\n- name: shop\n  rules: [{{name: Down, clause: up == 0}}]\n  senders: [{good}, {gone}, {away}]\n  \
             projects:\n  - name: web\n    shard: main\n    farm: {{name: f, hosts: [a, b]}}\n    \
             exporters: [{{job: node, port: 9100}}]\n    urls: [{{url: 'https://shop.example.com/', probe: http_2xx}}]\n",
            good = sender(&sink.url("/good/canary-secret")),
            gone = sender(&sink.url("/gone/canary-secret")),
            away = sender("http://127.0.0.1:1/canary-secret"),
        ));
        let made = installation.ok(&["token", "create", "--user", "am", "--scope", "read"]);
        let poster = installation.alerts_token("am");
        Self {
            installation,
            sink,
            reader: made.trim().to_owned(),
            poster,
        }
    }

    pub(super) async fn post(&self, web: &Web) {
        let labels = json!({"service": "shop", "project": "web", "canary": CANARY});
        let message = json!({"status": "firing", "groupKey": CANARY, "commonLabels": labels,
            "alerts": [{"labels": labels}, {"labels": labels}]});
        let answer = post_alerts(&web.url, &self.poster, message.to_string()).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }

    /// The page, for whoever may read it.
    pub(super) async fn page(&self, web: &Web) -> String {
        let url = format!("{}/metrics", web.url);
        let answer = send(client().get(url).bearer_auth(&self.reader)).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// The page, once it tells what is waited for.
    pub(super) async fn told(&self, web: &Web, what: &str, is: impl Fn(&Told) -> bool) -> Told {
        until(what, async || {
            let told = Told::parse(&self.page(web).await);
            is(&told).then_some(told)
        })
        .await
    }

    /// An alert with all its deliveries, a post with a wrong token, a pull, a page that is not there,
    /// and a deployment that fails.
    pub(super) async fn live(&self, web: &Web) {
        self.post(web).await;
        let refused = post_alerts(&web.url, "canary-secret", "{}").await.unwrap();
        assert_eq!(refused.status, 401);
        let pull = format!("{}/api/v1/targets?server=pulling:9090", web.url);
        assert_eq!(get(&pull).await.unwrap().status, 200);
        let nowhere = format!("{}/canary-secret", web.url);
        assert_eq!(get(&nowhere).await.unwrap().status, 404);
        self.told(web, "everything to be told", |told| {
            let webhook = [("sender_type", "promgen.notification.webhook")];
            told.sum("promgen_alert_notifications_total", &webhook) >= 3.0
                && told.sum("promgen_deliveries", &[("state", "dead")]) >= 2.0
                && told.has("promgen_server_failed_timestamp_seconds")
                && told.has("promgen_server_applied_timestamp_seconds")
        })
        .await;
    }
}

/// Settings with which `promgen web` deploys for `localhost` and fails.
pub(super) const DEPLOYS: &str =
    "prometheus: {url: 'http://127.0.0.1:1/', rules: promgen.rule.yml}\n";
