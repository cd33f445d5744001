//! `/api/v1/host/{hostname}`

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::World;

const HOST: &str = "/api/v1/host/host-000-00-000.example.com";

fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_host_is_shown_with_everything_that_touches_it() {
    let world = World::golden().await;
    world
        .apply(
            "promgen: 1\nservices: [{name: other, projects: [{name: prober, shard: shard-b, urls: [\
             {url: 'https://host-000-00-000.example.com:8443/x', probe: http_2xx},\
             {url: 'https://sub.host-000-00-000.example.com/', probe: http_2xx}]}]}]",
        )
        .await;
    let peer = world.superuser().await;
    let host = world.get(&peer, HOST).await.expect(200);
    assert_eq!(host["name"], "host-000-00-000.example.com");
    assert_eq!(ids(&host["farms"]), [1]);
    assert_eq!(host["farms"][0]["host"], 1);
    assert_eq!(ids(&host["projects"]), [1]);
    assert_eq!(host["services"], json!([{"id": 1, "name": "svc-000"}]));
    assert_eq!(host["shards"], json!([{"id": 2, "name": "shard-a"}]));
    assert_eq!(ids(&host["exporters"]), [1, 2]);
    assert_eq!(
        host["exporters"][0]["instance"],
        "host-000-00-000.example.com:9100"
    );
    assert_eq!(
        host["urls"].as_array().unwrap().len(),
        1,
        "{}",
        host["urls"]
    );
    let rules: Vec<&Value> = host["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["name"])
        .collect();
    assert!(
        rules.contains(&&json!("ServiceOnly")) && rules.contains(&&json!("ProjectOnly")),
        "{rules:?}"
    );
    assert!(!host["notifiers"].as_array().unwrap().is_empty());
    assert!(
        !host.to_string().contains("/hook/"),
        "where notifiers send to is not told"
    );
}

#[tokio::test]
async fn only_what_one_may_see_is_shown() {
    let world = World::golden().await;
    assert_eq!(world.send(None, "GET", HOST, None).await.status, 401);
    let nobody = world.person("nobody").await;
    world.get(&nobody, HOST).await.expect(404);
    let on = RoleOn::Project(ProjectId(1));
    let viewer = world.with_role("viewer", Role::Viewer, on).await;
    let seen = world.get(&viewer, HOST).await.expect(200);
    let types: Vec<&Value> = seen["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["content_type"])
        .collect();
    assert_eq!(
        types,
        [&json!("project")],
        "a role on a project shows nothing of its service"
    );
    let on = RoleOn::Service(ServiceId(2));
    let elsewhere = world.with_role("elsewhere", Role::Admin, on).await;
    world.get(&elsewhere, HOST).await.expect(404);
}

#[tokio::test]
async fn the_name_must_be_exact() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for name in [
        "host-000-00-000",
        "HOST-000-00-000.example.com",
        "%25",
        "a%00",
        "%ff",
        "ghost",
    ] {
        let path = format!("/api/v1/host/{name}");
        world.get(&peer, &path).await.expect(404);
    }
}
