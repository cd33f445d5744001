//! Who gets what answer, as recorded of the original: nobody, a user without roles, a superuser.

use promgen_tests::golden::golden_path;
use serde_json::{Map, Value};

use super::World;

/// Pages, which belong to the web UI and are not there yet.
const PAGES: [&str; 19] = [
    "/",
    "/admin/",
    "/service",
    "/service/1",
    "/project/1",
    "/rule",
    "/rule/1",
    "/farm",
    "/farm/1",
    "/host/",
    "/url",
    "/alert",
    "/audit",
    "/site",
    "/profile",
    "/search?search=svc",
    "/datasource",
    "/group",
    "/graph",
];

/// Routes whose answers are others on purpose: for nobody, a user without roles, a superuser.
const OTHER: &[(&str, [u16; 3], &str)] = &[
    ("GET /metrics", [401, 403, 200], CLOSED),
    ("GET /api/v1/labels", [401, 503, 503], NO_PROMETHEUS),
    ("GET /api/v1/query?query=up", [401, 503, 503], NO_PROMETHEUS),
    ("GET /proxy/v1/alerts", [401, 503, 503], NO_ALERTMANAGER),
    ("GET /proxy/v1/silences", [401, 503, 503], NO_ALERTMANAGER),
    ("GET /rest/v2/schema", [401, 200, 200], CLOSED),
    (
        "GET /rest/v2/docs",
        [401, 308, 308],
        "the page is below a slash",
    ),
    (
        "GET /api/v1/host/host-000-00-000.example.com",
        [401, 404, 200],
        "JSON for programs, and tokens count",
    ),
    (
        "GET /api/v1/alerts",
        [405, 405, 405],
        "there is nothing to get, whoever asks",
    ),
    (
        "POST /api/v1/alerts",
        [401, 403, 403],
        "a scope of the token, which this one lacks",
    ),
    (
        "POST /api/v1/config",
        [401, 403, 400],
        "an import takes the right to import",
    ),
];

const CLOSED: &str = "closed to strangers by default";
const NO_PROMETHEUS: &str = "closed to strangers, and here is no Prometheus";
const NO_ALERTMANAGER: &str = "closed to strangers, and here is no Alertmanager";

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let people = [
        None,
        Some(world.person("nobody").await),
        Some(world.superuser().await),
    ];
    let text = std::fs::read_to_string(golden_path("access.json")).unwrap();
    let all: Map<String, Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for (route, theirs) in &all {
        let (method, path) = route.split_once(' ').unwrap();
        if PAGES.contains(&path) {
            continue;
        }
        let other = OTHER.iter().find(|(one, ..)| one == route);
        let kinds = ["anonymous", "user_without_grants", "superuser"];
        for (index, (kind, who)) in kinds.iter().zip(&people).enumerate() {
            let recorded = theirs[*kind]
                .as_str()
                .and_then(|told| told.get(..3)?.parse().ok());
            let Some(wanted) = other.map(|(_, wanted, _)| wanted[index]).or(recorded) else {
                continue;
            };
            let body = (method == "POST").then(|| body(path));
            let told = world.send(who.as_ref(), method, path, body).await.status;
            if told != wanted {
                wrong.push(format!("{route} as {kind}: {told} instead of {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn body(path: &str) -> Value {
    match path {
        "/api/v1/config" => serde_json::json!([{"labels": {}, "targets": ["a"]}]),
        _ => serde_json::json!({"name": "founded"}),
    }
}
