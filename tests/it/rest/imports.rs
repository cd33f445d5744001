//! `POST /api/v1/{targets,config,urls}`

use serde_json::{Value, json};

use super::World;

fn groups() -> Value {
    json!([{
        "targets": ["new1:9100", "new2:9100"],
        "labels": {
            "__shard": "shard-a", "service": "imported", "project": "imported-web",
            "farm": "imported-farm", "__farm_source": "promgen", "job": "node"
        }
    }])
}

#[tokio::test]
async fn targets_are_imported_by_superusers_who_own_what_is_new() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    for path in ["/api/v1/targets", "/api/v1/config"] {
        let anonymous = world.send(None, "POST", path, Some(groups())).await;
        assert_eq!(anonymous.status, 401, "{path}");
        world
            .json(&nobody, "POST", path, groups())
            .await
            .expect(403);
        let done = world.json(&peer, "POST", path, groups()).await;
        assert_eq!(done.status, 202, "{path}: {}", done.body);
    }
    let found = world
        .get(&peer, "/rest/service/imported/")
        .await
        .expect(200);
    assert_eq!(found["owner"], "peer");
    let host = world.get(&peer, "/api/v1/host/new1").await.expect(200);
    assert_eq!(host["farms"][0]["name"], "imported-farm");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_and_nothing_is_done() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let mut wrong = groups();
    wrong[0]["targets"] = json!(["new1:99999", "http://new2"]);
    let refused = world
        .json(&peer, "POST", "/api/v1/targets", wrong)
        .await
        .expect(400);
    let problems = refused["problems"].as_array().unwrap();
    let errors = problems.iter().filter(|one| one["severity"] == "error");
    let fields: Vec<&Value> = errors.map(|one| &one["field"]).collect();
    assert_eq!(fields, ["[0].targets[0]", "[0].targets[1]"]);
    world
        .get(&peer, "/rest/service/imported/")
        .await
        .expect(404);
    for body in [json!({}), json!("x"), json!([{"targets": 1}])] {
        let refused = world
            .json(&peer, "POST", "/api/v1/config", body.clone())
            .await
            .expect(400);
        assert!(
            !refused["problems"].as_array().unwrap().is_empty(),
            "{body}: {refused}"
        );
    }
}

#[tokio::test]
async fn urls_are_written_by_who_may_change_the_whole() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    let path = "/api/v1/urls";
    assert_eq!(world.send(None, "POST", path, None).await.status, 401);
    world
        .send(Some(&nobody), "POST", path, None)
        .await
        .expect(403);
    assert_eq!(
        world.send(Some(&peer), "POST", path, None).await.status,
        202
    );
}
