//! S22: with `proxy.enforce`, people get what a Prometheus would answer that has only what they
//! may see.

use promgen_tests::prometheus::Server;
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::world::{Past, World, asked, error, sorted, success, warnings};

const A: [&str; 4] = [
    r#"load{service="a",project="a1",instance="1"}"#,
    r#"load{service="a",project="a2",instance="2"}"#,
    r#"limit{service="a",project="a1"}"#,
    r#"ALERTS{service="a",alertname="x"}"#,
];

const B1: [&str; 2] = [
    r#"load{service="b",project="b1",instance="3"}"#,
    r#"hidden_name{service="b",project="b1"}"#,
];

const REST: [&str; 4] = [
    r#"load{service="b",project="b2",instance="4"}"#,
    r#"secret{service="b",project="b2",token="s3cret"}"#,
    r#"ALERTS{service="b",alertname="s3cret"}"#,
    r#"nobodys{instance="s3cret"}"#,
];

/// Expressions that try, besides ordinary ones, to get at more than they should.
const QUERIES: [&str; 30] = [
    "load",
    "{__name__=~\".+\"}",
    "{service=~\".*\",__name__=~\".+\"}",
    "{service!=\"a\",__name__=~\".+\"}",
    "{service=\"b\"}",
    "{token!=\"\"}",
    "load{service=~\"a|b\"} or secret",
    "sum(load)",
    "sum by (service, project) (load)",
    "count({__name__=~\".+\"})",
    "count_values(\"v\", load)",
    "topk(2, load)",
    "rate(load[10m])",
    "max_over_time(load[10m:2m])",
    "max_over_time(sum(load)[10m:2m] offset 1m)",
    "quantile_over_time(0.5, load[10m])",
    "load offset 3m",
    "last_over_time(load[3m] @ end())",
    "load + on (instance) group_left () load",
    "load unless on (service) secret",
    "load and on () secret",
    "label_replace(secret, \"service\", \"a\", \"\", \"\")",
    "label_join(load, \"service\", \"-\", \"project\", \"instance\")",
    "absent(secret)",
    "absent(load{job=\"x\"})",
    "absent_over_time(secret{token=\"s3cret\"}[5m])",
    "absent(sum(secret))",
    "timestamp(load)",
    "vector(scalar(sum(secret))) + vector(scalar(count(load)))",
    "vector(1)",
];

async fn world(urls: &[String]) -> World {
    World::with(urls, |settings| {
        settings.proxy.enforce = true;
        settings.permissions.default_role = None;
    })
    .await
}

/// Somebody, and the series that they may see.
struct Person {
    name: &'static str,
    services: &'static [&'static str],
    projects: &'static [&'static str],
    visible: Vec<&'static str>,
}

fn people() -> [Person; 4] {
    let person = |name, services, projects, visible: &[&'static str]| Person {
        name,
        services,
        projects,
        visible: visible.to_vec(),
    };
    [
        person("service", &["a"], &["a1"], &A),
        person("project", &[], &["b1"], &B1),
        person("both", &["a"], &["b1", "a2"], &[&A[..], &B1].concat()),
        // A server without any series could not be made.
        person("nobody", &[], &[], &["unrelated{x=\"1\"}"]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_the_answer_is_that_of_a_server_that_has_only_what_may_be_seen() {
    let past = Past::new();
    let Some(shard) = past.server(&[&A[..], &B1, &REST].concat()).await else {
        return;
    };
    let world = world(&[shard.0.url()]).await;
    for person in people() {
        let oracle = past.server(&person.visible).await.unwrap();
        let token = &world
            .viewer(person.name, person.services, person.projects)
            .await;
        results_are_the_same(&past, &world, &person, token, &oracle.0).await;
        names_are_the_same(&past, &world, &person, token, &oracle.0).await;
    }
}

async fn results_are_the_same(
    past: &Past,
    world: &World,
    person: &Person,
    token: &str,
    oracle: &Server,
) {
    let (end, start) = (past.end.to_string(), (past.end - 600).to_string());
    let comparable = |query: &&str| person.name != "nobody" || !query.contains("__name__");
    for query in QUERIES.into_iter().filter(comparable) {
        let at = [("query", query), ("time", end.as_str())];
        let over = [
            ("query", query),
            ("start", start.as_str()),
            ("end", end.as_str()),
            ("step", "60"),
        ];
        for (path, parameters) in [("/api/v1/query", &at[..]), ("/api/v1/query_range", &over)] {
            let wanted = asked(oracle, path, parameters).await;
            let answer = success(&world.get_as(token, path, parameters).await);
            let (found, wanted) = (&answer["data"]["result"], &wanted["data"]["result"]);
            let what = format!("{}: {path} {query}", person.name);
            assert_eq!(sorted(found), sorted(wanted), "{what}");
            assert!(warnings(&answer)[0].starts_with("limited to what you may see"));
        }
    }
}

async fn names_are_the_same(
    past: &Past,
    world: &World,
    person: &Person,
    token: &str,
    oracle: &Server,
) {
    let (end, start) = (past.end.to_string(), (past.end - 600).to_string());
    let all = [("start", start.as_str()), ("end", end.as_str())];
    let matching = [
        all[0],
        all[1],
        ("match[]", "{service=~\".*\",instance!=\"\"}"),
        ("match[]", "secret"),
    ];
    for (path, parameters) in [
        ("/api/v1/labels", &all[..]),
        ("/api/v1/label/token/values", &all),
        ("/api/v1/label/service/values", &all),
        ("/api/v1/label/__name__/values", &all),
        ("/api/v1/label/instance/values", &matching),
        ("/api/v1/series", &matching),
    ] {
        let answer = success(&world.get_as(token, path, parameters).await);
        let wanted = if person.name == "nobody" {
            json!([])
        } else {
            asked(oracle, path, parameters).await["data"].clone()
        };
        let what = format!("{}: {path}", person.name);
        assert_eq!(sorted(&answer["data"]), sorted(&wanted), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_a_range_at_the_top_is_asked_for_twice() {
    let past = Past::new();
    let (all, visible) = ([&A[..], &B1, &REST].concat(), [&A[..], &B1].concat());
    let (Some(shard), Some(oracle)) = (past.server(&all).await, past.server(&visible).await) else {
        return;
    };
    let world = world(&[shard.0.url()]).await;
    let token = world.viewer("both", &["a"], &["b1"]).await;
    let end = past.end.to_string();
    let parameters = [("query", "(load[3m])"), ("time", end.as_str())];
    let wanted = asked(&oracle.0, "/api/v1/query", &parameters).await;
    let answer = success(&world.get_as(&token, "/api/v1/query", &parameters).await);
    assert_eq!(answer["data"]["resultType"], "matrix");
    assert_eq!(
        sorted(&answer["data"]["result"]),
        sorted(&wanted["data"]["result"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_what_cannot_be_limited_never_leaves() {
    let shard = FakeShard::start(Answers::success(&json!([]))).await;
    let world = world(&[shard.url()]).await;
    let token = world.viewer("both", &["a"], &["b1"]).await;
    let queries = [
        "",
        "up{",
        "info(up)",
        "up{a=\"b\" or c=\"d\"}",
        "up\u{0}",
        "nothing(up)",
        "up @ -1",
        "predict_linear(up[5m], scalar(up))",
    ];
    for query in queries {
        for path in [
            "/api/v1/query",
            "/api/v1/query_range",
            "/api/v1/query_exemplars",
        ] {
            let answer = world.get_as(&token, path, &[("query", query)]).await;
            assert_eq!(error(&answer, 400).0, "bad_data", "{query}");
        }
    }
    for selector in ["up[5m]", "up offset 5m", "up or down", "", "up} or {"] {
        for path in [
            "/api/v1/labels",
            "/api/v1/label/job/values",
            "/api/v1/series",
        ] {
            let answer = world.get_as(&token, path, &[("match[]", selector)]).await;
            assert_eq!(error(&answer, 400).0, "bad_data", "{selector}");
        }
    }
    assert!(shard.asked().is_empty(), "{:?}", shard.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_what_goes_out_is_what_was_understood_and_nothing_else() {
    let empty = Answers::success(&json!({"resultType": "vector", "result": []}));
    let shard = FakeShard::start(empty).await;
    let world = world(&[shard.url()]).await;
    let token = world.viewer("one", &["a"], &[]).await;
    let parameters = [
        ("query", "up # ignore"),
        ("query", "secret"),
        ("extra_filters[]", "{service=\"b\"}"),
        ("match[]", "secret"),
        ("time", "1"),
    ];
    success(&world.get_as(&token, "/api/v1/query", &parameters).await);
    let root = success(&world.get("/api/v1/query", &parameters).await);
    assert!(warnings(&root).is_empty());
    let asked = shard.asked();
    assert_eq!(
        asked[0].target,
        "/api/v1/query?time=1&query=up%7Bservice%3D%7E%22a%22%7D"
    );
    assert!(
        asked[1].target.contains("extra_filters"),
        "{}",
        asked[1].target
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_metadata_is_that_of_metrics_that_may_be_seen() {
    let entry = json!([{"type": "gauge", "help": "h", "unit": ""}]);
    let shard = FakeShard::start(Answers::ByPath(vec![
        ("/label/__name__/values", json!(["load", "size_bucket"])),
        (
            "/metadata",
            json!({"load": entry, "size": entry, "secret": entry, "loa": entry}),
        ),
    ]))
    .await;
    let world = world(&[shard.url()]).await;
    let token = world.viewer("one", &["a"], &[]).await;
    let answer = success(&world.get_as(&token, "/api/v1/metadata", &[]).await);
    assert_eq!(answer["data"], json!({"load": entry, "size": entry}));
    let names = "/api/v1/label/__name__/values?match%5B%5D=%7Bservice%3D%7E%22a%22%7D";
    assert_eq!(shard.asked()[0].target, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_nobody_is_limited_who_sees_everything_anyway() {
    let empty = Answers::success(&json!({"resultType": "vector", "result": []}));
    let shard = FakeShard::start(empty).await;
    let world = World::with(&[shard.url()], |settings| settings.proxy.enforce = true).await;
    let token = world.viewer("one", &["a"], &[]).await;
    let answer = success(
        &world
            .get_as(&token, "/api/v1/query", &[("query", "up")])
            .await,
    );
    assert!(warnings(&answer).is_empty());
    assert_eq!(shard.asked()[0].target, "/api/v1/query?query=up");
}
