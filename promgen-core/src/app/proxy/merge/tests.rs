//! Answers of two shards as one.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::app::proxy::Endpoint;
use crate::app::proxy::Refusal;
use crate::app::proxy::budget::Memory;
use crate::testing::property_config;

const ROOM: usize = 1 << 20;

fn question(endpoint: Endpoint, parameters: &[(&str, &str)]) -> Question {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Question {
        endpoint,
        parameters: parameters.iter().map(own).collect(),
        posted: false,
        referer: None,
    }
}

fn sent(bodies: &[&str]) -> Vec<Result<Sent, ShardFailure>> {
    let each = |(number, body): (usize, &&str)| {
        Ok(Sent {
            shard: format!("s{number}"),
            url: format!("http://s{number}/"),
            body: body.as_bytes().to_vec(),
        })
    };
    bodies.iter().enumerate().map(each).collect()
}

fn run(question: Question, bodies: &[&str]) -> Result<Value, ProxyError> {
    let merge = Merge {
        question,
        answers: sent(bodies),
        metrics: None,
        warnings: Vec::new(),
        limit_bytes: ROOM,
    };
    let merged = merge.run(&Memory::new(ROOM).budget(bodies.len()))?;
    Ok(serde_json::from_slice(&merged).unwrap())
}

fn merged(endpoint: Endpoint, bodies: &[&str]) -> Value {
    run(question(endpoint, &[]), bodies).unwrap()
}

fn success(data: &Value) -> String {
    json!({"status": "success", "data": data}).to_string()
}

fn result(kind: &str, result: &Value) -> String {
    success(&json!({"resultType": kind, "result": result}))
}

#[test]
fn names_are_a_sorted_set() {
    let (one, two) = (
        success(&json!(["b", "é", "a\n"])),
        success(&json!(["b", "A"])),
    );
    let all = merged(Endpoint::Labels, &[&one, &two]);
    assert_eq!(
        all,
        json!({"status": "success", "data": ["A", "a\n", "b", "é"]})
    );
    let null = success(&Value::Null);
    assert_eq!(merged(Endpoint::Labels, &[&null])["data"], json!([]));
}

#[test]
fn series_come_once_in_the_order_of_the_shards() {
    let one = success(&json!([{"__name__": "up", "job": "b"}, {"__name__": "up", "job": "a"}]));
    let two = success(&json!([{"job": "a", "__name__": "up"}, {"__name__": "up"}]));
    let all = merged(Endpoint::Series, &[&one, &two]);
    let wanted = json!([
        {"__name__": "up", "job": "b"},
        {"__name__": "up", "job": "a"},
        {"__name__": "up"}
    ]);
    assert_eq!(all["data"], wanted);
}

#[test]
fn of_one_series_the_first_shard_has_the_say() {
    let one = result(
        "vector",
        &json!([{"metric": {"a": "1"}, "value": [1, "first"]}]),
    );
    let two = result(
        "vector",
        &json!([{"metric": {"a": "1"}, "value": [1, "second"]}, {"metric": {}, "value": [1, "2"]}]),
    );
    let all = merged(Endpoint::Query, &[&one, &two]);
    assert_eq!(all["data"]["resultType"], "vector");
    let wanted = json!([
        {"metric": {"a": "1"}, "value": [1, "first"]},
        {"metric": {}, "value": [1, "2"]}
    ]);
    assert_eq!(all["data"]["result"], wanted);
}

#[test]
fn matrices_are_woven() {
    let range =
        |values: Value| result("matrix", &json!([{"metric": {"a": "1"}, "values": values}]));
    let (one, two) = (
        range(json!([[1, "1"], [3, "3"]])),
        range(json!([[2, "2"], [3, "x"]])),
    );
    let all = merged(Endpoint::QueryRange, &[&one, &two]);
    let wanted = json!([{"metric": {"a": "1"}, "values": [[1, "1"], [2, "2"], [3, "3"]]}]);
    assert_eq!(
        all["data"],
        json!({"resultType": "matrix", "result": wanted})
    );
}

#[test]
fn one_value_is_the_first_shards() {
    let (one, two) = (
        result("scalar", &json!([1, "2"])),
        result("scalar", &json!([1, "3"])),
    );
    let all = merged(Endpoint::Query, &[&one, &two]);
    assert_eq!(
        all["data"],
        json!({"resultType": "scalar", "result": [1, "2"]})
    );
}

#[test]
fn what_does_not_fit_is_left_out_with_a_warning() {
    let one = result("vector", &json!([{"metric": {}, "value": [1, "1"]}]));
    let two = result("matrix", &json!([]));
    for garbage in [
        two.as_str(),
        "<html>",
        "{}",
        r#"{"status":"success"}"#,
        r#"{"status":"error","error":"no"}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1}}]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":{}}}"#,
        r#"{"status":"success","data":[]}"#,
        "\u{0}",
    ] {
        let all = merged(Endpoint::Query, &[&one, garbage]);
        assert_eq!(
            all["data"]["result"].as_array().unwrap().len(),
            1,
            "{garbage}"
        );
        let warnings = all["warnings"].as_array().unwrap();
        assert_eq!(warnings.len(), 1, "{garbage}");
        assert!(
            warnings[0].as_str().unwrap().starts_with("shard s1: "),
            "{warnings:?}"
        );
    }
}

#[test]
fn when_nobody_answers_the_first_who_said_why_is_told() {
    let error = run(question(Endpoint::Query, &[]), &["<html>", "{}"]).unwrap_err();
    let ProxyError::Shard(failure) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (failure.shard.as_str(), failure.url.as_str()),
        ("s0", "http://s0/")
    );
    let merge = |answers| Merge {
        question: question(Endpoint::Query, &[]),
        answers,
        metrics: None,
        warnings: Vec::new(),
        limit_bytes: ROOM,
    };
    let failure = |shard: &str, what| {
        Err(ShardFailure {
            shard: shard.to_owned(),
            url: String::new(),
            what,
        })
    };
    let message = String::new();
    let refused = Failure::Refused(Box::new(Refusal {
        status: 422,
        content_type: None,
        body: Vec::new(),
        message: message.clone(),
    }));
    let answers = vec![
        failure("a", Failure::Unreachable { message }),
        failure("b", refused),
    ];
    let error = merge(answers)
        .run(&Memory::new(ROOM).budget(2))
        .unwrap_err();
    assert!(matches!(error, ProxyError::Shard(failure) if failure.shard == "b"));
}

#[test]
fn notes_are_passed_on_once_and_bounded() {
    let noted = json!({
        "status": "success", "data": ["a"], "warnings": ["w"], "infos": vec!["i".repeat(2000); 99],
    });
    let noted = noted.to_string();
    let all = merged(Endpoint::Labels, &[&noted, &noted]);
    assert_eq!(all["warnings"], json!(["w"]));
    assert_eq!(all["infos"], json!(["i".repeat(1000)]));
}

#[test]
fn a_limit_counts_after_the_merge() {
    let (one, two) = (success(&json!(["a", "c"])), success(&json!(["b", "c"])));
    let all = run(question(Endpoint::Labels, &[("limit", "2")]), &[&one, &two]).unwrap();
    assert_eq!(all["data"], json!(["a", "b"]));
    assert_eq!(all["warnings"], json!(["results truncated due to limit"]));
    let all = run(question(Endpoint::Labels, &[("limit", "3")]), &[&one, &two]).unwrap();
    assert_eq!(all["warnings"], Value::Null);
}

#[test]
fn metadata_is_a_union_and_can_be_cut_to_what_is_seen() {
    let entry = |help: &str| json!({"type": "counter", "help": help, "unit": ""});
    let one = success(&json!({"x": [entry("1")], "hist": [entry("h")]}));
    let two = success(&json!({"x": [entry("1"), entry("2")], "a": []}));
    let all = merged(Endpoint::Metadata, &[&one, &two]);
    let wanted = json!({"a": [], "hist": [entry("h")], "x": [entry("1"), entry("2")]});
    assert_eq!(all["data"], wanted);
    let merge = Merge {
        question: question(Endpoint::Metadata, &[("limit_per_metric", "1")]),
        answers: sent(&[&one, &two]),
        metrics: Some(["x".to_owned(), "hist_bucket".to_owned()].into()),
        warnings: vec!["limited".to_owned()],
        limit_bytes: ROOM,
    };
    let cut = merge.run(&Memory::new(ROOM).budget(2)).unwrap();
    let cut: Value = serde_json::from_slice(&cut).unwrap();
    assert_eq!(
        cut["data"],
        json!({"hist": [entry("h")], "x": [entry("1")]})
    );
    assert_eq!(cut["warnings"], json!(["limited"]));
}

#[test]
fn small_things_in_large_numbers_do_not_fit() {
    let many = success(&json!(vec!["a"; 20_000]));
    let error = run(question(Endpoint::Labels, &[]), &[&many]).unwrap_err();
    assert!(
        matches!(error, ProxyError::TooLarge { limit_bytes: ROOM }),
        "{error}"
    );
    let series = |values| result("matrix", &json!([{"metric": {}, "values": values}]));
    let many = series(json!(vec![json!([1, ""]); 60_000]));
    let alone = merged(Endpoint::QueryRange, &[&many]);
    assert_eq!(
        alone["data"]["result"][0]["values"]
            .as_array()
            .unwrap()
            .len(),
        60_000
    );
    let error = run(question(Endpoint::QueryRange, &[]), &[&many, &many]).unwrap_err();
    assert!(matches!(error, ProxyError::TooLarge { .. }), "{error}");
}

#[test]
fn without_any_shard_the_result_is_empty_and_typed() {
    for (endpoint, data) in [
        (Endpoint::Labels, json!([])),
        (Endpoint::Series, json!([])),
        (Endpoint::Metadata, json!({})),
        (
            Endpoint::Query,
            json!({"resultType": "vector", "result": []}),
        ),
        (
            Endpoint::QueryRange,
            json!({"resultType": "matrix", "result": []}),
        ),
    ] {
        assert_eq!(merged(endpoint, &[])["data"], data);
    }
}

proptest! {
    #![proptest_config(property_config())]

    #[test]
    fn whatever_shards_send_nothing_panics(bodies in prop::collection::vec(any::<Vec<u8>>(), 0..3)) {
        for endpoint in [Endpoint::Labels, Endpoint::Series, Endpoint::Query, Endpoint::Metadata] {
            let each = |body: &Vec<u8>| Ok(Sent {
                shard: String::new(),
                url: String::new(),
                body: body.clone(),
            });
            let merge = Merge {
                question: question(endpoint, &[]),
                answers: bodies.iter().map(each).collect(),
                metrics: None,
                warnings: Vec::new(),
                limit_bytes: ROOM,
            };
            merge.run(&Memory::new(ROOM).budget(1)).ok();
        }
    }
}
