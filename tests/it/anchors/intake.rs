//! S24: nobody hands in alerts without a token of that scope, unless the operator opened the door.

use promgen_tests::http::{client, send};
use promgen_tests::promgen::{Installation, Web};
use serde_json::Value;

async fn site(settings: &str) -> (Installation, Web) {
    let installation = Installation::new(None, settings);
    installation.load("promgen: 1\nusers: [{username: am}, {username: other}]\n");
    let web = installation.web(&[]).await;
    (installation, web)
}

async fn post(web: &Web, path: &str, headers: &[(&str, &str)]) -> u16 {
    let request = client().post(format!("{}{path}", web.url)).body("{}");
    let with = |request: reqwest::RequestBuilder, (name, value): &(&str, &str)| {
        request.header(*name, *value)
    };
    let request = headers.iter().fold(request, with);
    send(request).await.expect("an answer").status
}

const ALERTS: &str = "/api/v1/alerts";

fn alerts(installation: &Installation) -> usize {
    let listed = installation.ok(&["alerts", "list", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    listed.as_array().unwrap().len()
}

/// A token, and its id.
fn token(installation: &Installation, more: &[&str]) -> (String, String) {
    let arguments = [
        &["token", "create", "--user", "am", "--format", "json"],
        more,
    ]
    .concat();
    let made: Value = serde_json::from_str(&installation.ok(&arguments)).unwrap();
    (
        made["token"].as_str().unwrap().to_owned(),
        made["id"].to_string(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn s24_only_a_live_token_of_the_scope_opens_the_intake() {
    let (installation, web) = site("").await;
    let (good, id) = token(&installation, &["--scope", "alerts"]);
    let (read, _) = token(&installation, &["--scope", "read"]);
    let (write, _) = token(&installation, &["--scope", "write"]);
    // It has expired by the time that the program has ended.
    let (old, _) = token(&installation, &["--scope", "alerts", "--expires", "1ms"]);

    let status = async |value: &str| post(&web, ALERTS, &[("Authorization", value)]).await;
    assert_eq!(status(&format!("Bearer {good}")).await, 202);
    assert_eq!(status(&format!("Token {good}")).await, 202);
    assert_eq!(post(&web, ALERTS, &[]).await, 401);
    for text in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer wrong".to_owned(),
        format!("Basic {good}"),
        good.clone(),
        format!("Bearer {}", good.to_uppercase()),
        format!("Bearer {}", &good[..good.len() - 1]),
        format!("Bearer {good}0"),
        format!("Bearer {good} {good}"),
        format!("Bearer {old}"),
        "Bearer ' OR 1=1 --".to_owned(),
    ] {
        assert_eq!(status(&text).await, 401, "{text}");
    }
    for other in [&read, &write] {
        assert_eq!(status(&format!("Bearer {other}")).await, 403);
    }
    installation.ok(&["token", "revoke", &id]);
    assert_eq!(status(&format!("Bearer {good}")).await, 401);
    assert_eq!(alerts(&installation), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn s24_a_token_counts_in_its_header_and_nowhere_else() {
    let (installation, web) = site("").await;
    let (good, _) = token(&installation, &["--scope", "alerts"]);
    for path in [
        "/api/v1/alerts?token=",
        "/api/v1/alerts?access_token=",
        "/api/v1/alerts?api_key=",
    ] {
        assert_eq!(
            post(&web, &format!("{path}{good}"), &[]).await,
            401,
            "{path}"
        );
    }
    let cookie = format!("token={good}; sessionid={good}");
    assert_eq!(
        post(&web, ALERTS, &[("Cookie", &cookie), ("X-Api-Key", &good)]).await,
        401
    );
    for path in [
        "//api/v1/alerts",
        "/api//v1/alerts",
        "/api/v1/alerts/",
        "/api/v1/%61lerts",
        "/API/V1/ALERTS",
    ] {
        let answered = post(&web, path, &[]).await;
        assert!(answered == 401 || answered == 404, "{path}: {answered}");
    }
    for header in [
        "X-Forwarded-User",
        "X-Remote-User",
        "X-Original-URL",
        "X-Rewrite-URL",
    ] {
        assert_eq!(post(&web, ALERTS, &[(header, "am")]).await, 401, "{header}");
    }
    assert_eq!(alerts(&installation), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s24_the_operator_may_open_the_intake_and_nothing_else_with_it() {
    let (installation, web) =
        site("alerts: {anonymous: true}\nexports: {anonymous: false}\n").await;
    assert_eq!(post(&web, ALERTS, &[]).await, 202);
    assert_eq!(alerts(&installation), 1);
    let request = client().get(format!("{}/api/v1/targets", web.url));
    assert_eq!(send(request).await.unwrap().status, 401);
}
