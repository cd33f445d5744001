//! How much a shard has to do, from the shard itself.

use promgen_core::app::Actor;
use promgen_core::app::policy::Access;
use promgen_core::app::proxy::{Counts, counts};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::World;

fn number(value: &str) -> Answers {
    Answers::success(&json!({
        "resultType": "vector",
        "result": [{"metric": {}, "value": [1, value]}],
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_the_shard_is_passed_on_as_it_is() {
    let shard = FakeShard::start(number("1234")).await;
    let world = World::new(&[format!("{}/pre", shard.url())]).await;
    for base in ["/rest", "/api"] {
        let path = format!("{base}/shard/s0/usages/");
        let answer = world.get(&path, &[("metric", "samples")]).await;
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body["data"]["result"][0]["value"][1], "1234");
        assert_eq!(
            world.get(&path, &[("metric", "exporters")]).await.status,
            200
        );
        for parameters in [&[][..], &[("metric", "targets")]] {
            let refused = world.get(&path, parameters).await;
            assert_eq!(
                (refused.status, refused.text().as_str()),
                (400, "BAD REQUEST")
            );
        }
        let wrong = world.get_as("wrong", &path, &[("metric", "samples")]).await;
        assert_eq!(wrong.status, 401);
    }
    let targets: Vec<String> = shard.asked().into_iter().map(|one| one.target).collect();
    assert_eq!(
        targets[0],
        "/pre/api/v1/query?query=sum%28scrape_samples_scraped%29"
    );
    assert_eq!(targets[1], "/pre/api/v1/query?query=count%28up%29");
    assert_eq!(shard.asked()[0].headers["authorization"], "Bearer shard-0");
    let nowhere = world
        .get("/rest/shard/s9/usages/", &[("metric", "samples")])
        .await;
    assert_eq!(nowhere.status, 404);
    shard.answer(Answers::With(500, "text/plain", "oh no".to_owned()));
    let failed = world
        .get("/rest/shard/s0/usages/", &[("metric", "samples")])
        .await;
    assert_eq!((failed.status, failed.text().as_str()), (500, "oh no"));
    assert!(failed.headers.contains_key("x-promgen-proxy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_from_all_shards_and_one_that_fails_has_none() {
    let shard = FakeShard::start(number("42")).await;
    let world = World::new(&[shard.url(), "http://127.0.0.1:1".to_owned()]).await;
    let tx = world.app.store().read_tx().await.unwrap();
    let operator = Actor::operator("test");
    let access = Access::load(&world.app, &tx, &operator).await.unwrap();
    let shards = tx.list_proxied_shards().await.unwrap();
    drop(tx);
    let counted = counts(&world.app, &access, &shards).await.unwrap();
    let there = Counts {
        samples: Some(42),
        targets: Some(42),
    };
    assert_eq!(counted, [there, Counts::default()]);
}
