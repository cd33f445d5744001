//! Destinations that misbehave, and what becomes of the deliveries to them.

use promgen_tests::http::post_alerts;
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::smtp::{Smtp, Tls};
use promgen_tests::wait::until;
use serde_json::{Value, json};

const PATHS: [(&str, Behaviour); 6] = [
    ("/moved", Behaviour::Status(301)),
    ("/gone", Behaviour::Status(404)),
    ("/broken", Behaviour::Status(500)),
    ("/busy", Behaviour::BusyOnce),
    ("/silent", Behaviour::Silence),
    ("/half", Behaviour::HalfBody),
];

/// A running Promgen with a service `shop` and its senders.
pub(super) struct World {
    pub(super) installation: Installation,
    pub(super) web: Web,
    pub(super) token: String,
}

impl World {
    pub(super) async fn new(settings: &str, senders: &str) -> Self {
        let installation = Installation::new(None, settings);
        installation.load(&format!(
            "promgen: 1\nusers: [{{username: am}}]\nservices: [{{name: shop, senders: [{senders}]}}]\n"
        ));
        let web = installation.web(&[]).await;
        let token = installation.alerts_token("am");
        Self {
            installation,
            web,
            token,
        }
    }

    pub(super) async fn post(&self) {
        let labels = json!({"service": "shop"});
        let message =
            json!({"status": "firing", "commonLabels": labels, "alerts": [{"labels": labels}]});
        self.post_message(&message).await;
    }

    pub(super) async fn post_message(&self, message: &Value) {
        let answer = post_alerts(&self.web.url, &self.token, message.to_string()).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }

    /// The deliveries of the first alert, once all have ended.
    pub(super) async fn ended(&self, count: usize) -> Vec<Value> {
        self.ended_of("1", count).await
    }

    /// The deliveries of an alert, once all have ended.
    pub(super) async fn ended_of(&self, alert: &str, count: usize) -> Vec<Value> {
        until("all deliveries to end", async || {
            let shown = self
                .installation
                .run(&["alerts", "show", alert, "--format", "json"])
                .stdout;
            let shown: Value = serde_json::from_str(&shown).ok()?;
            let deliveries = shown["deliveries"].as_array()?.clone();
            let all = deliveries
                .iter()
                .all(|delivery| delivery["state"] != "pending");
            (deliveries.len() == count && all).then_some(deliveries)
        })
        .await
    }
}

pub(super) fn one<'a>(deliveries: &'a [Value], shown: &str) -> &'a Value {
    deliveries
        .iter()
        .find(|delivery| delivery["shown"] == shown)
        .expect("that delivery")
}

pub(super) fn last_message(delivery: &Value) -> &str {
    let attempts = delivery["attempts"].as_array().expect("attempts");
    attempts
        .last()
        .and_then(|attempt| attempt["message"].as_str())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_have_no_group_in_common_do_not_replace_each_other() {
    let sink = Sink::start().await;
    sink.behave("/busy", Behaviour::BusyOnce);
    let url = sink.url("/busy");
    let sender = format!("{{driver: promgen.notification.webhook, value: '{url}', alias: busy}}");
    let world = World::new(QUICK, &sender).await;
    let labels = json!({"service": "shop"});
    let message = |number: usize| json!({"status": "firing", "commonLabels": labels, "commonAnnotations": {"number": number.to_string()}});
    for number in 0..4 {
        world.post_message(&message(number)).await;
    }
    // One group key, of two Alertmanagers.
    for number in 4..6 {
        let mut message = message(number);
        message["groupKey"] = json!("{}:{}");
        message["externalURL"] = json!(format!("http://alertmanager-{number}.example.com"));
        world.post_message(&message).await;
    }
    for alert in 1..=6 {
        let deliveries = world.ended_of(&alert.to_string(), 1).await;
        assert_eq!(deliveries[0]["state"], "sent", "{alert}: {deliveries:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_is_judged_by_whether_a_retry_helps() {
    let sink = Sink::start().await;
    let mut senders = Vec::new();
    for (path, behaviour) in PATHS {
        sink.behave(path, behaviour);
        let url = sink.url(path);
        senders.push(format!(
            "{{driver: promgen.notification.webhook, value: '{url}', alias: {path}}}"
        ));
    }
    senders.push(format!(
        "{{driver: promgen.notification.webhook, value: '{}', secret: key}}",
        sink.url("/good")
    ));
    let world = World::new(QUICK, &senders.join(", ")).await;
    world.post().await;
    let deliveries = world.ended(PATHS.len() + 1).await;
    let state = |path: &str| {
        one(&deliveries, path)["state"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let attempts = |path: &str| {
        one(&deliveries, path)["attempts"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(
        (state("/moved"), attempts("/moved")),
        ("dead".to_owned(), 1)
    );
    assert_eq!((state("/gone"), attempts("/gone")), ("dead".to_owned(), 1));
    assert_eq!((state("/busy"), attempts("/busy")), ("sent".to_owned(), 2));
    for path in ["/broken", "/silent", "/half"] {
        assert_eq!(state(path), "dead", "{path}");
        assert!(attempts(path) > 1, "{path} was tried again");
    }
    assert!(last_message(one(&deliveries, "/gone")).contains("404"));
    assert!(last_message(one(&deliveries, "/moved")).contains("redirects"));
    let good = &sink.on("/good")[0];
    assert!(
        good.headers["x-promgen-signature"]
            .to_str()
            .unwrap()
            .starts_with("sha256=")
    );
    let ids: std::collections::BTreeSet<_> = sink
        .on("/broken")
        .iter()
        .map(|one| one.delivery().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "a delivery keeps its id over retries");

    sink.behave("/gone", Behaviour::Status(200));
    let id = one(&deliveries, "/gone")["id"].to_string();
    world.installation.ok(&["alerts", "retry", &id]);
    let again = world.ended(PATHS.len() + 1).await;
    assert_eq!(one(&again, "/gone")["state"], "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_servers_refuse_one_and_take_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(smtp) = Smtp::start(folder.path(), Tls::Implicit).await else {
        return;
    };
    let settings = format!(
        "{QUICK}django: {{EMAIL_HOST: 127.0.0.1, EMAIL_PORT: {}, EMAIL_USE_SSL: true, EMAIL_CA_FILE: '{}', \
         DEFAULT_FROM_EMAIL: promgen@example.com}}\n",
        smtp.port,
        smtp.ca_file.display()
    );
    let senders = [
        "good@example.com",
        "refused@example.com",
        "later@example.com",
    ]
    .map(|to| format!("{{driver: promgen.notification.email, value: {to}}}"));
    let world = World::new(&settings, &senders.join(", ")).await;
    world.post().await;
    let deliveries = world.ended(3).await;
    assert_eq!(one(&deliveries, "good@example.com")["state"], "sent");
    let refused = one(&deliveries, "refused@example.com");
    assert_eq!(refused["attempts"].as_array().map(Vec::len), Some(1));
    assert!(
        last_message(refused).contains("550"),
        "{}",
        last_message(refused)
    );
    let later = one(&deliveries, "later@example.com");
    assert!(
        later["attempts"]
            .as_array()
            .is_some_and(|attempts| attempts.len() > 1)
    );
    assert!(smtp.mails()[0].id.contains("promgen-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_is_tried_until_the_time_is_up() {
    let settings = format!(
        "{QUICK}django: {{EMAIL_HOST: 127.0.0.1, EMAIL_PORT: {}, DEFAULT_FROM_EMAIL: promgen@example.com}}\n",
        promgen_tests::wait::free_port()
    );
    let sender = "{driver: promgen.notification.email, value: team@example.com}";
    let world = World::new(&settings, sender).await;
    world.post().await;
    let deliveries = world.ended(1).await;
    assert_eq!(deliveries[0]["state"], "dead");
    assert!(
        deliveries[0]["attempts"]
            .as_array()
            .is_some_and(|attempts| attempts.len() > 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_keeps_notifiers_off_this_machine() {
    let sink = Sink::start().await;
    let sender = format!(
        "{{driver: promgen.notification.webhook, value: '{}', alias: x}}",
        sink.url("/x")
    );
    let world = World::new("", &sender).await;
    world.post().await;
    let deliveries = world.ended(1).await;
    assert_eq!(deliveries[0]["state"], "dead");
    assert!(
        last_message(&deliveries[0]).contains("egress.allow"),
        "{deliveries:?}"
    );
    assert!(sink.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_message_of_a_group_takes_the_place_of_one_that_waits() {
    let sink = Sink::start().await;
    let sender = format!(
        "{{driver: promgen.notification.webhook, value: '{}'}}",
        sink.url("/x")
    );
    let installation = Installation::new(None, QUICK);
    installation.load(&format!(
        "promgen: 1\nusers: [{{username: am}}]\nservices: [{{name: shop, senders: [{sender}]}}]\n"
    ));
    let web = installation.web(&["--no-worker"]).await;
    let token = installation.alerts_token("am");
    for status in ["firing", "resolved"] {
        let message =
            json!({"status": status, "groupKey": "g", "commonLabels": {"service": "shop"}});
        let answer = post_alerts(&web.url, &token, message.to_string()).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }
    let _worker = installation.worker(&[]);
    let got = sink.first("/x", "resolved").await;
    assert_eq!(got.status(), "resolved");
    let shown = installation.ok(&["alerts", "show", "1", "--format", "json"]);
    assert!(shown.contains("superseded"), "{shown}");
    assert_eq!(sink.received().len(), 1);
}
