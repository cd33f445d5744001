//! S15: what the caller brings along stays here, and each shard gets its own.

use promgen_core::model::Scope;
use promgen_tests::http::{get_with, post_form, send};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::{World, success, token};

fn nothing() -> Answers {
    Answers::success(&json!({"resultType": "vector", "result": []}))
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_of_what_the_caller_sends_only_parameters_and_referer_go_out() {
    let shards = [
        FakeShard::start(nothing()).await,
        FakeShard::start(nothing()).await,
    ];
    let [one, two] = shards.each_ref().map(FakeShard::url);
    let world = World::new(&[format!("{one}/pre/fix/"), two]).await;
    let token = token(&world.app, "root", Scope::Read).await;
    let base = format!("{}/api/v1/query", world.url());
    let get = get_with(&base, &[("query", "up"), ("x", "a b&c")]);
    let post = post_form(&base, &[("query", "up")]);
    for request in [get, post] {
        let request = request
            .header("authorization", format!("Token {token}"))
            .header("cookie", "sessionid=s3cret-session")
            .header("proxy-authorization", "Basic s3cret-proxy")
            .header("x-csrftoken", "s3cret-csrf")
            .header("x-forwarded-user", "s3cret-user")
            .header("referer", "http://grafana.example.com/d/1")
            .header("user-agent", "Grafana/9");
        success(&send(request).await.unwrap());
    }
    for (number, shard) in shards.iter().enumerate() {
        let asked = shard.asked();
        let prefix = if number == 0 { "/pre/fix" } else { "" };
        let targets: Vec<&str> = asked.iter().map(|one| one.target.as_str()).collect();
        let wanted = [
            format!("{prefix}/api/v1/query?query=up&x=a+b%26c"),
            format!("{prefix}/api/v1/query"),
        ];
        assert_eq!(targets, wanted);
        assert_eq!(asked[1].body, "query=up");
        for one in &asked {
            let all = format!("{:?} {} {}", one.headers, one.target, one.body);
            assert!(!all.contains("s3cret") && !all.contains(&token), "{all}");
            let own = format!("Bearer shard-{number}");
            assert_eq!(one.headers["authorization"], own);
            assert_eq!(one.headers["referer"], "http://grafana.example.com/d/1");
            let agent = one.headers["user-agent"].to_str().unwrap();
            assert!(agent.starts_with("promgen/"), "{agent}");
            for name in [
                "cookie",
                "proxy-authorization",
                "x-csrftoken",
                "x-forwarded-user",
            ] {
                assert!(!one.headers.contains_key(name), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_a_shard_that_points_elsewhere_is_not_followed_with_its_credentials() {
    let other = FakeShard::start(nothing()).await;
    let pointing = FakeShard::start(Answers::Moved(other.url())).await;
    let world = World::new(&[pointing.url()]).await;
    let answer = world.get("/api/v1/query", &[("query", "up")]).await;
    assert_eq!(answer.status, 502, "{}", answer.text());
    assert!(!answer.headers.contains_key("location"));
    assert!(other.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_no_answer_tells_what_shards_are_asked_with() {
    let failing = FakeShard::start(Answers::With(500, "text/plain", String::new())).await;
    let url = failing.url().replace("http://", "http://user:s3cret@");
    let world = World::new(&[url, "http://u:s3cret@127.0.0.1:1".to_owned()]).await;
    let good = FakeShard::start(nothing()).await;
    let partly = World::new(&["http://u:s3cret@127.0.0.1:1".to_owned(), good.url()]).await;
    for answer in [
        world.get("/api/v1/query", &[("query", "up")]).await,
        world.get("/api/v1/labels", &[]).await,
        partly.get("/api/v1/query", &[("query", "up")]).await,
    ] {
        let all = format!("{:?} {}", answer.headers, answer.text());
        for secret in ["s3cret", "shard-0", "shard-1", "Bearer"] {
            assert!(!all.contains(secret), "{all}");
        }
    }
}
