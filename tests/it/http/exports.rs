//! Targets, rules and URLs over HTTP, and the page.

use std::io::Read as _;

use promgen_core::app::servers;
use promgen_core::model::Scope;
use promgen_http::ServeOptions;
use promgen_tests::golden::golden_path;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::client::{Answer, Request};
use super::site::{Site, operator};

const ALL: [&str; 4] = [
    "/api/v1/targets",
    "/api/v1/config",
    "/api/v1/urls",
    "/api/v1/rules",
];

/// The values of a label in an export of targets or URLs, sorted.
fn labels(answer: &Answer, label: &str) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let groups: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
    let value = |group: &Value| group["labels"][label].as_str().unwrap().to_owned();
    let mut values: Vec<String> = groups.iter().map(value).collect();
    values.sort();
    values
}

#[tokio::test]
async fn the_page_says_what_runs_here() {
    let site = Site::start().await;
    let page = site.get("/help").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("Exports, open to everybody:"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert_eq!(site.get("/healthz").await.text(), "OK\n");
}

#[tokio::test]
async fn every_answer_bears_the_headers_that_tie_browsers_down() {
    let site = Site::start().await;
    for path in ["/", "/api/v1/rules", "/nothing"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn exports_bear_the_headers_of_the_original() {
    let site = Site::start().await;
    let golden = std::fs::read(golden_path("api_v1_headers.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    for path in ALL {
        let answer = site.get(path).await;
        assert_eq!(u64::from(answer.status), golden[path]["status"]);
        for name in ["Content-Type", "Content-Disposition", "X-Frame-Options"] {
            let theirs = golden[path][name].as_str().unwrap_or_default();
            assert_eq!(answer.header(&name.to_lowercase()), theirs, "{path} {name}");
        }
    }
}

#[tokio::test]
async fn targets_and_config_are_the_same_and_hold_everything() {
    let site = Site::start().await;
    let targets = site.get("/api/v1/targets").await;
    assert_eq!(labels(&targets, "project"), ["api", "ledger", "web"]);
    assert_eq!(targets.body, site.get("/api/v1/config").await.body);
    assert_eq!(labels(&site.get("/api/v1/urls").await, "project"), ["api"]);
    assert!(
        site.get("/api/v1/rules")
            .await
            .text()
            .contains("alert: Down")
    );
}

#[tokio::test]
async fn gzip_is_the_same_document_under_another_tag() {
    let site = Site::start().await;
    for path in ALL {
        let plain = site.get(path).await;
        let request = Request::get(path).header("Accept-Encoding", "br, gzip;q=0.8");
        let gzip = site.send(request).await;
        assert_eq!(gzip.header("content-encoding"), "gzip");
        assert_eq!(plain.header("content-encoding"), "");
        assert_ne!(gzip.header("etag"), plain.header("etag"));
        for answer in [&plain, &gzip] {
            assert_eq!(answer.header("vary"), "Accept-Encoding");
        }
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzip.body[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again_until_it_changes() {
    let site = Site::start().await;
    let first = site.get("/api/v1/targets").await;
    let tag = format!("\"x\", W/{}", first.header("etag"));
    let again = Request::get("/api/v1/targets").header("If-None-Match", &tag);
    let same = site.send(again.clone()).await;
    assert_eq!(same.status, 304);
    assert!(same.body.is_empty());
    assert_eq!(same.header("etag"), first.header("etag"));
    assert_eq!(same.header("vary"), "Accept-Encoding");
    let packed = again.clone().header("Accept-Encoding", "gzip");
    assert_eq!(
        site.send(packed).await.status,
        200,
        "the tag of the plain bytes"
    );

    site.apply("promgen: 1\nservices: [{name: shop, projects: [{name: api, shard: east, farm: {name: api-farm, hosts: [a9]}}]}]\n").await;
    let changed = site.send(again).await;
    assert_eq!(changed.status, 200);
    assert!(changed.text().contains("a9:9100"));
    let revision =
        |answer: &Answer| -> i64 { answer.header("x-promgen-revision").parse().unwrap() };
    assert!(revision(&changed) > revision(&first));
}

#[tokio::test]
async fn head_says_the_same_without_the_body() {
    let site = Site::start().await;
    for path in [
        "/help",
        "/api/v1/targets",
        "/api/v1/rules",
        "/service/2/rules",
    ] {
        let get = site.get(path).await;
        let head = site.send(Request::new("HEAD", path)).await;
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in [
            "content-length",
            "content-type",
            "etag",
            "content-disposition",
        ] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_shard_is_chosen_by_name() {
    let site = Site::start().await;
    let east = site.get("/api/v1/targets?shard=east").await;
    assert_eq!(labels(&east, "project"), ["api"]);
    let west = site.get("/api/v1/targets?shard=west+of%20here").await;
    assert_eq!(labels(&west, "project"), ["ledger", "web"]);
    assert_eq!(
        site.get("/api/v1/urls?shard=west%20of%20here")
            .await
            .text()
            .trim(),
        "[]"
    );
    assert_eq!(site.get("/api/v1/rules?shard=east&_=1").await.status, 200);
    assert!(
        site.get("/api/v1/targets?shard=north")
            .await
            .error(404)
            .contains("north")
    );
    for query in ["shard=", "shard", "shard=east&shard=east"] {
        site.get(&format!("/api/v1/targets?{query}"))
            .await
            .error(400);
    }
    site.get("/service/1/targets?shard=east").await.error(400);
}

#[tokio::test]
async fn parts_are_chosen_by_id() {
    let site = Site::start().await;
    let shop = site.get("/service/2/targets").await;
    assert_eq!(labels(&shop, "project"), ["api", "web"]);
    let ledger = site.get("/project/1/targets").await;
    assert_eq!(labels(&ledger, "project"), ["ledger"]);
    assert!(
        site.get("/service/2/rules")
            .await
            .text()
            .contains("alert: Down")
    );
    assert!(
        !site
            .get("/service/1/rules")
            .await
            .text()
            .contains("alert: Down")
    );
    assert_eq!(
        labels(&site.get("/project/2/urls").await, "project"),
        ["api"]
    );
    for kind in ["service", "project"] {
        for output in ["targets", "rules", "urls"] {
            let answer = site.get(&format!("/{kind}/999/{output}")).await;
            assert!(answer.error(404).contains(kind));
        }
    }
}

#[tokio::test]
async fn paths_that_lead_nowhere_are_404_in_json() {
    let site = Site::start().await;
    for path in [
        "//api/v1/targets",
        "/api//v1/targets",
        "/api/v1/targets/",
        "/api/v1/../v1/targets",
        "/api/v1/%74argets%00",
        "/service/1/nothing",
        "/service/x/targets",
        "/service/-1/targets",
        "/service/01/targets",
        "/service/99999999999999999999/targets",
        "/service/%ff/targets",
        "/service//targets",
        "*",
    ] {
        site.get(path).await.error(404);
    }
}

#[tokio::test]
async fn a_method_that_is_not_for_a_path_is_405_and_says_which_are() {
    let site = Site::start().await;
    for (method, path, allowed) in [
        ("POST", "/api/v1/rules", "GET,HEAD"),
        ("DELETE", "/service/1/rules", "GET,HEAD"),
        ("GET", "/api/v1/alerts", "POST"),
        ("BREW", "/", "GET,HEAD"),
    ] {
        let answer = site.send(Request::new(method, path)).await;
        answer.error(405);
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn closed_exports_need_a_token_with_the_right_scope() {
    let site = Site::with(|s| s.exports.anonymous = false, ServeOptions::default()).await;
    let (read, alerts) = (
        site.token(Scope::Read).await,
        site.token(Scope::Alerts).await,
    );
    let ask = async |path: &str, header: &str| {
        let request = Request::get(path).header("Authorization", header);
        site.send(request).await
    };
    for path in ALL
        .into_iter()
        .chain(["/service/1/targets", "/project/999/urls"])
    {
        let refused = site.get(path).await;
        refused.error(401);
        assert_eq!(refused.header("www-authenticate"), "Token");
        ask(path, "Token wrong").await.error(401);
        ask(path, "Token").await.error(401);
        ask(path, &format!("Basic {read}")).await.error(401);
        ask(path, &format!("Token {alerts}")).await.error(403);
        assert!(ask(path, &format!("bearer {read}")).await.status != 401);
    }
    assert_eq!(
        ask("/api/v1/targets", &format!("Token {read}"))
            .await
            .status,
        200
    );
    assert_eq!(site.get("/help").await.status, 200);
}

#[tokio::test]
async fn open_exports_are_served_while_the_database_is_away() {
    let site = Site::start().await;
    let before = site.get("/api/v1/targets").await;
    let token = format!("Token {}", site.token(Scope::Read).await);
    site.app.store().clone().close().await.unwrap();
    assert_eq!(site.get("/api/v1/targets").await.body, before.body);
    let request = Request::get("/api/v1/targets").header("Authorization", &token);
    assert_eq!(site.send(request).await.body, before.body);
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_server_that_says_who_it_is_is_seen_pulling() {
    let site = Site::start().await;
    let revision = site.get("/api/v1/targets?server=prom1:9090").await;
    let revision: i64 = revision.header("x-promgen-revision").parse().unwrap();
    for stranger in ["nobody:1", "nonsense", "%00:9090"] {
        let path = format!("/api/v1/targets?server={stranger}");
        assert_eq!(site.get(&path).await.status, 200);
    }
    let (app, _folder) = site.finish().await;
    let reports = servers::list(&app, &operator()).await.unwrap();
    assert_eq!(reports.len(), 1);
    assert!(reports[0].state.pulled_at.is_some());
    assert_eq!(reports[0].state.applied_revision, Some(revision));
}

#[tokio::test]
async fn looking_at_the_headers_is_no_pull() {
    let site = Site::start().await;
    let request = Request::new("HEAD", "/api/v1/targets?server=prom1:9090");
    assert_eq!(site.send(request).await.status, 200);
    let (app, _folder) = site.finish().await;
    let reports = servers::list(&app, &operator()).await.unwrap();
    assert_eq!(reports[0].state.pulled_at, None);
}

#[tokio::test]
async fn a_unix_socket_answers_like_a_port() {
    let site = Site::start().await;
    let path = site.folder.path().join("promgen.sock");
    let mut stream = tokio::net::UnixStream::connect(path).await.unwrap();
    let request = Request::get("/api/v1/targets");
    stream.write_all(&request.bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.body, site.get("/api/v1/targets").await.body);
}
