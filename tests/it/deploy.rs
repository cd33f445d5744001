//! Deployment to a Prometheus that does not do as it is asked.

use std::io::Write as _;
use std::process::Stdio;

use promgen_tests::http::{client, send};
use promgen_tests::prometheus::prometheus;
use promgen_tests::promgen::{Installation, Web};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::{free_port, until};
use regex::Regex;

const TREE: &str = "promgen: 1\nsite: {rules: [{name: Down, clause: up == 0}]}\n\
    shards: [{name: main, servers: [{host: p1, port: 9090}]}]\n";

fn installation(sink: &Sink) -> Installation {
    let settings = format!(
        "prometheus: {{url: '{}', rules: promgen.rule.yml, targets: promgen.json}}\nstate: state\n",
        sink.url("/prefix")
    );
    let installation = Installation::new(None, &settings);
    installation.load(TREE);
    installation.write("promgen.rule.yml", "groups: []\n");
    installation
}

async fn until_failing(installation: &Installation, part: &str) -> String {
    until(&format!("a failure that says {part}"), async || {
        let servers = installation.ok(&["servers"]);
        (servers.contains("failing") && servers.contains(part)).then_some(servers)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_fails_after_our_write_brings_the_previous_files_back() {
    let sink = Sink::start().await;
    sink.behave("/prefix/-/reload", Behaviour::BusyOnce);
    let installation = installation(&sink);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "the previous files are back").await;
    let rules = installation.folder().join("promgen.rule.yml");
    assert_eq!(std::fs::read_to_string(rules).unwrap(), "groups: []\n");
    assert!(
        !installation.folder().join("promgen.json").exists(),
        "a new file is gone again"
    );
    let kept = installation
        .folder()
        .join("state/previous/promgen.rule.yml");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "groups: []\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_fails_anyway_is_not_of_our_making() {
    let sink = Sink::start().await;
    sink.behave("/prefix/-/reload", Behaviour::Status(500));
    let installation = installation(&sink);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "the same with the previous files").await;
    let rules = installation.folder().join("promgen.rule.yml");
    assert!(
        std::fs::read_to_string(rules)
            .unwrap()
            .contains("alert: Down")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_output_files_says_what_to_set() {
    let installation = Installation::new(None, "");
    installation.load(TREE);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "prometheus").await;
}

/// Makes the superuser `root`.
fn superuser(installation: &Installation) {
    let arguments = ["createsuperuser", "--username", "root", "--password-stdin"];
    let mut command = installation.command(&arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let password = b"long enough";
    child.stdin.take().unwrap().write_all(password).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Sends a form to a page, or asks for it, with a token.
async fn page(web: &Web, token: &str, path: &str, form: Option<&str>) -> String {
    let url = format!("{}{path}", web.url);
    let request = match form {
        None => client().get(url),
        Some(fields) => client()
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.to_owned()),
    };
    let request = request
        .header("authorization", format!("Token {token}"))
        .header("accept", "text/html");
    let text = send(request).await.unwrap().text();
    let plain = Regex::new("<[^>]*>")
        .unwrap()
        .replace_all(&text, " ")
        .into_owned();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn until_deployed(installation: &Installation) {
    until("a first deployment", async || {
        installation
            .ok(&["servers"])
            .contains("in sync")
            .then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_a_server_is_done_by_the_worker_of_its_host() {
    let port = free_port();
    let settings = format!(
        "prometheus: {{url: 'http://127.0.0.1:{port}', rules: promgen.rule.yml, \
         targets: promgen.json}}\nstate: state\n"
    );
    let installation = Installation::new(None, &settings);
    installation.load(TREE);
    superuser(&installation);
    let rules = installation.write("promgen.rule.yml", "groups: []\n");
    let config = format!("rule_files: ['{}']\n", rules.display());
    let Some(_prometheus) = prometheus(installation.folder(), port, &config).await else {
        return;
    };
    let _worker = installation.worker(&["--queues", "p1"]);
    until_deployed(&installation).await;
    let web = installation.web(&["--no-worker"]).await;
    let token = installation.ok(&["token", "create", "--user", "root", "--scope", "read,write"]);
    let token = token.trim();
    let asked = async |task: &str, told: &str| {
        let form = format!("task={task}");
        page(&web, token, "/servers/1/ask", Some(&form)).await;
        until(told, async || {
            let page = page(&web, token, "/servers", None).await;
            page.contains(told).then_some(page)
        })
        .await
    };

    // Somebody else wrote over what was deployed: nothing changed here, so nothing would be written.
    std::fs::write(&rules, "groups: []\n").unwrap();
    let pending = async || page(&web, token, "/servers/1/pending", None).await;
    assert!(pending().await.contains("has not compared the files yet"));
    asked("compare", "Compare: done").await;
    let changes = pending().await;
    assert!(
        changes.contains("- groups: []") && changes.contains("alert: Down"),
        "{changes}"
    );
    asked("deploy", "Deploy: done").await;
    assert!(
        std::fs::read_to_string(&rules)
            .unwrap()
            .contains("alert: Down")
    );
    asked("reload", "Reload configuration: done").await;
    let refused = asked("tombstones", "Clear tombstones: failed").await;
    assert!(
        refused.contains("start it with --web.enable-admin-api"),
        "{refused}"
    );
    let log = page(&web, token, "/audit", None).await;
    for told in [
        "Asked for a comparison of",
        "Asked for a deployment of",
        "Asked for a reload of",
        "Asked to clear tombstones of",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_servers_of_a_host_has_a_worker_and_an_outcome_of_its_own() {
    let (good, bad) = (Sink::start().await, Sink::start().await);
    bad.behave("/-/reload", Behaviour::Status(500));
    let settings = |sink: &Sink| {
        let url = sink.url("");
        format!("prometheus: {{url: '{url}', targets: promgen.json}}\nstate: state\n")
    };
    let one = Installation::new(None, &settings(&good));
    one.load(
        "promgen: 1\nshards: [{name: main, servers: [{host: p1, port: 9090}, {host: p1, port: 9091}]}]\n",
    );
    let other = Installation::new(Some(one.database().to_owned()), &settings(&bad));
    let _good = one.worker(&["--queues", "p1:9090"]);
    let _bad = other.worker(&["--queues", "p1:9091"]);
    until("an outcome of each", async || {
        let servers = one.ok(&["servers"]);
        let told = |port: &str, words: &str| {
            let mut lines = servers.lines().filter(|line| line.contains(port));
            lines.any(|line| line.contains(words))
        };
        (told("9090", "in sync") && told("9091", "failing")).then_some(())
    })
    .await;
}
