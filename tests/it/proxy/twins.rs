//! Two shards answer like the one Prometheus that has everything.

use promgen_tests::http::{get_with, send};
use serde_json::Value;

use super::world::{Past, World, asked, error, sorted, success, warnings};

const EAST: [&str; 4] = [
    r#"load{service="a",project="a1",instance="e:1"}"#,
    r#"load{service="a",project="a2",instance="e:2"}"#,
    r#"temperature{service="a",project="a1",room="x \"y\" é"}"#,
    r#"shared{service="a",project="a1"}"#,
];

const WEST: [&str; 3] = [
    r#"load{service="b",project="b1",instance="w:1"}"#,
    r#"only_west{service="b",project="b2",rack="7"}"#,
    // Scraped by both, as pairs do.
    r#"shared{service="a",project="a1"}"#,
];

/// Paths and parameters of what is asked; times are in seconds.
fn questions(past: &Past) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let (end, start) = (past.end.to_string(), (past.end - 1200).to_string());
    let with = |fixed: &[(&'static str, &str)], more: &[(&'static str, &str)]| {
        let all = fixed.iter().chain(more);
        all.map(|(name, value)| (*name, (*value).to_owned()))
            .collect::<Vec<_>>()
    };
    let range = [("start", start.as_str()), ("end", end.as_str())];
    let within = |more: &[(&'static str, &str)]| with(&range, more);
    let at = |query: &str| with(&[("time", end.as_str())], &[("query", query)]);
    let over = |query: &str| within(&[("query", query), ("step", "60")]);
    vec![
        ("/api/v1/labels", within(&[])),
        ("/api/v1/labels", within(&[("match[]", "only_west")])),
        ("/api/v1/label/__name__/values", within(&[])),
        ("/api/v1/label/room/values", within(&[])),
        (
            "/api/v1/label/service/values",
            within(&[("match[]", "load"), ("match[]", "shared")]),
        ),
        ("/api/v1/label/nothing/values", within(&[])),
        (
            "/api/v1/series",
            within(&[("match[]", "{__name__=~\".+\"}")]),
        ),
        (
            "/api/v1/series",
            within(&[("match[]", "load"), ("match[]", "{rack=\"7\"}")]),
        ),
        ("/api/v1/query", at("load")),
        ("/api/v1/query", at("{__name__=~\".+\"}")),
        ("/api/v1/query", at("rate(load[5m]) * 3 > 0")),
        ("/api/v1/query", at("temperature[3m]")),
        ("/api/v1/query", at("nothing")),
        ("/api/v1/query", at("2 * 21")),
        ("/api/v1/query", at("\"text\"")),
        ("/api/v1/query_range", over("shared")),
        ("/api/v1/query_range", over("load offset 2m")),
        ("/api/v1/query_range", over("max_over_time(load[5m:1m])")),
        ("/api/v1/query_range", over("time()")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shards_answer_like_one_server_that_has_everything() {
    let past = Past::new();
    let everything: Vec<&str> = EAST.into_iter().chain(WEST.into_iter().take(2)).collect();
    let (Some(east), Some(west), Some(all)) = (
        past.server(&EAST).await,
        past.server(&WEST).await,
        past.server(&everything).await,
    ) else {
        return;
    };
    let world = World::new(&[east.0.url(), west.0.url()]).await;
    for (path, parameters) in &questions(&past) {
        let parameters: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let wanted = asked(&all.0, path, &parameters).await;
        let mut answers = vec![world.get(path, &parameters).await];
        if !path.contains("/label/") {
            answers.push(world.post(path, &parameters).await);
        }
        for answer in answers {
            let answer = success(&answer);
            assert_eq!(warnings(&answer), Vec::<String>::new());
            same(
                &answer["data"],
                &wanted["data"],
                &format!("{path} {parameters:?}"),
            );
        }
    }
}

/// Results may stand in any order; names have theirs.
fn same(found: &Value, wanted: &Value, what: &str) {
    assert_eq!(found["resultType"], wanted["resultType"], "{what}");
    let (found_result, wanted_result) = (&found["result"], &wanted["result"]);
    if wanted_result.is_array()
        && matches!(wanted["resultType"].as_str(), Some("vector" | "matrix"))
    {
        assert_eq!(sorted(found_result), sorted(wanted_result), "{what}");
    } else if wanted
        .as_array()
        .is_some_and(|list| list.iter().any(Value::is_object))
    {
        assert_eq!(sorted(found), sorted(wanted), "{what}");
    } else {
        assert_eq!(found, wanted, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_of_two_stopped_the_other_answers_and_the_warning_says_so() {
    let past = Past::new();
    let (Some(east), Some(west)) = (past.server(&EAST).await, past.server(&WEST).await) else {
        return;
    };
    let world = World::new(&[east.0.url(), west.0.url()]).await;
    let end = past.end.to_string();
    let parameters = [("query", "load"), ("time", end.as_str())];
    let count = async || {
        let answer = success(&world.get("/api/v1/query", &parameters).await);
        let results = answer["data"]["result"].as_array().unwrap().len();
        (results, warnings(&answer))
    };
    assert_eq!(count().await, (3, Vec::new()));
    // One that hangs is waited for as long as the caller wants.
    west.0.process.pause().await;
    let hurried = [parameters[0], parameters[1], ("timeout", "200ms")];
    let answer = success(&world.get("/api/v1/query", &hurried).await);
    assert_eq!(answer["data"]["result"].as_array().unwrap().len(), 2);
    assert!(warnings(&answer)[0].starts_with("shard s1: "), "{answer}");
    assert!(
        warnings(&answer)[0].contains("no answer within 0.2 s"),
        "{answer}"
    );
    west.0.process.signal("CONT");
    west.0.process.kill();
    let (results, said) = count().await;
    assert_eq!(results, 2);
    assert!(
        said.len() == 1 && said[0].contains("shard s1: "),
        "{said:?}"
    );
    east.0.process.kill();
    let answer = world.get("/api/v1/query", &parameters).await;
    let (kind, text) = error(&answer, 503);
    assert_eq!(kind, "unavailable");
    assert!(text.contains("shard s0: "), "{text}");
    assert!(
        answer.headers["x-promgen-proxy"]
            .to_str()
            .unwrap()
            .contains("/api/v1/query?query=load")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_prometheus_refuses_is_refused_in_its_words() {
    let past = Past::new();
    let Some(server) = past.server(&EAST).await else {
        return;
    };
    let world = World::new(&[server.0.url(), server.0.url()]).await;
    for (path, parameters) in [
        ("/api/v1/query", vec![("query", "sum(")]),
        ("/api/v1/query", vec![("query", "up"), ("time", "soon")]),
        ("/api/v1/query_range", vec![("query", "up")]),
        ("/api/v1/series", vec![]),
    ] {
        let request = get_with(&format!("{}{path}", server.0.url()), &parameters);
        let direct = send(request).await.unwrap();
        let answer = world.get(path, &parameters).await;
        assert_eq!(answer.status, direct.status, "{path}");
        assert_eq!(answer.body, direct.body, "{path}");
        assert_eq!(
            answer.headers["content-type"],
            direct.headers["content-type"]
        );
        assert!(answer.headers.contains_key("x-promgen-proxy"), "{path}");
    }
}
