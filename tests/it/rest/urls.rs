//! `/rest/v2/urls`

use promgen_core::model::{ProjectId, Role, RoleOn};
use serde_json::json;

use super::{World, recorded};

const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let path = "/rest/v2/urls?page_size=2";
    let ours = world.get(&peer, path).await;
    assert_eq!(ours, recorded(&format!("GET {path}")));
    world.get(&peer, "/rest/v2/urls/1").await.expect(405);
    world
        .get(&peer, "/rest/v2/projects/1/urls")
        .await
        .expect(405);
}

#[tokio::test]
async fn lists_are_filtered_and_cut_to_what_one_sees() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let count = async |who, query: &str| {
        let path = format!("/rest/v2/urls{query}");
        world.get(who, &path).await.expect(200)["count"].clone()
    };
    assert_eq!(count(&peer, "").await, 18);
    assert_eq!(count(&peer, "?project_id=1").await, 2);
    assert_eq!(count(&peer, "?probe=http_2xx").await, 9);
    assert_eq!(count(&peer, "?project_id=1&probe=http_2xx").await, 1);
    let refused = world
        .get(&peer, "/rest/v2/urls?probe=ghost")
        .await
        .expect(400);
    assert!(refused["probe"].is_array(), "{refused}");
    let nobody = world.person("nobody").await;
    assert_eq!(count(&nobody, "").await, 0);
    let viewer = world.with_role("viewer", Role::Viewer, PROJECT).await;
    assert_eq!(count(&viewer, "").await, 2);
}

#[tokio::test]
async fn editors_register_once_and_delete() {
    let world = World::golden().await;
    let editor = world.with_role("editor", Role::Editor, PROJECT).await;
    let viewer = world.with_role("viewer", Role::Viewer, PROJECT).await;
    let path = "/rest/v2/projects/1/urls";
    let new = json!({"url": "https://new.example.com/", "probe": "http_2xx"});
    world
        .json(&viewer, "POST", path, new.clone())
        .await
        .expect(403);
    let made = world
        .json(&editor, "POST", path, new.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["project"], &made["probe"]),
        (&json!("prj-000-00"), &json!("http_2xx"))
    );
    assert_eq!(
        world.json(&editor, "POST", path, new).await.expect(201),
        made
    );
    for (body, field) in [
        (json!({"url": "ftp://a", "probe": "http_2xx"}), "url"),
        (json!({"url": "http://a\0", "probe": "http_2xx"}), "url"),
        (
            json!({"url": format!("http://{}", "a".repeat(256)), "probe": "http_2xx"}),
            "url",
        ),
        (json!({"url": "http://a", "probe": "ghost"}), "probe"),
        (json!({"url": "http://a", "probe": "\0"}), "probe"),
        (json!({"probe": "http_2xx"}), "url"),
    ] {
        let refused = world
            .json(&editor, "POST", path, body.clone())
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{body}: {refused}");
    }
    let own = format!("/rest/v2/urls/{}", made["id"]);
    world.delete(&viewer, &own).await.expect(403);
    world.delete(&editor, &own).await.expect(204);
    world.delete(&editor, &own).await.expect(404);
}
