//! `/rest/v2/rules`: who sees and writes which.

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, recorded};

/// Service of the data set that has project 1, and rules of both.
const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));
const PROJECT: RoleOn = RoleOn::Project(ProjectId(2));

/// Without what the original does not have; and without ids, which count up in the order of
/// loading, and that is another one here.
fn like_the_original(mut rule: Value) -> Value {
    let fields = rule.as_object_mut().unwrap();
    for beyond in ["kind", "keep_firing_for", "warnings", "id", "parent"] {
        fields.remove(beyond);
    }
    if let Some(annotations) = fields.get_mut("annotations") {
        let link = annotations["rule"].as_str().unwrap();
        let (link, _) = link.rsplit_once('/').unwrap();
        annotations["rule"] = link.into();
    }
    rule
}

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in ["/rest/v2/rules?page_size=3", "/rest/v2/rules?enabled=false"] {
        let ours = world.get(&peer, path).await.expect(200);
        let golden = recorded(&format!("GET {path}")).expect(200);
        for field in ["count", "next", "previous"] {
            assert_eq!(ours[field], golden[field], "{path}");
        }
        let rules = |body: &Value| -> Vec<Value> {
            let results = body["results"].as_array().unwrap();
            results.iter().cloned().map(like_the_original).collect()
        };
        assert_eq!(rules(&ours), rules(&golden), "{path}");
    }
    for request in [
        "GET /rest/v2/rules/1",
        "GET /rest/v2/rules/9",
        "GET /rest/v2/rules/17",
    ] {
        let golden = recorded(request).expect(200);
        let named = format!(
            "/rest/v2/rules?page_size=100&name={}",
            golden["name"].as_str().unwrap()
        );
        let found = world.get(&peer, &named).await.results();
        let found = found
            .iter()
            .find(|one| one["name"] == golden["name"])
            .unwrap();
        let path = format!("/rest/v2/rules/{}", found["id"]);
        let ours = world.get(&peer, &path).await.expect(200);
        assert_eq!(
            ours["annotations"]["rule"],
            format!("http://promgen.example.com/rule/{}", ours["id"])
        );
        assert_eq!(ours["parent"].is_null(), golden["parent"].is_null());
        assert_eq!(
            like_the_original(ours),
            like_the_original(golden),
            "{request}"
        );
    }
}

#[tokio::test]
async fn filters_narrow_the_list_and_wrong_ones_are_told() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let count = async |query: &str| {
        let body = world.get(&peer, &format!("/rest/v2/rules?{query}")).await;
        body.expect(200)["count"].as_u64().unwrap()
    };
    assert_eq!(count("").await, 18);
    assert_eq!(
        count("content_type=site").await,
        6 + count("content_type=site&name=Only").await
    );
    assert_eq!(count("name=Rule0000_svc_000_").await, 1);
    assert_eq!(count("name=rule0000").await, 0, "byte for byte");
    assert_eq!(count("parent_rule_id=9").await, 1);
    let of_service = count("content_type=service&object_id=1").await;
    let below = world
        .get(&peer, "/rest/v2/services/1/rules")
        .await
        .expect(200);
    assert!(of_service > 0 && below["count"] == of_service);
    for (query, field) in [
        ("content_type=farm", "content_type"),
        ("object_id=99999999999", "object_id"),
        ("parent_rule_id=x", "parent_rule_id"),
        ("enabled=maybe", "enabled"),
    ] {
        let body = world.get(&peer, &format!("/rest/v2/rules?{query}")).await;
        assert!(body.expect(400)[field].is_array(), "{query}");
    }
    let orders = world.get(&peer, "/rest/v2/rules?page_size=50").await;
    let kinds = orders.column("content_type");
    let first = |kind: &str| kinds.iter().position(|one| one == kind).unwrap();
    assert!(first("site") < first("service") && first("service") < first("project"));
}

#[tokio::test]
async fn one_sees_the_rules_of_the_site_and_of_what_one_has_a_role_on() {
    let world = World::golden().await;
    let nobody = world.person("vera").await;
    let all = world.get(&nobody, "/rest/v2/rules?page_size=50").await;
    assert!(all.column("content_type").iter().all(|kind| kind == "site"));
    world.get(&nobody, "/rest/v2/rules/1").await.expect(200);
    world
        .get(&nobody, "/rest/v2/sites/1/rules")
        .await
        .expect(200);
    for hidden in [
        "/rest/v2/rules/9",
        "/rest/v2/services/1/rules",
        "/rest/v2/projects/2/rules",
    ] {
        world.get(&nobody, hidden).await.expect(403);
    }
    let viewer = world.with_role("willi", Role::Viewer, PROJECT).await;
    world.get(&viewer, "/rest/v2/rules/17").await.expect(200);
    world.get(&viewer, "/rest/v2/rules/9").await.expect(403);
    let viewer = world.with_role("xaver", Role::Viewer, SERVICE).await;
    for seen in [
        "/rest/v2/rules/9",
        "/rest/v2/rules/17",
        "/rest/v2/projects/2/rules",
    ] {
        world.get(&viewer, seen).await.expect(200);
    }
    for unknown in [
        "/rest/v2/rules/999",
        "/rest/v2/rules/99999999999",
        "/rest/v2/sites/2/rules",
    ] {
        world.get(&viewer, unknown).await.expect(404);
    }
}

/// Every route that writes a rule, with a body that is good.
fn writes() -> Vec<(&'static str, &'static str, Value)> {
    let rule = json!({"name": "Fresh", "clause": "up == 0", "duration": "5m"});
    vec![
        (
            "PUT",
            "/rest/v2/rules/9",
            json!({"name": "Other", "clause": "up", "duration": "1m"}),
        ),
        ("PATCH", "/rest/v2/rules/9", json!({"enabled": false})),
        ("POST", "/rest/v2/services/1/rules", rule.clone()),
        (
            "POST",
            "/rest/v2/services/1/rules/override",
            json!({"original_rule_id": 6}),
        ),
        ("POST", "/rest/v2/projects/2/rules", rule),
        (
            "POST",
            "/rest/v2/projects/2/rules/override",
            json!({"original_rule_id": 6}),
        ),
        ("DELETE", "/rest/v2/rules/9", Value::Null),
    ]
}

#[tokio::test]
async fn writing_takes_an_editor_of_that_very_object() {
    let world = World::golden().await;
    let others = RoleOn::Service(ServiceId(2));
    let strangers = [
        world.person("vera").await,
        world.with_role("willi", Role::Viewer, SERVICE).await,
        world.with_role("xaver", Role::Admin, others).await,
    ];
    for (method, path, body) in writes() {
        world
            .send(None, method, path, Some(body.clone()))
            .await
            .expect(401);
        world
            .send(None, method, path, Some(json!("no object")))
            .await
            .expect(401);
        for stranger in &strangers {
            let name = &stranger.user.username;
            let answer = world.json(stranger, method, path, body.clone()).await;
            assert_eq!(
                answer.status, 403,
                "{name}: {method} {path}: {}",
                answer.body
            );
        }
    }
    let editor = world.with_role("yves", Role::Editor, SERVICE).await;
    for (method, path, body) in writes() {
        let mut body = body;
        if path.contains("projects") && body["name"] == "Fresh" {
            body["name"] = "Fresher".into();
        }
        let status = match method {
            "POST" => 201,
            "DELETE" => 204,
            _ => 200,
        };
        world.json(&editor, method, path, body).await.expect(status);
    }
}

#[tokio::test]
async fn rules_of_the_site_are_written_by_superusers() {
    let world = World::golden().await;
    let (peer, admin) = (
        world.superuser().await,
        world.with_role("willi", Role::Admin, SERVICE).await,
    );
    let rule = json!({"name": "Wide", "clause": "up{<exclude>} == 0", "duration": "5m"});
    let site = "/rest/v2/sites/1/rules";
    world
        .json(&admin, "POST", site, rule.clone())
        .await
        .expect(403);
    world
        .json(
            &admin,
            "PATCH",
            "/rest/v2/rules/1",
            json!({"enabled": false}),
        )
        .await
        .expect(403);
    world.delete(&admin, "/rest/v2/rules/1").await.expect(403);
    let made = world
        .json(&peer, "POST", site, rule.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["content_type"], &made["object_id"]),
        (&json!("site"), &json!(1))
    );
    let path = format!("/rest/v2/rules/{}", made["id"]);
    world
        .json(&peer, "PATCH", &path, json!({"enabled": false}))
        .await
        .expect(200);
    world.delete(&peer, &path).await.expect(204);
    world.delete(&peer, &path).await.expect(404);
    world
        .json(&peer, "POST", "/rest/v2/sites/2/rules", rule)
        .await
        .expect(404);
    let derived = json!({"original_rule_id": 1});
    world
        .json(&peer, "POST", "/rest/v2/sites/1/rules/override", derived)
        .await
        .expect(404);
}
