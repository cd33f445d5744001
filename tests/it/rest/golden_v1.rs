//! Version 1 gives the original's answers, but for what is listed here with its reason.

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::Sender;
use promgen_tests::golden::{RULE_DIFFERENCES, compare_rules_but, compare_targets, golden_path};
use serde_json::{Map, Value};

use super::World;

/// What is compared of an answer whose body is another on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// The status.
    Status,
    /// The status and the names of the fields that are wrong.
    Fields,
    /// What stands in the list, but for ids, and for what the data set got afterwards. Of a URL the
    /// excerpt stands there.
    Senders,
    /// Nothing: the status is this one instead.
    Other(u16),
}

/// Requests whose answers differ, and why.
const DIFFERENCES: &[(&str, Compared, &str)] = &[
    (
        "GET /rest/all/",
        Compared::Status,
        "an error page as HTML; ours is JSON",
    ),
    (
        "GET /rest/service/nope/",
        Compared::Status,
        "error texts are our own words",
    ),
    (
        "GET /rest/farm/?source=nope",
        Compared::Fields,
        "error texts are our own words",
    ),
    (
        "GET /rest/service/svc-000/notifiers/",
        Compared::Senders,
        "the data set is loaded in another order, and has an address that came later; URLs are secrets",
    ),
    (
        "GET /rest/project/prj-000-00/notifiers/",
        Compared::Senders,
        "the data set is loaded in another order; URLs are secrets",
    ),
    (
        "GET /api/v1/host/host-000-00-000.example.com",
        Compared::Other(200),
        "a page that sends tokens away to log in; ours is JSON",
    ),
];

/// Answered by the proxy, and compared there.
const ELSEWHERE: &str = "GET /rest/shard/shard-a/usages/";

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let text = std::fs::read_to_string(golden_path("rest_v1.json")).unwrap();
    let text = text.replace("http://127.0.0.1:18000", "http://promgen");
    let mut all: Map<String, Value> = serde_json::from_str(&text).unwrap();
    // The recorded installation had another Prometheus for its first shard.
    all["GET /rest/shard/"]["body"][0]["url"] = "http://prometheus.example.com".into();
    assert_eq!(all.len(), 30);
    let mut found = Vec::new();
    for (request, theirs) in &all {
        if request == ELSEWHERE {
            continue;
        }
        let path = request.strip_prefix("GET ").unwrap();
        let asked = Request::get(path)
            .header(header::HOST, "promgen")
            .header(header::AUTHORIZATION, format!("Token {}", peer.token));
        let (head, ours) = world.exchange(asked.body(Body::empty()).unwrap()).await;
        let difference = DIFFERENCES.iter().find(|(other, ..)| request == other);
        let compared = difference.map(|(_, compared, _)| *compared);
        let status = match compared {
            Some(Compared::Other(status)) => u64::from(status),
            _ => theirs["status"].as_u64().unwrap(),
        };
        if u64::from(head.status.as_u16()) != status {
            found.push(format!("{request}: {} instead of {status}", head.status));
            continue;
        }
        found.extend(match compared {
            Some(Compared::Status | Compared::Other(_)) => Vec::new(),
            Some(Compared::Fields) => fields(request, &ours, &theirs["body"]),
            Some(Compared::Senders) => senders(request, &ours, &theirs["body"]),
            None => headers(request, &head.headers, theirs)
                .into_iter()
                .chain(body(request, &ours, theirs))
                .collect(),
        });
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn fields(request: &str, ours: &str, theirs: &Value) -> Vec<String> {
    let ours: Value = serde_json::from_str(ours).unwrap();
    let missing = |field: &&String| !ours[field.as_str()].is_array();
    let missing = theirs.as_object().unwrap().keys().filter(missing);
    missing
        .map(|field| format!("{request}: no {field} in {ours}"))
        .collect()
}

fn senders(request: &str, ours: &str, theirs: &Value) -> Vec<String> {
    let plain = |list: &Value| {
        let mut list = list.as_array().unwrap().clone();
        list.retain(|sender| sender["value"] != "team@example.com");
        for sender in &mut list {
            sender.as_object_mut().unwrap().remove("id");
        }
        list
    };
    let ours = plain(&serde_json::from_str(ours).unwrap());
    let mut theirs = plain(theirs);
    for sender in &mut theirs {
        if sender["sender"] == "promgen.notification.webhook" {
            let url = sender["value"].take();
            let excerpt = Sender::excerpt("promgen.notification.webhook", url.as_str().unwrap());
            sender["label"] = excerpt.into();
        }
    }
    let different = || format!("{request}: ours {ours:?}\ntheirs {theirs:?}");
    (ours != theirs).then(different).into_iter().collect()
}

fn headers(request: &str, ours: &http::HeaderMap, theirs: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, key) in [
        ("content-type", "content_type"),
        ("content-disposition", "content_disposition"),
    ] {
        let ours = ours.get(name).map(|value| value.to_str().unwrap());
        if ours != theirs[key].as_str() {
            found.push(format!(
                "{request}: {name} is {ours:?}, not {}",
                theirs[key]
            ));
        }
    }
    found
}

fn body(request: &str, ours: &str, theirs: &Value) -> Vec<String> {
    let path = request.split('?').next().unwrap();
    let differences = if path.ends_with("/rules/") {
        let theirs = theirs["body"].as_str().unwrap();
        let occurs = |rule: &str| theirs.contains(&format!("alert: {rule}\n"));
        let occurring = RULE_DIFFERENCES.iter().filter(|one| occurs(one.rule));
        let occurring: Vec<_> = occurring.copied().collect();
        compare_rules_but(ours, theirs, &occurring)
    } else if path.ends_with("/targets/") || path.ends_with("/urls/") {
        compare_targets(ours, &theirs["body"].to_string())
    } else {
        let ours: Value = serde_json::from_str(ours).unwrap();
        let same = ours == theirs["body"];
        let different = || format!("ours {ours}\ntheirs {}", theirs["body"]);
        (!same).then(different).into_iter().collect()
    };
    differences
        .into_iter()
        .map(|one| format!("{request}: {one}"))
        .collect()
}
