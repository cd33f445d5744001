//! The server's answers, over real connections.

use promgen_tests::http::{client, get, post_alerts, send};
use promgen_tests::promgen::{Installation, Web};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const TREE: &str = "promgen: 1\nusers: [{username: am}]\nshards: [{name: east}, {name: 'west side'}]\nservices:\n\
    - name: shop\n  rules: [{name: Down, clause: up == 0}]\n  projects:\n  \
    - {name: web, shard: east, farm: {name: f, hosts: [a]}, exporters: [{job: node, port: 9100}]}\n  \
    - {name: api, shard: west side, farm: {name: g, hosts: [b]}, exporters: [{job: node, port: 9100}]}\n";

async fn served(settings: &str) -> (Installation, Web, String) {
    let installation = Installation::new(None, settings);
    installation.load(TREE);
    let web = installation.web(&["--no-worker"]).await;
    let token = installation.alerts_token("am");
    (installation, web, token)
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_served_compressed_and_only_when_they_changed() {
    let (installation, web, _) = served("").await;
    let url = format!("{}/api/v1/targets", web.url);
    let plain = get(&url).await.unwrap();
    assert_eq!(
        (plain.status, &plain.headers["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    assert_eq!(
        plain.text(),
        installation.ok(&["targets"]).trim_end_matches('\n')
    );
    let gzip = send(client().get(&url).header("accept-encoding", "gzip"))
        .await
        .unwrap();
    assert_eq!(gzip.headers["content-encoding"], "gzip");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&gzip.body[..]), &mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    assert_ne!(plain.headers["etag"], gzip.headers["etag"]);
    for (answer, coding) in [(&plain, "identity"), (&gzip, "gzip")] {
        let again = client().get(&url).header("accept-encoding", coding);
        let again = again.header("if-none-match", &answer.headers["etag"]);
        let again = send(again).await.unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0), "{coding}");
    }
    installation.ok(&["register-host", "web", "c"]);
    promgen_tests::wait::until("the new host", async || {
        get(&url)
            .await
            .filter(|answer| answer.text().contains("c:9100"))
            .map(drop)
    })
    .await;
    let head = send(client().head(&url)).await.unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_served_and_unknown_ones_are_not() {
    let (_installation, web, _) = served("").await;
    let jobs = async |path: &str| {
        let answer = get(&format!("{}{path}", web.url)).await.unwrap();
        let groups: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
        groups
            .iter()
            .map(|group| group["labels"]["project"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(jobs("/api/v1/targets?shard=west%20side").await, ["\"api\""]);
    assert_eq!(jobs("/api/v1/config").await.len(), 2);
    assert_eq!(jobs("/service/1/targets").await.len(), 2);
    assert_eq!(jobs("/project/1/targets").await, ["\"web\""]);
    let rules = get(&format!("{}/service/1/rules", web.url)).await.unwrap();
    assert!(rules.text().contains("alert: Down"));
    assert_eq!(
        rules.headers["content-disposition"],
        "attachment; filename=promgen.rule.yml"
    );
    for path in [
        "/api/v1/targets?shard=ghost",
        "/service/99/targets",
        "/project/x/targets",
        "/nothing",
        "//api/v1/targets",
    ] {
        let answer = get(&format!("{}{path}", web.url)).await.unwrap();
        assert_eq!(answer.status, 404, "{path}");
        assert!(serde_json::from_slice::<Value>(&answer.body).unwrap()["detail"].is_string());
    }
    assert_eq!(
        get(&format!("{}/api/v1/targets?shard=", web.url))
            .await
            .unwrap()
            .status,
        400
    );
    assert_eq!(
        get(&format!("{}/api/v1/alerts", web.url))
            .await
            .unwrap()
            .status,
        405
    );
    let help = get(&format!("{}/help", web.url)).await.unwrap();
    assert!(
        help.text().contains("/api/v1/targets")
            && help.headers.contains_key("content-security-policy")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_wants_a_token_and_exports_can() {
    let (installation, web, token) = served("exports: {anonymous: false}\n").await;
    let post = async |token: &str| post_alerts(&web.url, token, "{}").await.unwrap().status;
    let anonymous = client()
        .post(format!("{}/api/v1/alerts", web.url))
        .body("{}");
    let refused = send(anonymous).await.unwrap();
    assert_eq!(
        (refused.status, &refused.headers["www-authenticate"]),
        (401, &"Token".parse().unwrap())
    );
    assert_eq!(post("pg_wrong").await, 401);
    assert_eq!(post(&token).await, 202);
    let read = installation.ok(&["token", "create", "--user", "am", "--scope", "read"]);
    assert_eq!(post(read.trim()).await, 403);
    let url = format!("{}/api/v1/targets", web.url);
    assert_eq!(get(&url).await.unwrap().status, 401);
    let authorized = client()
        .get(&url)
        .header("authorization", format!("Token {}", read.trim()));
    assert_eq!(send(authorized).await.unwrap().status, 200);
    installation.ok(&["token", "revoke", "1"]);
    assert_eq!(post(&token).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_body_gets_the_answer_that_alertmanager_understands() {
    let (installation, web, token) = served("").await;
    let post = async |body: Vec<u8>| post_alerts(&web.url, &token, body).await.unwrap().status;
    let alert = json!({"labels": {"service": "shop", "a": "x\r\ny"}, "annotations": null});
    let many = json!({"alerts": vec![alert; 100_000]})
        .to_string()
        .into_bytes();
    let large = json!({"commonLabels": {"a": "x".repeat(10 * 1024 * 1024)}})
        .to_string()
        .into_bytes();
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
    for (body, status) in [
        (b"{}".to_vec(), 202),
        (
            br#"{"commonLabels": null, "alerts": null, "status": null}"#.to_vec(),
            202,
        ),
        (many, 202),
        (large, 202),
        (Vec::new(), 400),
        (b"[]".to_vec(), 400),
        (b"{\"a\": ".to_vec(), 400),
        (b"{\"a\": \"\xff\"}".to_vec(), 400),
        (deep, 400),
        (vec![b' '; 33 * 1024 * 1024], 413),
    ] {
        let begins = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
        assert_eq!(post(body).await, status, "{begins}");
    }
    let gzip = client()
        .post(format!("{}/api/v1/alerts", web.url))
        .bearer_auth(&token);
    let gzip = gzip.header("content-encoding", "gzip").body("x");
    assert_eq!(send(gzip).await.unwrap().status, 415);
    let _worker = installation.worker(&[]);
    promgen_tests::wait::until("all four to be routed", async || {
        let list = installation.ok(&["alerts", "list", "--format", "json"]);
        let alerts: Vec<Value> = serde_json::from_str(&list).ok()?;
        (alerts.len() == 4 && alerts.iter().all(|alert| alert["state"] == "routed")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stop_ends_requests_under_way_in_order() {
    let (_installation, web, token) = served("").await;
    let address = web.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 2\r\n\
         Expect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut buffer = [0; 64];
    let read = stream.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 100"));
    let process = web.process;
    let ended = tokio::task::spawn_blocking(move || process.terminate());
    stream.write_all(b"{}").await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.starts_with("HTTP/1.1 202"), "{rest}");
    assert!(ended.await.unwrap().success());
}
