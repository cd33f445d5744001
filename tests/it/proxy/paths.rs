//! S8: no spelling of a path leads around the login, or to another path of a shard.

use promgen_tests::http::{client, send};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::world::World;

const PATHS: [&str; 9] = [
    "/api/v1/labels",
    "/api/v1/label/job/values",
    "/api/v1/series",
    "/api/v1/query",
    "/api/v1/query_range",
    "/api/v1/query_exemplars",
    "/api/v1/metadata",
    "/api/v1/format_query",
    "/api/v1/status/buildinfo",
];

/// Sends a request line as it is, and answers the status.
async fn raw(world: &World, line: &str, token: Option<&str>) -> u16 {
    let address = world.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = token.map_or(String::new(), |token| {
        format!("Authorization: Token {token}\r\n")
    });
    let request = format!("{line} HTTP/1.1\r\nHost: promgen\r\nConnection: close\r\n{token}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Other spellings of a path, which other parsers take for the same.
fn spellings(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches('/');
    vec![
        format!("/{path}"),
        format!("//{path}"),
        format!("{path}/"),
        format!("{path}."),
        format!("{path};"),
        format!("{path};x=1"),
        format!("{path}%20"),
        format!("{path}%00"),
        format!("{path}%2f"),
        format!("{path}/."),
        format!("{path}/.."),
        format!("{path}/..;/"),
        format!("/./{inner}"),
        format!("/x/../{inner}"),
        format!("/..;/{inner}"),
        format!("/healthz/../{inner}"),
        format!("/healthz/..%2f{inner}"),
        format!("/healthz/%2e%2e/{inner}"),
        format!("/healthz?/../{inner}"),
        path.replace("/v1/", "//v1/"),
        path.replace("/v1/", "/v1//"),
        path.replace("/v1/", "/v1%2f"),
        path.replace("/v1/", "/./v1/"),
        path.replace("/v1/", "/v1/%2e/"),
        path.replace("api", "API"),
        path.replace("api", "%61pi"),
        path.replace("v1", "V1"),
        path.replace('/', "\\"),
        path.replace('/', "%2F"),
        path.to_uppercase(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_without_a_login_no_spelling_reaches_a_shard() {
    let shard = FakeShard::start(Answers::success(&json!([]))).await;
    let world = World::new(&[shard.url()]).await;
    for path in PATHS {
        for method in ["GET", "POST", "HEAD"] {
            let status = raw(&world, &format!("{method} {path}?query=up"), None).await;
            assert!(matches!(status, 401 | 405), "{method} {path}: {status}");
        }
        for spelling in spellings(path) {
            let status = raw(&world, &format!("GET {spelling}"), None).await;
            let harmless = spelling.starts_with("/healthz?") && status == 200;
            assert!(
                harmless || (400..500).contains(&status),
                "{spelling}: {status}"
            );
        }
    }
    assert!(shard.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_with_a_login_no_spelling_reaches_another_path_of_a_shard() {
    let shard = FakeShard::start(Answers::success(&json!([]))).await;
    let world = World::new(&[format!("{}/pre", shard.url())]).await;
    let token = super::world::token(&world.app, "root", promgen_core::model::Scope::Read).await;
    for path in PATHS {
        for spelling in spellings(path) {
            let status = raw(&world, &format!("GET {spelling}"), Some(&token)).await;
            let harmless = spelling.starts_with("/healthz?") && status == 200;
            assert!(
                harmless || (400..500).contains(&status),
                "{spelling}: {status}"
            );
        }
    }
    for name in [
        "..",
        ".",
        "%2e%2e",
        "%2E%2e",
        "..%2f..%2fadmin",
        "a%2f..%2f..%2f..",
        "..;",
        "a;b",
        "a%3fb",
        "a%23b",
        "a%00",
        "a%0d%0a",
        "%ff",
        "é",
        "a%5c..",
        "",
    ] {
        let line = format!("GET /api/v1/label/{name}/values");
        let status = raw(&world, &line, Some(&token)).await;
        assert!((400..500).contains(&status), "{name}: {status}");
    }
    assert!(shard.asked().is_empty(), "{:?}", shard.asked());
    assert_eq!(
        raw(&world, "GET /api/v1/label/job/values", Some(&token)).await,
        200
    );
    assert_eq!(shard.asked()[0].target, "/pre/api/v1/label/job/values");
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_a_wrong_token_is_refused_and_an_open_proxy_asks_for_none() {
    let shard = FakeShard::start(Answers::success(&json!([]))).await;
    let closed = World::new(&[shard.url()]).await;
    let alerts = super::world::token(&closed.app, "root", promgen_core::model::Scope::Alerts).await;
    for path in PATHS {
        let wrong = closed.get_as("wrong", path, &[("query", "up")]).await;
        assert_eq!(wrong.status, 401, "{path}");
        assert_eq!(wrong.headers["www-authenticate"], "Token");
        let scope = closed.get_as(&alerts, path, &[("query", "up")]).await;
        assert_eq!(scope.status, 403, "{path}");
    }
    assert!(shard.asked().is_empty());
    let open = World::with(&[shard.url()], |settings| settings.proxy.anonymous = true).await;
    let asked = client().get(format!("{}/api/v1/labels", open.url()));
    assert_eq!(send(asked).await.unwrap().status, 200);
}
