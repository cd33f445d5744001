//! Whether Promgen says that it can work exactly when it can.

use promgen_tests::databases::{Cluster, Kind, TestDatabase};
use promgen_tests::http::{Answer, client, get, send};
use promgen_tests::promgen::{Installation, Web};
use promgen_tests::wait::until;
use serde_json::Value;

use super::world::World;

async fn ready(web: &Web) -> Answer {
    get(&format!("{}/readyz", web.url)).await.unwrap()
}

/// The checks that are not well.
fn ill(answer: &Answer) -> Vec<String> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let checks = body["checks"].as_array().unwrap().iter();
    assert_eq!(checks.len(), 3);
    let ill: Vec<String> = checks
        .filter(|check| check["ok"] == false)
        .map(|check| check["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(body["ready"], ill.is_empty());
    assert_eq!(answer.status, if ill.is_empty() { 200 } else { 503 });
    ill
}

async fn is_ill(web: &Web, names: &[&str]) {
    until(&format!("{names:?} to be ill"), async || {
        (ill(&ready(web).await) == names).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_without_a_worker_is_ready_once_there_is_one_elsewhere() {
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    let web = installation.web(&["--no-worker"]).await;
    assert_eq!(ill(&ready(&web).await), ["worker"]);
    let other = installation.worker(&["--queues", "prometheus001"]);
    until("the worker of a server", async || {
        other.log().contains("working").then_some(())
    })
    .await;
    assert_eq!(ill(&ready(&web).await), ["worker"]);
    let worker = installation.worker(&[]);
    is_ill(&web, &[]).await;
    // One that ends says so itself.
    assert!(worker.terminate().success());
    assert_eq!(ill(&ready(&web).await), ["worker"]);
    assert_eq!(
        get(&format!("{}/healthz", web.url)).await.unwrap().status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_version_is_named() {
    let database = TestDatabase::create(Kind::Sqlite).await.expect("a file");
    let url = database.url().0.reveal().clone();
    let installation = Installation::new(Some(url), "");
    installation.ok(&["migrate"]);
    let web = installation.web(&[]).await;
    is_ill(&web, &[]).await;
    database
        .execute("INSERT INTO promgen_migration (name) VALUES ('9999_of_tomorrow')")
        .await;
    assert_eq!(ill(&ready(&web).await), ["schema", "worker"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_named_and_its_metrics_are_left_out() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let world = World::new(Some(cluster.url()), "").await;
    let web = world.installation.web(&[]).await;
    is_ill(&web, &[]).await;
    // The token is recalled while it cannot be looked up.
    let page = async || world.page(&web).await;
    assert!(page().await.contains("\npromgen_revision "));
    let told = |page: &str| page.contains("promgen_requests_total{endpoint=\"/readyz\"");
    assert!(told(&page().await));
    cluster.crash();
    is_ill(&web, &["database", "schema", "worker"]).await;
    until("the metrics to say so", async || {
        let page = page().await;
        let says = page.contains("\npromgen_database_up 0");
        // What was counted is still told.
        (says && !page.contains("\npromgen_revision ") && told(&page)).then_some(())
    })
    .await;
    let unknown = client()
        .get(format!("{}/metrics", web.url))
        .bearer_auth("x");
    assert_eq!(send(unknown).await.unwrap().status, 503);
    cluster.start_again();
    is_ill(&web, &[]).await;
}
