//! What Grafana and Prometheus' own clients ask for besides data.

use promgen_tests::http::{client, post_form, send};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::{World, error, success, warnings};

#[tokio::test(flavor = "multi_thread")]
async fn the_version_is_one_that_clients_know() {
    let world = World::new(&[]).await;
    let data = &success(&world.get("/api/v1/status/buildinfo", &[]).await)["data"];
    assert_eq!(data["version"], "2.42.0");
    for key in ["revision", "branch", "buildUser", "buildDate", "goVersion"] {
        assert!(data[key].is_string(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn expressions_are_formatted_here() {
    let world = World::new(&[]).await;
    let parameters = [("query", "sum( up{ job='a' } ) # all")];
    for answer in [
        world.get("/api/v1/format_query", &parameters).await,
        world.post("/api/v1/format_query", &parameters).await,
    ] {
        assert_eq!(success(&answer)["data"], r#"sum(up{job="a"})"#);
    }
    let refused = world
        .get("/api/v1/format_query", &[("query", "up{<exclude>}")])
        .await;
    assert_eq!(error(&refused, 400).0, "bad_data");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_shard_answers_are_empty_typed_and_say_why() {
    let world = World::new(&[]).await;
    for (path, data) in [
        (
            "/api/v1/query",
            json!({"resultType": "vector", "result": []}),
        ),
        (
            "/api/v1/query_range",
            json!({"resultType": "matrix", "result": []}),
        ),
        ("/api/v1/labels", json!([])),
        ("/api/v1/metadata", json!({})),
    ] {
        let answer = success(&world.get(path, &[("query", "up")]).await);
        assert_eq!(answer["data"], data, "{path}");
        assert!(
            warnings(&answer)[0].contains("no shard takes part"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_body_counts_before_the_url_and_must_be_a_form() {
    let shard = FakeShard::start(Answers::success(&json!([]))).await;
    let world = World::with(&[shard.url()], |settings| settings.proxy.anonymous = true).await;
    let url = format!("{}/api/v1/labels?a=url&b=2", world.url());
    let both = post_form(&url, &[("a", "body")]);
    success(&send(both).await.unwrap());
    assert_eq!(shard.asked()[0].body, "a=body&a=url&b=2");
    let json = client()
        .post(&url)
        .header("content-type", "application/json")
        .body("{}");
    assert_eq!(error(&send(json).await.unwrap(), 400).0, "bad_data");
    let large = post_form(&url, &[("a", &"x".repeat(2 << 20))]);
    assert_eq!(send(large).await.unwrap().status, 413);
    let long = client().get(format!("{url}&c={}", "x".repeat(5000)));
    success(&send(long).await.unwrap());
    let asked = shard.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        (asked[1].method.as_str(), asked[1].target.as_str()),
        ("POST", "/api/v1/labels")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_and_exemplars_are_put_together() {
    let entry = json!([{"type": "gauge", "help": "h", "unit": ""}]);
    let one = FakeShard::start(Answers::success(&json!({"x": entry}))).await;
    let two = FakeShard::start(Answers::success(&json!({"x": entry, "y": entry}))).await;
    let world = World::new(&[one.url(), two.url()]).await;
    let answer = success(&world.get("/api/v1/metadata", &[("limit", "9")]).await);
    assert_eq!(answer["data"], json!({"x": entry, "y": entry}));
    let exemplars = |job: &str| json!([{"seriesLabels": {"job": job}, "exemplars": []}]);
    one.answer(Answers::success(&exemplars("a")));
    two.answer(Answers::success(&exemplars("b")));
    let answer = success(
        &world
            .get("/api/v1/query_exemplars", &[("query", "x")])
            .await,
    );
    assert_eq!(answer["data"].as_array().unwrap().len(), 2);
}
