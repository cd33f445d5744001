//! Trying a query out: what each shard finds, limited to what one may see (S22).

use std::time::Duration;

use promgen_core::app::rules::trial::{self, Range, Tried, TriedOf};
use promgen_core::app::rules::{self, RuleChange};
use promgen_core::app::{Actor, AppError, users};
use promgen_core::model::{RuleOwner, ServiceId};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::{MINUTES, Past, World};

fn operator() -> Actor {
    Actor::operator("test")
}

/// A world in which one without a role sees nothing; the proxy itself limits nobody.
async fn world(urls: &[String]) -> World {
    World::with(urls, |settings| settings.permissions.default_role = None).await
}

/// Somebody with the role of a viewer on these services and projects.
async fn viewer(world: &World, services: &[&str], projects: &[&str]) -> Actor {
    world.viewer("vera", services, projects).await;
    Actor::User(users::find(&world.app, &operator(), "vera").await.unwrap())
}

async fn service(world: &World, name: &str) -> ServiceId {
    let tx = world.app.store().read_tx().await.unwrap();
    tx.find_service(name).await.unwrap().unwrap().id
}

fn tried(clause: &str, of: TriedOf) -> Tried {
    Tried {
        clause: Some(clause.to_owned()),
        of,
    }
}

fn vector(series: &[serde_json::Value]) -> Answers {
    let one = |metric: &serde_json::Value| json!({"metric": metric, "value": [1, "0"]});
    let result: Vec<_> = series.iter().map(one).collect();
    Answers::success(&json!({"resultType": "vector", "result": result}))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shard_is_told_of_apart() {
    let good = FakeShard::start(vector(&[
        json!({"__name__": "up", "service": "a", "project": "a1"}),
        json!({"__name__": "up", "service": "b"}),
        json!({"__name__": "up", "job": "x"}),
    ]))
    .await;
    let odd = FakeShard::start(Answers::With(200, "application/json", "{}".to_owned())).await;
    let error = json!({"status": "error", "errorType": "bad_data", "error": "no such thing"});
    let bad = Answers::With(400, "application/json", error.to_string());
    let bad = FakeShard::start(bad).await;
    let world = world(&[good.url(), odd.url(), bad.url()]).await;
    let owner = RuleOwner::Service(service(&world, "a").await);
    let tried = tried("up{<exclude>} == 0", TriedOf::Owner(owner));
    let told = trial::now(&world.app, &operator(), &tried).await.unwrap();
    assert_eq!((told.expanded.as_str(), told.limited), ("up{} == 0", None));
    let names: Vec<&str> = told.shards.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["s0", "s1", "s2"]);
    let found = told.shards[0].1.as_ref().unwrap();
    assert_eq!((found.count, found.series.len()), (3, 3));
    assert_eq!(found.series[0].labels["project"], "a1");
    assert_eq!((found.strays.foreign, found.strays.nobodys), (1, 0));
    let stray = ("service".to_owned(), "b".to_owned());
    assert!(found.strays.labels.contains(&stray));
    assert!(
        told.shards[1]
            .1
            .as_ref()
            .unwrap_err()
            .contains("not Prometheus'")
    );
    assert!(
        told.shards[2]
            .1
            .as_ref()
            .unwrap_err()
            .contains("no such thing")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_macro_stands_for_all_overrides_and_only_those_that_one_sees_are_named() {
    let shard = FakeShard::start(vector(&[])).await;
    let world = world(&[shard.url()]).await;
    let change = RuleChange {
        name: Some("Down".to_owned()),
        clause: Some("up{<exclude>} == 0".to_owned()),
        ..RuleChange::default()
    };
    let made = rules::create(&world.app, &operator(), RuleOwner::Site, &change).await;
    let rule = made.unwrap().rule;
    for name in ["a", "b"] {
        let owner = RuleOwner::Service(service(&world, name).await);
        let fields = RuleChange::default();
        let made = rules::override_rule(&world.app, &operator(), rule.id, owner, &fields).await;
        made.unwrap();
    }
    let vera = viewer(&world, &["a"], &[]).await;
    let of = TriedOf::Rule(rule.id);
    let told = trial::now(&world.app, &vera, &tried("up{<exclude>} == 1", of))
        .await
        .unwrap();
    assert_eq!(told.expanded, "up{service!~\"a\"} == 1");
    assert_eq!(told.limited, Some((1, 0)));
    let asked = shard.asked();
    let url = url::Url::parse(&format!("http://x{}", asked[0].target)).unwrap();
    let query = url
        .query_pairs()
        .find(|(name, _)| name == "query")
        .unwrap()
        .1;
    assert_eq!(query, "up{service!~\"a|b\",service=~\"a\"} == 1");
    let own = Tried { clause: None, of };
    let told = trial::now(&world.app, &operator(), &own).await.unwrap();
    assert_eq!(told.expanded, "up{service!~\"a|b\"} == 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_what_cannot_be_asked_never_leaves() {
    let shard = FakeShard::start(vector(&[])).await;
    let world = world(&[shard.url()]).await;
    let vera = viewer(&world, &["a"], &[]).await;
    let (a, b) = (service(&world, "a").await, service(&world, "b").await);
    for clause in ["", "  ", "up{", "<exclude>", "info(up)"] {
        let tried = tried(clause, TriedOf::Owner(RuleOwner::Service(a)));
        let refused = trial::now(&world.app, &vera, &tried).await.unwrap_err();
        let AppError::Invalid { problems } = refused else {
            panic!("{clause}: {refused}");
        };
        assert_eq!(problems[0].field, "clause", "{clause}");
    }
    let foreign = tried("up", TriedOf::Owner(RuleOwner::Service(b)));
    let refused = trial::now(&world.app, &vera, &foreign).await.unwrap_err();
    assert!(matches!(refused, AppError::Forbidden { .. }));
    let refused = trial::now(&world.app, &Actor::Anonymous, &foreign)
        .await
        .unwrap_err();
    assert!(matches!(refused, AppError::Unauthenticated));
    assert_eq!(shard.asked().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_over_the_last_hours_one_sees_ones_own_series() {
    let past = Past::new();
    let series = [
        r#"load{service="a",project="a1"}"#,
        r#"load{service="a",project="a2"}"#,
        r#"load{service="b",project="b1"}"#,
        r#"secret{service="b",project="b2"}"#,
    ];
    let Some(shard) = past.server(&series).await else {
        return;
    };
    let world = world(&[shard.0.url()]).await;
    let vera = viewer(&world, &["a"], &["b1"]).await;
    let owner = RuleOwner::Service(service(&world, "a").await);
    let range = Range {
        back: Duration::from_hours(3),
        steps: 180,
    };
    let found = async |actor: &Actor, clause: &str| {
        let tried = tried(clause, TriedOf::Owner(owner));
        let told = trial::over(&world.app, actor, &tried, range).await.unwrap();
        assert_eq!(told.times.len(), 181);
        let (_, found) = told.trial.shards.into_iter().next().unwrap();
        found.unwrap()
    };
    let all = found(&operator(), "{__name__=~\"load|secret\"}").await;
    assert_eq!(all.count, 4);
    let some = found(&vera, "{__name__=~\"load|secret\"}").await;
    assert_eq!(some.count, 3);
    let minutes = usize::try_from(MINUTES).unwrap();
    assert!(some.tracks.iter().all(|track| track.points.len() > minutes));
    assert!(some.counts.iter().all(|count| *count == 0 || *count == 3));
    assert!(some.counts.iter().filter(|count| **count == 3).count() > minutes);
    assert_eq!(found(&vera, "count(secret)").await.count, 0);
}
