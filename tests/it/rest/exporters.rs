//! `/rest/v2/exporters`

use promgen_core::model::{ProjectId, Role, RoleOn};
use serde_json::{Value, json};

use super::{World, recorded};

const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in ["exporters?page_size=2", "exporters/1"] {
        let path = format!("/rest/v2/{path}");
        let ours = world.get(&peer, &path).await;
        assert_eq!(ours, recorded(&format!("GET {path}")), "{path}");
    }
    world
        .get(&peer, "/rest/v2/projects/1/exporters")
        .await
        .expect(405);
}

#[tokio::test]
async fn lists_are_filtered_and_cut_to_what_one_sees() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let count = async |who, query: &str| {
        let path = format!("/rest/v2/exporters{query}");
        world.get(who, &path).await.expect(200)["count"].clone()
    };
    assert_eq!(count(&peer, "").await, 20);
    assert_eq!(count(&peer, "?project_id=1").await, 2);
    assert_eq!(count(&peer, "?project_id=1&job=gin").await, 1);
    assert_eq!(count(&peer, "?job=GIN").await, 0);
    assert_eq!(count(&peer, "?project_id=1&path=/metrics").await, 1);
    assert_eq!(count(&peer, "?project_id=1&scheme=https").await, 0);
    let enabled = count(&peer, "?enabled=true").await.as_u64().unwrap();
    let disabled = count(&peer, "?enabled=false").await.as_u64().unwrap();
    assert_eq!(enabled + disabled, 20);
    assert!(disabled > 0);
    for (query, field) in [
        ("scheme=ftp", "scheme"),
        ("enabled=maybe", "enabled"),
        ("project_id=2147483648", "project_id"),
    ] {
        let path = format!("/rest/v2/exporters?{query}");
        let refused = world.get(&peer, &path).await.expect(400);
        assert!(refused[field].is_array(), "{refused}");
    }
    world
        .get(&peer, "/rest/v2/exporters?job=%00")
        .await
        .expect(400);
    let nobody = world.person("nobody").await;
    assert_eq!(count(&nobody, "").await, 0);
    let viewer = world.with_role("viewer", Role::Viewer, PROJECT).await;
    assert_eq!(count(&viewer, "").await, 2);
}

#[tokio::test]
async fn editors_switch_and_delete() {
    let world = World::golden().await;
    let editor = world.with_role("editor", Role::Editor, PROJECT).await;
    let viewer = world.with_role("viewer", Role::Viewer, PROJECT).await;
    let nobody = world.person("nobody").await;
    let path = "/rest/v2/exporters/1";
    for method in ["PUT", "PATCH"] {
        let off = json!({"enabled": false, "job": "not changed"});
        world
            .json(&viewer, method, path, off.clone())
            .await
            .expect(403);
        world
            .json(&nobody, method, path, off.clone())
            .await
            .expect(403);
        let after = world.json(&editor, method, path, off).await.expect(200);
        assert_eq!(
            (&after["enabled"], &after["job"]),
            (&json!(false), &json!("node"))
        );
        let back = world
            .json(&editor, method, path, json!({"enabled": true}))
            .await;
        assert_eq!(back.expect(200)["enabled"], true);
    }
    let wrong = world
        .json(&editor, "PATCH", path, json!({"enabled": "yes"}))
        .await
        .expect(400);
    assert!(wrong["enabled"].is_array(), "{wrong}");
    world.get(&nobody, path).await.expect(403);
    world.delete(&viewer, path).await.expect(403);
    world.delete(&editor, path).await.expect(204);
    world.get(&editor, path).await.expect(404);
    world
        .delete(&editor, "/rest/v2/exporters/99999999999")
        .await
        .expect(404);
}

#[tokio::test]
async fn an_exporter_is_registered_once_and_reaches_the_targets() {
    let world = World::golden().await;
    let editor = world.with_role("editor", Role::Editor, PROJECT).await;
    let path = "/rest/v2/projects/1/exporters";
    let new = json!({"job": "mysqld", "port": 9104, "path": "/m?x=1", "scheme": "https"});
    let made = world
        .json(&editor, "POST", path, new.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["enabled"], &made["scheme"]),
        (&json!(true), &json!("https"))
    );
    let again = world.json(&editor, "POST", path, new).await.expect(201);
    assert_eq!(made, again);
    let outputs = world.app.fresh_outputs().await.unwrap();
    let targets = outputs.targets(&promgen_core::app::Selection::All).unwrap();
    let targets: Vec<Value> = serde_json::from_slice(&targets.plain).unwrap();
    assert!(
        targets
            .iter()
            .any(|group| group["labels"]["job"] == "mysqld")
    );
    world
        .json(
            &editor,
            "POST",
            "/rest/v2/projects/4/exporters",
            json!({"job": "a", "port": 1}),
        )
        .await
        .expect(403);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let path = "/rest/v2/projects/1/exporters";
    for (body, field) in [
        (json!({"job": "", "port": 1}), "job"),
        (json!({"job": "j\0", "port": 1}), "job"),
        (json!({"job": "j".repeat(129), "port": 1}), "job"),
        (json!({"job": "j", "port": 0}), "port"),
        (json!({"job": "j", "port": 65536}), "port"),
        (json!({"job": "j", "port": "x"}), "port"),
        (json!({"job": "j", "port": 1, "path": "metrics"}), "path"),
        (json!({"job": "j", "port": 1, "path": "/\0"}), "path"),
        (json!({"job": "j", "port": 1, "scheme": "ftp"}), "scheme"),
        (json!({"job": "j"}), "port"),
    ] {
        let refused = world
            .json(&peer, "POST", path, body.clone())
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{body}: {refused}");
    }
    let both = json!({"job": "", "port": 0, "path": "x"});
    let refused = world.json(&peer, "POST", path, both).await.expect(400);
    assert_eq!(
        refused["problems"].as_array().unwrap().len(),
        3,
        "{refused}"
    );
}
