//! The commands for whoever looks after a Promgen: explaining, testing, tidying, looking.

use std::io::Write as _;
use std::process::Stdio;

use promgen_tests::http::post_alerts;
use promgen_tests::prometheus::{alertmanager, prometheus};
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::{free_port, until};
use serde_json::{Value, json};

fn tree(hook: &str) -> String {
    format!(
        "promgen: 1\nusers: [{{username: ops}}]\nshards: [{{name: main}}]\nservices:\n- name: shop\n  \
         senders:\n  - {{driver: promgen.notification.webhook, value: '{hook}/critical', alias: critical, \
         filters: [{{name: severity, value: critical}}]}}\n  \
         - {{driver: promgen.notification.webhook, value: '{hook}/all', alias: all}}\n  \
         - {{driver: promgen.notification.webhook, value: '{hook}/off', alias: 'off', enabled: false}}\n  \
         projects: [{{name: web, shard: main}}]\n"
    )
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Who would hear and why not, as `(alias, reason)`.
fn reasons(routing: &Value) -> Vec<(String, String)> {
    let decisions = routing["decisions"].as_array().unwrap();
    let of = |decision: &Value, key: &str| decision[key].as_str().unwrap_or_default().to_owned();
    let mut reasons: Vec<_> = decisions
        .iter()
        .map(|one| (of(one, "shown"), of(one, "reason")))
        .collect();
    reasons.sort();
    reasons
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_might_come_is_explained_like_one_that_came() {
    let promgen = Installation::new(None, QUICK);
    promgen.load(&tree("http://chat.example.com"));
    let labels = ["service=shop", "severity=major", "alertname=Down"];
    let explain = ["alerts", "explain", "--format", "json"];
    let by_labels = json_of(&promgen.ok(&[&explain[..], &labels].concat()));
    let expected = [
        ("all", "matched"),
        ("critical", "filtered"),
        ("off", "disabled"),
    ];
    let expected = expected.map(|(to, why)| (to.to_owned(), why.to_owned()));
    assert_eq!(reasons(&by_labels), expected);

    let map = json!({"service": "shop", "severity": "major", "alertname": "Down"});
    let message = json!({"version": "4", "status": "firing", "groupKey": "", "commonLabels": map,
        "alerts": [{"status": "firing", "labels": map}]});
    promgen.write("message.json", &message.to_string());
    let by_file = json_of(&promgen.ok(&[&explain[..], &["--file", "message.json"]].concat()));
    assert_eq!(by_file, by_labels);

    let token = promgen.alerts_token("ops");
    let web = promgen.web(&["--no-worker"]).await;
    let answer = post_alerts(&web.url, &token, message.to_string()).await;
    assert_eq!(answer.unwrap().status, 202);
    let stored = json_of(&promgen.ok(&[&explain[..], &["1"]].concat()));
    assert_eq!(stored, by_labels);

    let nobody = promgen.ok(&["alerts", "explain", "service=unheard"]);
    assert!(nobody.contains("no such object"), "{nobody}");
    assert!(
        promgen
            .refused(&["alerts", "explain", "shop"])
            .contains("neither an id nor a label")
    );
    let unknown = promgen.refused(&["alerts", "explain", "99"]);
    assert!(unknown.contains("99"), "{unknown}");
    promgen.write("bad.json", "[1]");
    let bad = promgen.refused(&["alerts", "explain", "--file", "bad.json"]);
    assert!(
        bad.starts_with("error: bad.json: the body is JSON, but not an object"),
        "{bad}"
    );
    assert!(bad.contains("remedy: "), "{bad}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_alert_says_what_came_of_it() {
    let sink = Sink::start().await;
    let promgen = Installation::new(None, QUICK);
    promgen.load(&tree(&sink.url("")));
    let test = ["alerts", "test", "--service", "shop", "--project", "web"];
    let told = promgen.ok(&test);
    assert!(told.contains("all: sent: HTTP 200"), "{told}");
    assert_eq!(
        sink.on("/all")[0].json["commonLabels"]["alertname"],
        "test-alert"
    );
    assert!(sink.on("/critical").is_empty() && sink.on("/off").is_empty());

    sink.behave("/all", Behaviour::Status(404));
    let output = promgen.run(&["test-alert", "--service", "shop", "--project", "web"]);
    assert_eq!(output.code, 1, "{}", output.stdout);
    assert!(
        output.stdout.contains("dead: HTTP 404"),
        "{}",
        output.stdout
    );
    assert!(
        output.stderr.contains("1 of 1 deliveries failed"),
        "{}",
        output.stderr
    );

    // What is missing is made, as the original does.
    let told = promgen.ok(&["alerts-test"]);
    assert!(told.contains("Stored alert 3"), "{told}");
    let tree = promgen.ok(&["tree", "export"]);
    assert!(
        tree.contains("test-service") && tree.contains("test-project"),
        "{tree}"
    );
    let other = [
        "alerts",
        "test",
        "--service",
        "shop",
        "--project",
        "test-project",
    ];
    assert!(
        promgen
            .refused(&other)
            .contains("belongs to another service")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_alerts_go_when_they_are_told_to() {
    let promgen = Installation::new(None, "");
    promgen.load(&tree("http://chat.example.com"));
    let token = promgen.alerts_token("ops");
    let web = promgen.web(&[]).await;
    for number in 0..3 {
        let body = json!({"groupKey": number, "commonLabels": {"alertname": "Down"}, "alerts": []});
        post_alerts(&web.url, &token, body.to_string())
            .await
            .unwrap();
    }
    let list = || json_of(&promgen.ok(&["alerts", "list", "--format", "json"]));
    until("the alerts to be routed", async || {
        let alerts = list();
        let routed = alerts
            .as_array()?
            .iter()
            .filter(|one| one["state"] == "routed");
        (routed.count() == 3).then_some(())
    })
    .await;
    assert_eq!(
        promgen.ok(&["prune-alerts"]),
        "Would have removed 0 alerts\n"
    );
    assert_eq!(
        promgen.ok(&["alerts", "prune", "--days", "0"]),
        "Would have removed 3 alerts\n"
    );
    assert_eq!(
        list().as_array().unwrap().len(),
        3,
        "a dry run removes nothing"
    );
    let prune = ["alerts-prune", "--days", "0", "--force"];
    assert_eq!(promgen.ok(&prune), "Removed 3 alerts\n");
    assert_eq!(list(), json!([]));
    assert_eq!(
        promgen.ok(&["alerts", "index"]),
        "Would have indexed 0 alerts\n"
    );
    assert_eq!(
        promgen.ok(&["alerts-index", "--force"]),
        "Indexed 0 alerts\n"
    );
}

#[test]
fn a_first_settings_file_is_made_once_and_is_good() {
    let promgen = Installation::new(None, "");
    let folder = promgen.folder().join("etc");
    let config = folder.to_string_lossy().into_owned();
    let made = promgen.ok(&["--config", &config, "bootstrap"]);
    assert!(
        made.contains("Created folder") && made.contains("promgen.yml"),
        "{made}"
    );
    let again = promgen.ok(&["--config", &config, "bootstrap"]);
    assert!(
        again.contains("Found folder") && !again.contains("Created"),
        "{again}"
    );
    let checked = promgen.run(&["--config", &config, "check"]);
    assert!(
        !checked.stderr.contains("nothing is known about"),
        "{}",
        checked.stderr
    );
}

#[test]
fn a_password_is_changed_for_somebody_who_is_there() {
    let promgen = Installation::new(None, "");
    promgen.load(&tree("http://chat.example.com"));
    let change = |user: &str, password: &str| {
        let mut command = promgen.command(&["changepassword", user, "--password-stdin"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not ask for it has ended by now.
        child
            .stdin
            .take()
            .unwrap()
            .write_all(password.as_bytes())
            .ok();
        let done = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let (code, told, _) = change("ops", "correct horse\n");
    assert_eq!(
        (code, told.as_str()),
        (Some(0), "Changed the password of ops\n")
    );
    let (code, _, error) = change("nobody", "correct horse\n");
    assert!(code == Some(1) && error.contains("nobody"), "{error}");
    let (code, _, error) = change("ops", "short\n");
    assert!(
        code == Some(1) && error.contains("shorter than 8"),
        "{error}"
    );
}

#[test]
fn a_composition_begins_with_one_command_that_can_be_repeated() {
    let promgen = Installation::new(None, "");
    let begin = |variables: &[(&str, &str)]| {
        let mut command = promgen.command(&["docker-compose-bootstrap"]);
        let done = command.envs(variables.iter().copied()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    };
    let (code, told, error) = begin(&[]);
    assert_eq!(code, Some(0), "{error}");
    assert!(
        told.contains("Created prometheus:9090 on docker-demo"),
        "{told}"
    );
    let moved = [
        ("PROMGEN_REGISTER_SHARD", "east"),
        ("PROMGEN_REGISTER_PORT", "9090"),
    ];
    let (code, told, _) = begin(&moved);
    assert!(
        code == Some(0) && told.contains("from docker-demo to east"),
        "{told}"
    );
    assert!(told.contains("Created 0 of "), "{told}");
    let (code, _, error) = begin(&[("PROMGEN_REGISTER_PORT", "http")]);
    assert!(
        code == Some(1) && error.contains("PROMGEN_REGISTER_PORT"),
        "{error}"
    );
    promgen.ok(&["collectstatic", "--noinput"]);
}

#[test]
fn a_composition_waits_for_its_database_only_for_so_long() {
    let gone = format!("postgres://promgen@127.0.0.1:{}/promgen", free_port());
    let promgen = Installation::new(Some(gone), "");
    let error = promgen.refused(&["docker-compose-bootstrap", "--wait", "1s"]);
    assert!(error.contains("waiting for the database"), "{error}");
}

#[test]
fn the_usual_exporters_are_loaded_once() {
    let promgen = Installation::new(None, "");
    promgen.ok(&["migrate"]);
    let first = promgen.ok(&["loaddata", "exporters"]);
    let second = promgen.ok(&["loaddata", "exporters"]);
    let made = |told: &str| told.split(' ').nth(1).unwrap().parse::<usize>().unwrap();
    assert_eq!(made(&second), 0, "{second}");
    assert!(
        made(&first) > 0 && first.ends_with("exporters\n"),
        "{first}"
    );
}

/// A tree of which some parts do not work.
fn ailing(port: u16) -> String {
    format!(
        "promgen: 1\nsite: {{domain: promgen.example.com}}\nusers: [{{username: ops}}]\n\
         shards: [{{name: main, proxy: true, servers: [{{host: 127.0.0.1, port: {port}}}]}}]\n\
         services:\n- name: shop\n  senders:\n  \
         - {{driver: promgen.notification.linenotify, value: token, alias: old}}\n  \
         - {{driver: promgen.notification.pigeon, value: loft}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_what_does_not_work_and_what_to_do() {
    let promgen = Installation::new(None, "");
    let unborn = promgen.run(&["doctor"]);
    assert_eq!(unborn.code, 1);
    assert!(
        unborn.stdout.contains("error   database: "),
        "{}",
        unborn.stdout
    );

    let folder = promgen.folder().to_owned();
    let Some(server) = prometheus(&folder, free_port(), "scrape_configs: []\n").await else {
        return;
    };
    let route = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";
    let Some(manager) = alertmanager(&folder, route).await else {
        return;
    };
    let gone = free_port();
    let settings = format!(
        "alertmanager: {{url: ['{}', 'http://127.0.0.1:{gone}']}}\n",
        manager.url()
    );
    promgen.write("promgen.yml", &settings);
    promgen.load(&ailing(server.port));
    let output = promgen.run(&["doctor", "--format", "json"]);
    assert_eq!(output.code, 1, "{}", output.stdout);
    let findings = json_of(&output.stdout);
    let found = |subject: &str| {
        let all = findings.as_array().unwrap().iter();
        let mut with = all.filter(|one| one["subject"].as_str().unwrap().contains(subject));
        with.next().cloned().unwrap_or_default()
    };
    let prometheus = found(&format!("Prometheus http://127.0.0.1:{}", server.port));
    assert_eq!(prometheus["condition"], "ok", "{findings}");
    assert_eq!(found(&manager.url())["condition"], "ok", "{findings}");
    assert_eq!(
        found(&format!(":{gone}"))["condition"],
        "error",
        "{findings}"
    );
    assert_eq!(found("linenotify")["condition"], "warning", "{findings}");
    assert_eq!(found("pigeon")["condition"], "error", "{findings}");
    assert_eq!(
        found("server 127.0.0.1")["condition"],
        "warning",
        "{findings}"
    );
    let broken = findings
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["condition"] != "ok");
    for finding in broken {
        assert!(!finding["remedy"].as_str().unwrap().is_empty(), "{finding}");
    }
}
