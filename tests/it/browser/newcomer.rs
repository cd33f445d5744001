//! The story of somebody new: from an empty folder to the first alert, by what the pages say.

use promgen_tests::browser::{Browser, Role, Scripts};
use promgen_tests::exporter::Exporter;
use promgen_tests::http::{client, get, send};
use promgen_tests::prometheus::{Server, alertmanager, prometheus};
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sample::PASSWORD;
use promgen_tests::sink::Sink;
use promgen_tests::wait::{free_port, until};

/// The link that the first start prints.
async fn first_link(web: &Web) -> String {
    until("the link for the first superuser", async || {
        let log = web.process.log();
        let at = log.find("/setup/")?;
        let link = log.get(at..)?.split_whitespace().next()?;
        Some(link.to_owned())
    })
    .await
}

/// What stands in a snippet of the guide.
async fn snippet(browser: &Browser, id: &str) -> String {
    let script = "return document.getElementById(arguments[0])?.textContent";
    until(&format!("the snippet {id}"), async || {
        let text = browser.run(script, &[id.into()]).await;
        text.as_str().map(str::to_owned)
    })
    .await
}

/// Prometheus and Alertmanager, with what the guide says and intervals for the impatient.
async fn wired(browser: &Browser, folder: &std::path::Path, port: u16) -> Option<(Server, Server)> {
    let receiver = snippet(browser, "code-receiver").await;
    let receiver = receiver.replace(
        "receiver: promgen,",
        "receiver: promgen, group_wait: 200ms,",
    );
    let alertmanager = alertmanager(folder, &receiver).await?;
    let pull = snippet(browser, "code-pull").await;
    let quick =
        "global: {scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms}\n";
    let config = format!("{quick}{pull}");
    let config = config.replace(
        "localhost:9093",
        &format!("127.0.0.1:{}", alertmanager.port),
    );
    let prometheus = prometheus(folder, port, &config).await?;
    Some((prometheus, alertmanager))
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_folder_to_the_first_alert() {
    let installation = Installation::new(None, QUICK);
    let (sink, mut exporter, port) = (Sink::start().await, Exporter::start().await, free_port());
    let web = installation.web(&[]).await;
    let Some(browser) = Browser::start(&web.url, Scripts::On).await else {
        return;
    };
    // 1: the superuser, by the link.
    browser.open(&first_link(&web).await).await;
    browser.fill("username", "ada").await;
    browser.fill("password", PASSWORD).await;
    browser
        .press(Role::Button, "Create superuser and log in")
        .await;
    browser.gets_to("/guide").await;
    browser.says("Welcome, ada").await;
    // 2: shard, server, service, project, host and exporter in one go.
    browser.fill("shard", "main").await;
    browser
        .fill("prometheus", &format!("http://127.0.0.1:{port}"))
        .await;
    browser.fill("service", "shop").await;
    browser.fill("project", "checkout").await;
    browser.fill("hosts", "127.0.0.1").await;
    browser.fill("job", "app").await;
    browser.fill("port", &exporter.port().to_string()).await;
    browser.press(Role::Button, "Make all of it").await;
    browser.says("6 of 10 steps done").await;
    // 3: a rule.
    browser.press(Role::Link, "Do it: Rule").await;
    browser.fill("name", "Down").await;
    browser.fill("clause", "up == 0").await;
    browser.fill("duration", "0s").await;
    browser.press(Role::Button, "Save rule").await;
    browser.says("Rule Down is registered").await;
    // 4: a notifier.
    browser.open("/guide").await;
    browser.press(Role::Link, "Do it: Notifier").await;
    notify(&browser, &sink.url("/hook")).await;
    // 5: a token for Alertmanager, and the snippets.
    browser.open("/guide").await;
    browser.says("8 of 10 steps done").await;
    browser.press(Role::Button, "Make a token").await;
    browser.says("The token stands in the text below").await;
    let folder = installation.folder();
    let rules = get(&format!("{}/api/v1/rules", web.url)).await.unwrap();
    installation.write("promgen.rule.yml", &rules.text());
    let Some((prometheus, _alertmanager)) = wired(&browser, folder, port).await else {
        return;
    };
    scraped(&prometheus).await;
    exporter.stop().await;
    let alert = sink.first("/hook", "firing").await;
    assert_eq!(alert.json["commonLabels"]["alertname"], "Down");
    // The guide saw all of it.
    until("the guide to be done", async || {
        browser.open("/guide").await;
        let text = browser.text().await;
        text.contains("10 of 10 steps done").then_some(())
    })
    .await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// Registers a webhook.
async fn notify(browser: &Browser, url: &str) {
    browser.press(Role::Button, "Webhook").await;
    browser.fill("value", url).await;
    browser.press(Role::Button, "Register notifier").await;
    browser.says("is registered").await;
}

async fn scraped(prometheus: &Server) {
    let url = format!("{}/api/v1/query?query=up==1", prometheus.url());
    until("the exporter to be scraped", async || {
        let answer = send(client().get(&url)).await?;
        answer.text().contains("checkout").then_some(())
    })
    .await;
}
