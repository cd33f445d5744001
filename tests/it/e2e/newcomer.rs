//! Somebody new: from an empty folder to an alert that they hear of, with what the guide gives them.

use std::path::Path;

use promgen_tests::exporter::Exporter;
use promgen_tests::http::{Answer, client, encoded, send};
use promgen_tests::process::needed;
use promgen_tests::prometheus::{Server, alertmanager, prometheus};
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::Sink;
use promgen_tests::wait::{free_port, until};
use regex::Regex;
use serde_json::{Value, json};

/// What one may do at most; the original takes 32 for the same.
const MOST_ACTIONS: u32 = 10;

/// Intervals for the impatient.
const QUICKLY: &str =
    "global: {scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms}\n";

/// A browser of somebody who counts what they do.
struct Newcomer {
    url: String,
    cookies: Vec<(String, String)>,
    actions: u32,
}

impl Newcomer {
    /// One thing that they do.
    fn does(&mut self, what: &str) {
        self.actions += 1;
        assert!(self.actions <= MOST_ACTIONS, "too many actions: {what}");
    }

    fn cookie(&self, name: &str) -> &str {
        let found = self.cookies.iter().rev().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let pairs =
            ["promgen_session", "csrftoken"].map(|name| format!("{name}={}", self.cookie(name)));
        let answer = send(request.header("cookie", pairs.join("; ")))
            .await
            .unwrap();
        for header in answer.headers.get_all("set-cookie") {
            let pair = header.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    async fn page(&mut self, path: &str) -> String {
        let url = format!("{}{path}", self.url);
        let answer = self.send(client().get(url)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// Posts a form with the token of the browser.
    async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.cookie("csrftoken").to_owned();
        let all = [&[("csrfmiddlewaretoken", token.as_str())], fields].concat();
        let request = client()
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded(&all));
        self.send(request).await
    }

    /// What a form of an object makes, over the API.
    async fn make(&mut self, path: &str, body: &Value) {
        let request = client()
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .header("x-csrftoken", self.cookie("csrftoken"))
            .body(body.to_string());
        let answer = self.send(request).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    }
}

/// A text to copy of a page.
fn code(page: &str, id: &str) -> String {
    let block = Regex::new(&format!("(?s)<pre id=\"{id}\"[^>]*><code>(.*?)</code>")).unwrap();
    let found = block
        .captures(page)
        .unwrap_or_else(|| panic!("{id}: {page}"));
    let plain = found[1].replace("&#39;", "'").replace("&#34;", "\"");
    plain
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

impl Newcomer {
    /// What somebody new does in the browser, up to a notifier.
    async fn sets_up(&mut self, link: &str, prometheus: u16, exporter: u16, hook: &str) {
        self.page(link).await;
        self.does("make the superuser");
        let password = ("password", "correct horse");
        let fields = [("username", "root"), ("email", ""), password];
        assert_eq!(self.form(link, &fields).await.status, 303);

        self.does("make shard, server, service, project, hosts and exporter");
        let (address, port) = (
            format!("http://127.0.0.1:{prometheus}"),
            exporter.to_string(),
        );
        let fields = [
            ("prometheus", address.as_str()),
            ("shard", "main"),
            ("service", "shop"),
            ("project", "web"),
            ("hosts", "127.0.0.1"),
            ("job", "node"),
            ("port", &port),
        ];
        let made = self.form("/guide/start", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());

        self.does("make a rule");
        let clause = "up{service=\"shop\",<exclude>} == 0";
        let name = ("name", "Down");
        let rule = [
            name,
            ("enabled", "on"),
            ("duration", "0s"),
            ("clause", clause),
        ];
        let made = self.form("/service/1/rule", &rule).await;
        assert_eq!(made.status, 303, "{}", made.text());

        self.does("make a notifier");
        let sender = "promgen.notification.webhook";
        let notifier = json!({"sender": sender, "value": hook});
        self.make("/rest/v2/projects/1/notifiers", &notifier).await;
    }

    /// Pastes what the guide shows, and runs what it says.
    async fn wires(&mut self, folder: &Path, port: u16) -> Option<(Server, Server)> {
        self.does("make a token and paste the receiver into alertmanager.yml");
        let page = self.form("/guide/token", &[]).await.text();
        let receiver = code(&page, "code-receiver");
        assert!(receiver.contains("credentials: pg_"), "{receiver}");
        let quick = "group_wait: 200ms, group_interval: 1s, group_by";
        let alertmanager = alertmanager(folder, &receiver.replace("group_by", quick)).await?;

        self.does("paste the rest into prometheus.yml");
        let guide = self.page("/guide").await;
        let theirs = format!("127.0.0.1:{}", alertmanager.port);
        let pull = code(&guide, "code-pull").replace("localhost:9093", &theirs);
        let prometheus = prometheus(folder, port, &format!("{QUICKLY}{pull}")).await?;

        self.does("fetch the rules");
        let mut shell = std::process::Command::new("sh");
        let command = code(&guide, "code-rules");
        let done = shell.args(["-c", &command]).current_dir(folder).output();
        let done = done.unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}");
        Some((prometheus, alertmanager))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_folder_to_an_alert_in_at_most_ten_actions() {
    if needed(&["curl"]).is_none() {
        return;
    }
    let installation = Installation::new(None, QUICK);
    let (sink, mut exporter, port) = (Sink::start().await, Exporter::start().await, free_port());
    let web = installation.web(&[]).await;
    let mut newcomer = Newcomer {
        url: web.url.clone(),
        cookies: Vec::new(),
        actions: 0,
    };
    newcomer.does("promgen web");
    let link = until("the link", async || {
        let log = web.process.log();
        let at = log.find("/setup/")?;
        log[at..].split_whitespace().next().map(str::to_owned)
    })
    .await;
    let hook = sink.url("/team");
    newcomer.sets_up(&link, port, exporter.port(), &hook).await;
    let Some((prometheus, _alertmanager)) = newcomer.wires(installation.folder(), port).await
    else {
        return;
    };
    let up = format!("{}/api/v1/query?query=up==1", prometheus.url());
    until("a healthy target", async || {
        let answer = promgen_tests::http::get(&up).await?;
        answer.text().contains("shop").then_some(())
    })
    .await;
    exporter.stop().await;
    let got = sink.first("/team", "firing").await;
    assert_eq!(got.json["commonLabels"]["alertname"], "Down");
    let guide = newcomer.page("/guide").await;
    assert!(guide.contains("10 of 10 steps done"), "{guide}");
    assert_eq!(newcomer.actions, 8);
}
