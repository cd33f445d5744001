//! What is refused, and in which words.

use promgen_tests::prometheus::alertmanager_with;
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;
use serde_json::{Value, json};

use super::{Manager, ROUTE, matcher, request, world};

/// Message and label of each message.
fn messages(body: &Value) -> Vec<(&str, &str)> {
    let messages = body["messages"].as_array().unwrap().iter();
    messages
        .map(|it| {
            (
                it["message"].as_str().unwrap(),
                it["label"].as_str().unwrap(),
            )
        })
        .collect()
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn forms_are_refused_as_the_original_does() {
    let world = world(&["http://127.0.0.1:1".to_owned()]).await;
    let peer = world.superuser().await;
    let service = json!({"service": "svc-000"});
    for (path, body, expected) in [
        (
            "/proxy/v1/silences",
            json!({"labels": service, "startsAt": "soon", "endsAt": "2090-01-01"}),
            ("Invalid timestamp", "startsAt"),
        ),
        (
            "/proxy/v1/silences",
            json!({"labels": {}, "duration": "1m"}),
            ("Missing labels for silence.", "__all__"),
        ),
        (
            "/proxy/v1/silences",
            json!({"labels": {"alertname": "Rule0000"}, "duration": "1m"}),
            (
                "Unable to silence global rules with alertname alone.",
                "__all__",
            ),
        ),
        (
            "/proxy/v1/silences",
            json!({"labels": service}),
            ("Both start and end are required.", "__all__"),
        ),
        (
            "/proxy/v2/silences",
            json!({"matchers": [], "duration": "1m"}),
            ("Missing matchers for silence.", "non_field_errors"),
        ),
        (
            "/proxy/v2/silences",
            request(&[matcher("instance", "=", "a")]),
            (
                "Silence must include a service or project matcher.",
                "non_field_errors",
            ),
        ),
        (
            "/proxy/v2/silences",
            request(&[matcher("service", "=~", "(")]),
            (
                "service has an expression that is no regular expression",
                "matchers",
            ),
        ),
    ] {
        let refused = world
            .json(&peer, "POST", path, body.clone())
            .await
            .expect(422);
        assert_eq!(messages(&refused), [expected], "{body}");
        assert_eq!(refused["messages"][0]["class"], "alert alert-warning");
        assert!(refused["problems"][0]["remedy"].is_string());
    }
    for body in [
        json!([]),
        json!("x"),
        json!({"labels": 7}),
        json!({"labels": {"a": 7}}),
    ] {
        let refused = world.json(&peer, "POST", "/proxy/v1/silences", body).await;
        assert_eq!(messages(&refused.expect(422)).len(), 1);
    }
}

#[tokio::test]
async fn without_an_alertmanager_the_settings_are_named() {
    let world = world(&[]).await;
    let peer = world.superuser().await;
    let body = json!({"labels": {"service": "svc-000"}, "duration": "1m"});
    let asked = [
        world.get(&peer, "/proxy/v1/alerts").await,
        world.get(&peer, "/proxy/v1/silences").await,
        world.json(&peer, "POST", "/proxy/v1/silences", body).await,
        world.delete(&peer, "/proxy/v1/silences/x").await,
        world.get(&peer, "/rest/v2/silences").await,
    ];
    for answer in asked {
        let body = answer.expect(503);
        assert_eq!(body["detail"], "no Alertmanager is configured");
        assert!(
            body["remedy"]
                .as_str()
                .unwrap()
                .contains("alertmanager.url")
        );
    }
}

#[tokio::test]
async fn nobody_known_is_asked_to_log_in() {
    let world = world(&["http://127.0.0.1:1".to_owned()]).await;
    let labels = json!({"labels": {"service": "svc-000"}, "duration": "1m"});
    let matchers = request(&[matcher("service", "=", "svc-000")]);
    for (method, path, body) in [
        ("GET", "/proxy/v1/alerts", None),
        ("GET", "/proxy/v1/silences", None),
        ("POST", "/proxy/v1/silences", Some(labels)),
        ("POST", "/proxy/v1/silences", None),
        ("POST", "/proxy/v2/silences", Some(json!({"matchers": 7}))),
        ("DELETE", "/proxy/v1/silences/x", None),
        ("POST", "/proxy/v2/silences", Some(matchers.clone())),
        ("GET", "/rest/v2/silences", None),
        ("GET", "/rest/v2/silences/x", None),
        ("POST", "/rest/v2/silences", Some(matchers.clone())),
        ("PUT", "/rest/v2/silences/x", Some(matchers)),
        ("DELETE", "/rest/v2/silences/x", None),
    ] {
        let answer = world.send(None, method, path, body).await;
        assert_eq!(answer.status, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn an_id_that_nobody_knows_is_not_found() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;
    let body = request(&[matcher("service", "=", "svc-000")]);
    for id in [
        "2cbc9a1c-1f5d-4a7c-9b0e-6a3c1f2b0d00",
        "no-id",
        "..%2F..%2Fstatus",
        "%FF",
    ] {
        let path = format!("/rest/v2/silences/{id}");
        world.get(&peer, &path).await.expect(404);
        world
            .json(&peer, "PUT", &path, body.clone())
            .await
            .expect(404);
        world.delete(&peer, &path).await.expect(404);
        let path = format!("/proxy/v1/silences/{id}");
        world.delete(&peer, &path).await.expect(404);
    }
    assert_eq!(manager.silences().await.len(), 0);
}

#[tokio::test]
async fn a_prefix_and_a_password_are_honoured_and_the_password_never_told() {
    let folder = tempfile::tempdir().unwrap();
    // `s3cret`, hashed with bcrypt.
    let hash = "$2b$04$nFnRFYKrp5iPib8p5z05q.wYVYvBgTWLEYGBqWCkPxrJB0nfdHDS6";
    let file = folder.path().join("web.yml");
    std::fs::write(&file, format!("basic_auth_users: {{promgen: {hash}}}\n")).unwrap();
    let options = [
        "--web.route-prefix=/am/",
        &format!("--web.config.file={}", file.display()),
    ];
    let Some(server) = alertmanager_with(folder.path(), ROUTE, &options) else {
        return;
    };
    let place = format!("127.0.0.1:{}/am", server.port);
    until("Alertmanager below a prefix", async || {
        let url = format!("http://promgen:s3cret@{place}/-/ready");
        let answer = promgen_tests::http::get(&url).await;
        answer.filter(|answer| answer.status == 200).map(drop)
    })
    .await;

    let world_right = world(&[format!("http://promgen:s3cret@{place}/")]).await;
    let peer = world_right.superuser().await;
    let body = request(&[matcher("service", "=", "svc-000")]);
    let path = "/rest/v2/silences";
    let made = world_right
        .json(&peer, "POST", path, body.clone())
        .await
        .expect(201);
    assert_eq!(made["alertmanagers"][0]["url"], format!("http://{place}"));

    let world_wrong = world(&[format!("http://promgen:wr0ng@{place}")]).await;
    let peer = world_wrong.superuser().await;
    let refused = world_wrong
        .json(&peer, "POST", path, body)
        .await
        .expect(502);
    assert_eq!(refused["alertmanagers"][0]["status"], 401);
    assert!(!refused.to_string().contains("wr0ng"), "{refused}");
}

#[tokio::test]
async fn what_is_no_alertmanager_is_told_and_never_a_failure_of_ours() {
    let sink = Sink::start().await;
    let world = world(&[sink.url("")]).await;
    let peer = world.superuser().await;
    let body = request(&[matcher("service", "=", "svc-000")]);
    for behaviour in [
        Behaviour::Status(200),
        Behaviour::Status(500),
        Behaviour::HalfBody,
        Behaviour::Echo(200),
    ] {
        for path in ["/api/v2/alerts", "/api/v2/silences"] {
            sink.behave(path, behaviour);
        }
        for path in ["/proxy/v1/alerts", "/proxy/v1/silences"] {
            let answer = world.get(&peer, path).await.expect(502);
            assert_eq!(messages(&answer).len(), 1, "{behaviour:?}");
        }
        let answer = world
            .json(&peer, "POST", "/proxy/v2/silences", body.clone())
            .await;
        assert_eq!(messages(&answer.expect(502)).len(), 1, "{behaviour:?}");
    }
    // What it says is wrong with the request is said on.
    sink.behave("/api/v2/silences", Behaviour::Status(400));
    let answer = world.json(&peer, "POST", "/proxy/v2/silences", body).await;
    let answer = answer.expect(400);
    assert_eq!(answer["messages"][0]["class"], "alert alert-danger");
}
