//! Shards that misbehave.

use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::{World, error, success, warnings};

fn vector(job: &str) -> Answers {
    Answers::success(&json!({
        "resultType": "vector",
        "result": [{"metric": {"job": job}, "value": [1, "1"]}],
    }))
}

const UP: [(&str, &str); 1] = [("query", "up")];

#[tokio::test(flavor = "multi_thread")]
async fn one_that_misbehaves_becomes_a_warning_in_whatever_way() {
    let good = FakeShard::start(vector("good")).await;
    let bad = FakeShard::start(vector("bad")).await;
    let world = World::with(&[bad.url(), good.url()], |settings| {
        settings.proxy.max_bytes = 1 << 20;
    })
    .await;
    for (answers, said) in [
        (Answers::HalfBody, "shard s0: "),
        (Answers::Large(200 << 20), "larger than there is room for"),
        (Answers::Moved(good.url()), "redirects are not followed"),
        (
            Answers::With(200, "text/html", "<html>".to_owned()),
            "not Prometheus'",
        ),
        (
            Answers::With(200, "application/json", String::new()),
            "not Prometheus'",
        ),
        (Answers::success(&json!([])), "not Prometheus'"),
        (
            Answers::success(&json!({"resultType": "matrix", "result": []})),
            "answered a matrix",
        ),
        (
            Answers::With(500, "text/plain", "oh no".to_owned()),
            "HTTP 500",
        ),
        (
            Answers::With(
                422,
                "application/json",
                json!({"status": "error", "errorType": "execution", "error": "too much"})
                    .to_string(),
            ),
            "HTTP 422: too much",
        ),
    ] {
        bad.answer(answers.clone());
        let answer = success(&world.get("/api/v1/query", &UP).await);
        let said_now = warnings(&answer);
        assert_eq!(said_now.len(), 1, "{answers:?}: {said_now:?}");
        // A matrix that comes first is what the others are held against.
        let blamed = said_now[0].contains(said);
        assert!(blamed, "{answers:?}: {said_now:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_fail_the_first_that_said_why_is_passed_on() {
    let gone = "http://127.0.0.1:1/".to_owned();
    let refusing = FakeShard::start(Answers::With(418, "text/plain", "teapot".to_owned())).await;
    let with_password = refusing.url().replace("http://", "http://user:s3cret@");
    let world = World::new(&[gone.clone(), format!("{with_password}/prefix/")]).await;
    let answer = world.get("/api/v1/query", &UP).await;
    assert_eq!((answer.status, answer.text().as_str()), (418, "teapot"));
    assert_eq!(answer.headers["content-type"], "text/plain");
    let told = answer.headers["x-promgen-proxy"].to_str().unwrap();
    assert_eq!(
        told,
        format!("{}/prefix/api/v1/query?query=up", refusing.url())
    );

    let world = World::new(&[gone]).await;
    let answer = world.get("/api/v1/query", &UP).await;
    assert_eq!(error(&answer, 503).0, "unavailable");
    let garbage = FakeShard::start(Answers::With(200, "text/html", "<html>".to_owned())).await;
    let world = World::new(&[garbage.url()]).await;
    let answer = world.get("/api/v1/labels", &[]).await;
    assert_eq!(error(&answer, 502).0, "internal");
    let held = FakeShard::start(Answers::Held).await;
    let world = World::new(&[held.url()]).await;
    let answer = world
        .get("/api/v1/query", &[("query", "up"), ("timeout", "0.1")])
        .await;
    assert_eq!(error(&answer, 504).0, "timeout");
    held.answer(Answers::HalfBody);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setting_is_the_longest_wait_whatever_the_caller_wants() {
    let held = FakeShard::start(Answers::Held).await;
    let world = World::with(&[held.url()], |settings| {
        settings.proxy.timeout = std::time::Duration::from_millis(100);
    })
    .await;
    let answer = world
        .get("/api/v1/query", &[("query", "up"), ("timeout", "1h")])
        .await;
    let (kind, text) = error(&answer, 504);
    assert_eq!(kind, "timeout");
    assert!(text.contains("no answer within 0.1 s"), "{text}");
    held.answer(Answers::HalfBody);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_take_all_memory_make_the_next_one_wait_outside() {
    let room = 1 << 16;
    let series = json!(vec![json!({"a": "x".repeat(1000)}); 20]);
    let large = FakeShard::start(Answers::success(&series)).await;
    let world = World::with(&[large.url()], |settings| settings.proxy.max_bytes = room).await;
    let asking = (0..64).map(|_| world.get("/api/v1/series", &[("match[]", "up")]));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().any(|answer| answer.status == 200));
    for answer in &answers {
        if answer.status == 200 {
            continue;
        }
        assert_eq!(error(answer, 503).0, "unavailable");
        assert_eq!(answer.headers["retry-after"], "5");
    }
    let after = world.get("/api/v1/series", &[("match[]", "up")]).await;
    success(&after);
}
