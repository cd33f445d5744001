//! Rules: what is kept of what is written, and what is refused.

use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, world::Person};

const RULES: &str = "/rest/v2/services/1/rules";

async fn editor() -> (World, Person) {
    let world = World::golden().await;
    let on = RoleOn::Service(ServiceId(1));
    let editor = world.with_role("yves", Role::Editor, on).await;
    (world, editor)
}

#[tokio::test]
async fn what_is_computed_is_shown_and_never_taken() {
    let (world, editor) = editor().await;
    let body = json!({
        "name": "Fresh", "clause": "up{<exclude>} == 0", "duration": "5m", "keep_firing_for": "10m",
        "description": "why", "object_id": 4, "content_type": "site", "parent": 1, "id": 77,
        "labels": {"severity": "major", "service": "forged", "project": "forged"},
        "annotations": {"rule": "http://elsewhere/", "summary": "{{ $labels.instance }}"},
    });
    let made = world
        .json(&editor, "POST", RULES, body.clone())
        .await
        .expect(201);
    let id = made["id"].as_i64().unwrap();
    assert_ne!(id, 77);
    let link = format!("http://promgen.example.com/rule/{id}");
    let shown = json!({
        "id": id, "content_name": "svc-000", "content_type": "service", "object_id": 1,
        "name": "Fresh", "kind": "alert", "clause": "up{<exclude>} == 0", "duration": "5m",
        "keep_firing_for": "10m", "enabled": true, "description": "why",
        "labels": {"severity": "major", "service": "svc-000"},
        "annotations": {"rule": link, "summary": "{{ $labels.instance }}"},
        "parent": null, "warnings": [],
    });
    assert_eq!(made, shown);
    let path = format!("/rest/v2/rules/{id}");
    assert_eq!(world.get(&editor, &path).await.expect(200), shown);
    // Again with the same: the same rule.
    assert_eq!(
        world.json(&editor, "POST", RULES, body).await.expect(201),
        shown
    );
    // What is read may be written back, and changes nothing.
    assert_eq!(
        world
            .json(&editor, "PUT", &path, shown.clone())
            .await
            .expect(200),
        shown
    );
    let logs = format!("/rest/v2/logs?content_type=rule&object_id={id}");
    assert_eq!(world.get(&editor, &logs).await.expect(200)["count"], 1);
}

#[tokio::test]
async fn put_replaces_everything_and_patch_what_is_sent() {
    let (world, editor) = editor().await;
    let body = json!({
        "name": "Fresh", "clause": "up == 0", "duration": "5m", "keep_firing_for": "1m",
        "enabled": false, "description": "why", "labels": {"a": "b"}, "annotations": {"c": "d"},
    });
    let made = world.json(&editor, "POST", RULES, body).await.expect(201);
    let path = format!("/rest/v2/rules/{}", made["id"]);
    let patched = world
        .json(&editor, "PATCH", &path, json!({"duration": "6m"}))
        .await
        .expect(200);
    let mut expected = made.clone();
    expected["duration"] = "6m".into();
    assert_eq!(patched, expected);
    let put = json!({"name": "Fresh2", "clause": "up == 1", "duration": "0s"});
    let put = world.json(&editor, "PUT", &path, put).await.expect(200);
    assert_eq!(put["labels"], json!({"service": "svc-000"}));
    assert_eq!(
        (&put["enabled"], &put["description"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(put["annotations"].as_object().unwrap().len(), 1);
    assert_eq!(
        put["keep_firing_for"], "1m",
        "the original does not know it"
    );
    let none = json!({"keep_firing_for": null});
    let patched = world.json(&editor, "PATCH", &path, none).await.expect(200);
    assert_eq!(patched["keep_firing_for"], Value::Null);
    let record = json!({"name": "job:up:sum", "kind": "record", "clause": "sum by (job) (up)"});
    let record = world.json(&editor, "POST", RULES, record).await.expect(201);
    assert_eq!(
        (&record["kind"], &record["annotations"]),
        (&json!("record"), &json!({}))
    );
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn what_cannot_be_is_refused_with_field_and_remedy() {
    let (world, editor) = editor().await;
    let good = json!({"name": "Fresh", "clause": "up == 0", "duration": "5m"});
    let cases: Vec<(&str, Value, &str)> = vec![
        ("name", json!("Rule0001"), "name"),
        ("name", json!("a/b"), "name"),
        ("name", json!("x".repeat(129)), "name"),
        ("name", json!("nul\0"), "name"),
        ("name", Value::Null, "name"),
        ("clause", json!("up{"), "clause"),
        ("clause", json!(""), "clause"),
        ("clause", json!("up{a=\"\0\"}"), "clause"),
        ("clause", json!("up[5m]"), "clause"),
        ("duration", json!("soon"), "duration"),
        (
            "duration",
            json!(format!("{}5m", "0".repeat(200))),
            "duration",
        ),
        ("duration", json!(5), "duration"),
        ("keep_firing_for", json!("abc5mxyz"), "keep_firing_for"),
        ("kind", json!("silence"), "kind"),
        ("description", json!("\0"), "description"),
        ("labels", json!({"a b": "c"}), "labels.a b"),
        ("labels", json!({"alertname": "c"}), "labels.alertname"),
        ("labels", json!({"a": 1}), "labels.a"),
        (
            "annotations",
            json!({"a": "{{ $label.x }}"}),
            "annotations.a",
        ),
        ("annotations", json!({"a": "\0"}), "annotations.a"),
    ];
    for (field, value, told) in cases {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = world.json(&editor, "POST", RULES, body).await;
        assert_eq!(answer.status, 400, "{field}: {value}: {}", answer.body);
        assert!(
            answer.body[told].is_array(),
            "{field}: {value}: {}",
            answer.body
        );
        if field != "kind" {
            let answer = world.json(&editor, "PATCH", "/rest/v2/rules/9", json!({field: value}));
            let status = answer.await.status;
            assert_eq!(
                status,
                if value.is_null() { 200 } else { 400 },
                "{field}: {value}"
            );
        }
    }
    let missing = world
        .json(&editor, "POST", RULES, json!({}))
        .await
        .expect(400);
    assert!(missing["name"].is_array() && missing["clause"].is_array());
    let place = json!({"name": "Fresh", "clause": "sum(\n  up))", "duration": "5m"});
    let answer = world.json(&editor, "POST", RULES, place).await.expect(400);
    assert_eq!(
        answer["problems"][0]["place"],
        json!({"line": 2, "column": 6})
    );
}

#[tokio::test]
async fn an_override_is_narrowed_and_made_once() {
    let (world, editor) = editor().await;
    let path = "/rest/v2/services/1/rules/override";
    let asked = json!({
        "original_rule_id": 3,
        "overrides": {"duration": "7m", "labels": {"severity": "page"}, "unknown": 1},
    });
    let made = world.json(&editor, "POST", path, asked).await.expect(201);
    assert_eq!(made["name"], "Rule0002_svc_000");
    assert_eq!(
        made["clause"],
        r#"rate(http_requests_total{code=~"5..",service="svc-000",<exclude>}[5m]) > 2"#
    );
    assert_eq!(
        (&made["parent"], &made["duration"]),
        (&json!(3), &json!("7m"))
    );
    assert_eq!(
        made["labels"],
        json!({"service": "svc-000", "severity": "page"})
    );
    let again = json!({"original_rule_id": 3, "overrides": {"duration": "9m"}});
    assert_eq!(
        world.json(&editor, "POST", path, again).await.expect(201),
        made
    );
    // Its own service's rules can be overridden by a project, but not by the service itself.
    let of_service = json!({"original_rule_id": made["id"]});
    let project = "/rest/v2/projects/2/rules/override";
    let nested = world
        .json(&editor, "POST", project, of_service.clone())
        .await
        .expect(201);
    assert!(
        nested["clause"]
            .as_str()
            .unwrap()
            .contains(r#"project="prj.000.01",<exclude>"#)
    );
    for (path, original) in [
        (path, json!(made["id"])),
        (path, json!(999)),
        (project, json!(11)),
    ] {
        let body = json!({"original_rule_id": original});
        let refused = world.json(&editor, "POST", path, body).await.expect(400);
        assert!(refused["original_rule_id"].is_array(), "{refused}");
    }
    let taken = json!({"original_rule_id": 5, "overrides": {"name": "Rule0001"}});
    let refused = world.json(&editor, "POST", path, taken).await.expect(400);
    assert!(refused["name"].is_array(), "{refused}");
}

#[tokio::test]
async fn warnings_come_with_the_rule() {
    let (world, editor) = editor().await;
    let fields = |answer: &Value| -> Vec<String> {
        let warnings = answer["warnings"].as_array().unwrap().iter();
        warnings
            .map(|one| one["field"].as_str().unwrap().to_owned())
            .collect()
    };
    // Rule 5 of the site is `absent(up)`, without the macro.
    let asked = json!({"original_rule_id": 5, "overrides": {"enabled": false}});
    let path = "/rest/v2/services/1/rules/override";
    let made = world.json(&editor, "POST", path, asked).await.expect(201);
    assert_eq!(fields(&made), ["parent", "enabled"]);
    let parent = world.get(&editor, "/rest/v2/rules/5").await.expect(200);
    assert_eq!(fields(&parent), ["clause"]);
}

#[tokio::test]
async fn a_rule_is_tried_out_without_being_saved() {
    let (world, editor) = editor().await;
    let check = async |body: Value| {
        let answer = world
            .json(&editor, "POST", "/rest/v2/rules/check", body)
            .await;
        answer.expect(200)
    };
    let asked =
        json!({"clause": "up{<exclude>,a=\"b\"}", "content_type": "service", "object_id": 1});
    let answer = check(asked).await;
    assert_eq!(answer["problems"], json!([]));
    assert_eq!(answer["expanded"], "up{a=\"b\"}");
    let answer = check(json!({"id": 9, "clause": "up{<exclude>} == 1"})).await;
    assert_eq!(answer["expanded"], r#"up{project!~"prj\\.000\\.01"} == 1"#);
    let answer = check(json!({"clause": "up{", "duration": "soon", "name": "a/b"})).await;
    let fields: Vec<&Value> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["field"])
        .collect();
    assert_eq!(fields, ["name", "duration", "clause"]);
    let rules = world
        .get(&editor, "/rest/v2/rules?page_size=1")
        .await
        .expect(200);
    let peer = world.superuser().await;
    let all = world
        .get(&peer, "/rest/v2/rules?page_size=1")
        .await
        .expect(200);
    assert!(rules["count"].as_u64() <= all["count"].as_u64() && all["count"] == 18);
    for (body, status) in [
        (
            json!({"content_type": "service", "object_id": 2, "clause": "up"}),
            403,
        ),
        (
            json!({"content_type": "service", "object_id": 99, "clause": "up"}),
            404,
        ),
        (json!({"content_type": "service", "clause": "up"}), 400),
        (json!({"content_type": "farm", "clause": "up"}), 400),
        (json!({"id": 999, "clause": "up"}), 404),
    ] {
        world
            .json(&editor, "POST", "/rest/v2/rules/check", body)
            .await
            .expect(status);
    }
}

#[tokio::test]
async fn two_who_make_the_same_rule_at_once_get_the_same_one() {
    let (world, editor) = editor().await;
    let body = json!({"name": "Fresh", "clause": "up == 0", "duration": "5m"});
    let post = || world.json(&editor, "POST", RULES, body.clone());
    let (one, other, third) = tokio::join!(post(), post(), post());
    let (one, other, third) = (one.expect(201), other.expect(201), third.expect(201));
    assert!(one["id"] == other["id"] && other["id"] == third["id"]);
    let asked = |name: &str| json!({"name": name, "clause": "up == 1", "duration": "5m"});
    let rename = json!({"name": "Race"});
    let path = format!("/rest/v2/rules/{}", one["id"]);
    let (made, renamed) = tokio::join!(
        world.json(&editor, "POST", RULES, asked("Race")),
        world.json(&editor, "PATCH", &path, rename),
    );
    let mut statuses = [made.status, renamed.status];
    statuses.sort_unstable();
    assert!(statuses[1] == 400 && statuses[0] < 300, "{statuses:?}");
}

#[tokio::test]
async fn overrides_outlive_their_parent() {
    let (world, _) = editor().await;
    let peer = world.superuser().await;
    world.delete(&peer, "/rest/v2/rules/1").await.expect(204);
    let child = world.get(&peer, "/rest/v2/rules/9").await.expect(200);
    assert_eq!(child["parent"], Value::Null);
}
