//! The data set of the original, loaded through the tree document, gives its answers.

use promgen_tests::golden::{compare_rules, compare_targets, compare_urls, golden_path};
use promgen_tests::http::{get, post_alerts};
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::Sink;
use promgen_tests::smtp::{Smtp, Tls};
use promgen_tests::wait::until;
use serde_json::Value;

fn golden(name: &str) -> String {
    std::fs::read_to_string(golden_path(name)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_equal_those_of_the_original() {
    let installation = Installation::new(None, "");
    installation.load(&golden("tree.yml"));
    let web = installation.web(&["--no-worker"]).await;
    let ours = async |path: &str| get(&format!("{}{path}", web.url)).await.unwrap().text();
    let none: Vec<String> = Vec::new();
    let targets = golden("api_v1_targets.json");
    assert_eq!(
        compare_targets(&ours("/api/v1/targets").await, &targets),
        none
    );
    assert_eq!(
        compare_targets(&ours("/api/v1/config").await, &golden("api_v1_config.json")),
        none
    );
    assert_eq!(
        compare_urls(&ours("/api/v1/urls").await, &golden("api_v1_urls.json")),
        none
    );
    assert_eq!(
        compare_rules(&ours("/api/v1/rules").await, &golden("api_v1_rules.yml")),
        none
    );
    assert_eq!(
        compare_targets(
            &installation.ok(&["export-targets"]),
            &golden("cli/export-targets.json")
        ),
        none
    );
    assert_eq!(
        compare_urls(
            &installation.ok(&["export-urls"]),
            &golden("cli/export-urls.json")
        ),
        none
    );
    assert_eq!(
        compare_rules(
            &installation.ok(&["export-rules"]),
            &golden("cli/export-rules.yml")
        ),
        none
    );
    if let Some(promtool) = promgen_tests::prometheus::promtool() {
        installation.ok(&["rules", "rules.yml"]);
        let file = installation.folder().join("rules.yml");
        let checked = std::process::Command::new(promtool)
            .args(["check", "rules"])
            .arg(file)
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

/// A message of the original as `(path, body)`, its host and port being left out.
fn webhooks(case: &Value) -> Vec<(String, Value)> {
    let one = |hook: &Value| {
        (
            hook["path"].as_str().unwrap_or_default().to_owned(),
            hook["json"].clone(),
        )
    };
    case["webhooks"]
        .as_array()
        .into_iter()
        .flatten()
        .map(one)
        .collect()
}

/// Subject and body of a mail of the original.
fn mail(text: &str) -> (String, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or_default();
    let head = head.replace("\n ", " ");
    let subject = head
        .lines()
        .find_map(|line| line.strip_prefix("Subject: "))
        .unwrap_or_default();
    let body = body.trim_end_matches(['-', '\n']);
    (subject.to_owned(), body.trim_end().to_owned())
}

/// Cases in which ours differ on purpose: what arrives instead.
fn expected(name: &str, case: &Value) -> (Vec<(String, Value)>, usize) {
    let mails = case["mails"].as_array().map_or(0, Vec::len);
    if name == "no_common_labels" {
        // The alerts name the service, so its people hear of them (`alertmanager.split`).
        return (vec![("/hook/s0".to_owned(), Value::Null)], 1);
    }
    (webhooks(case), mails)
}

struct World {
    installation: Installation,
    web: Web,
    token: String,
    sink: Sink,
    smtp: Smtp,
}

impl World {
    async fn new(folder: &std::path::Path) -> Option<Self> {
        let smtp = Smtp::start(folder, Tls::StartTls).await?;
        let sink = Sink::start().await;
        let settings = format!(
            "{QUICK}alertmanager: {{blacklist: {{severity: [debug, blackhole]}}}}\n\
             promgen.notification.email: {{sender: promgen@example.com}}\ndjango: {{EMAIL_HOST: 127.0.0.1, \
             EMAIL_PORT: {}, EMAIL_USE_TLS: true, EMAIL_CA_FILE: '{}'}}\n",
            smtp.port,
            smtp.ca_file.display()
        );
        let installation = Installation::new(None, &settings);
        let address = sink.address().to_string();
        installation.load(&golden("tree.yml").replace("127.0.0.1:18080", &address));
        let web = installation.web(&[]).await;
        let token = installation.alerts_token("admin");
        Some(Self {
            installation,
            web,
            token,
            sink,
            smtp,
        })
    }

    /// Posts a case, the `number`-th alert of all, and compares what arrives.
    async fn check(&self, number: usize, name: &str) {
        let case: Value = serde_json::from_str(&golden(&format!("alerts/{name}.json"))).unwrap();
        let (before, mails_before) = (self.sink.received().len(), self.smtp.mails().len());
        let answer = post_alerts(&self.web.url, &self.token, case["posted"].to_string())
            .await
            .unwrap();
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (202, "OK"),
            "{name}"
        );
        let (hooks, mails) = expected(name, &case);
        self.until_sent(number, name, hooks.len() + mails).await;
        let new = &self.sink.received()[before..];
        let mut got: Vec<(String, Value)> = new
            .iter()
            .map(|one| (one.path.clone(), one.json.clone()))
            .collect();
        got.sort_by(|a, b| a.0.cmp(&b.0));
        let paths =
            |list: &[(String, Value)]| list.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&got), paths(&hooks), "{name}");
        for ((path, ours), (_, theirs)) in got.iter().zip(&hooks).filter(|pair| !pair.1.1.is_null())
        {
            assert_eq!(ours, theirs, "{name} on {path}");
        }
        let arrived = &self.smtp.mails()[mails_before..];
        assert_eq!(arrived.len(), mails, "{name}");
        for (ours, theirs) in arrived
            .iter()
            .zip(case["mails"].as_array().into_iter().flatten())
        {
            let words = (ours.subject.clone(), ours.body.trim_end().to_owned());
            assert_eq!(words, mail(theirs.as_str().unwrap_or_default()), "{name}");
        }
    }

    async fn until_sent(&self, number: usize, name: &str, count: usize) {
        let number = number.to_string();
        until(&format!("the messages of {name}"), async || {
            let shown = self
                .installation
                .run(&["alerts", "show", &number, "--format", "json"]);
            let shown: Value = serde_json::from_str(&shown.stdout).ok()?;
            let sent = shown["sent_count"].as_u64()?;
            (shown["state"] != "pending" && sent == u64::try_from(count).ok()?).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_reach_the_same_people_with_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let Some(world) = World::new(folder.path()).await else {
        return;
    };
    let cases: serde_json::Map<String, Value> =
        serde_json::from_str(&golden("alerts_routing.json")).unwrap();
    for (index, name) in cases.keys().enumerate() {
        world.check(index + 1, name).await;
    }
}
