//! `/rest/v2/projects` and `/rest/v2/services/{id}/project`

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, recorded};

const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));
const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));

#[tokio::test]
async fn reading_answers_as_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in [
        "/rest/v2/projects?page_size=2",
        "/rest/v2/projects/1/users",
        "/rest/v2/projects/1/groups",
    ] {
        let ours = world.get(&peer, path).await;
        assert_eq!(ours, recorded(&format!("GET {path}")), "{path}");
    }
    let mut ours = world.get(&peer, "/rest/v2/projects/1").await;
    let mut theirs = recorded("GET /rest/v2/projects/1");
    let url = theirs.body["shard"]["url"].take();
    assert!(url.is_string());
    ours.body["shard"]["url"].take();
    // Beyond the original: a farm may serve several projects.
    let served = ours.body["farm"]
        .as_object_mut()
        .unwrap()
        .remove("projects");
    assert_eq!(served, Some(json!([1])));
    assert_eq!(ours, theirs);
    let farmless = world.get(&peer, "/rest/v2/projects/10").await.expect(200);
    assert_eq!(farmless["farm"], Value::Null);
}

#[tokio::test]
async fn filters_cut_the_list() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let names = async |query: &str| {
        let path = format!("/rest/v2/projects?page_size=100&{query}");
        world.get(&peer, &path).await.column("name")
    };
    assert_eq!(names("name=prj-000").await, ["prj-000-00"]);
    assert_eq!(
        names("service=svc-000&shard=shard-a").await,
        names("service_id=1&shard_id=2").await
    );
    assert_eq!(names("service=nothing").await, Vec::<Value>::new());
    assert_eq!(names("name=PRJ-000").await, Vec::<Value>::new());
    for query in ["service_id=x", "shard_id=99999999999"] {
        let answer = world
            .get(&peer, &format!("/rest/v2/projects?{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query}");
    }
    let far = format!("/rest/v2/projects?page_number={}", u64::MAX);
    assert_eq!(world.get(&peer, &far).await.status, 404);
}

#[tokio::test]
async fn an_editor_of_the_service_makes_projects_on_open_shards() {
    let world = World::golden().await;
    world
        .apply("promgen: 1\nshards: [{name: closed, enabled: false}]")
        .await;
    let editor = world.with_role("editor", Role::Editor, SERVICE).await;
    let path = "/rest/v2/services/1/project";
    let body = json!({"name": "cart", "shard": 2});
    let made = world
        .json(&editor, "POST", path, body.clone())
        .await
        .expect(201);
    assert_eq!(
        made,
        json!({"id": made["id"], "name": "cart", "description": "", "owner": editor.id(),
               "service": 1, "shard": 2})
    );
    assert_eq!(
        world.json(&editor, "POST", path, body).await.expect(201),
        made
    );
    assert_eq!(world.subscribers("cart").await, ["editor"]);
    for (field, body) in [
        ("shard", json!({"name": "b", "shard": 4})),
        ("shard", json!({"name": "b", "shard": 999})),
        ("shard", json!({"name": "b", "shard": "x"})),
        ("shard", json!({"name": "b"})),
        ("name", json!({"name": "prj-000-00", "shard": 2})),
        ("name", json!({"name": "a/b", "shard": 2})),
    ] {
        let refused = world
            .json(&editor, "POST", path, body.clone())
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{body} {refused}");
    }
    let body = json!({"name": "c", "shard": 2});
    let viewer = world.with_role("viewer", Role::Viewer, SERVICE).await;
    for (who, path, status) in [
        (&viewer, "/rest/v2/services/1/project", 403),
        (&editor, "/rest/v2/services/2/project", 403),
        (&editor, "/rest/v2/services/99/project", 404),
    ] {
        assert_eq!(
            world.json(who, "POST", path, body.clone()).await.status,
            status,
            "{path}"
        );
    }
}

#[tokio::test]
async fn roles_decide_who_may_do_what() {
    let world = World::golden().await;
    let viewer = world.with_role("viewer", Role::Viewer, PROJECT).await;
    let editor = world.with_role("editor", Role::Editor, PROJECT).await;
    let admin = world.with_role("boss", Role::Admin, PROJECT).await;
    let above = world.with_role("above", Role::Editor, SERVICE).await;
    let nobody = world.person("nobody").await;
    let path = "/rest/v2/projects/1";
    for (who, see, edit) in [
        (&nobody, 403, 403),
        (&viewer, 200, 403),
        (&editor, 200, 200),
        (&admin, 200, 200),
        (&above, 200, 200),
    ] {
        let name = &who.user.username;
        assert_eq!(world.get(who, path).await.status, see, "{name}");
        let body = json!({"description": name});
        assert_eq!(
            world.json(who, "PATCH", path, body).await.status,
            edit,
            "{name}"
        );
        let body = json!({"name": "prj-000-00", "owner": 1, "service": 1, "shard": 2});
        assert_eq!(
            world.json(who, "PUT", path, body).await.status,
            edit,
            "{name}"
        );
        assert_eq!(world.delete(who, path).await.status, 403, "{name}");
    }
    assert_eq!(
        world.get(&viewer, "/rest/v2/projects").await.column("id"),
        [1]
    );
    assert_eq!(world.get(&viewer, "/rest/v2/services/1").await.status, 403);
    assert_eq!(world.get(&viewer, "/rest/v2/projects/2").await.status, 403);
    let owner = world.person("owner").await;
    let superuser = world.superuser().await;
    let body = json!({"owner": owner.id()});
    world
        .json(&superuser, "PATCH", path, body)
        .await
        .expect(200);
    assert_eq!(world.delete(&owner, path).await.status, 204);
    let above = world.login("admin").await;
    world
        .json(
            &superuser,
            "PATCH",
            "/rest/v2/projects/2",
            json!({"owner": owner.id()}),
        )
        .await
        .expect(200);
    assert_eq!(
        world.delete(&above, "/rest/v2/projects/2").await.status,
        204,
        "owner of the service"
    );
}

#[tokio::test]
async fn moving_a_project_takes_both_services_and_follows_its_name() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let mover = world.with_role("mover", Role::Editor, SERVICE).await;
    let path = "/rest/v2/projects/1";
    let body = json!({"service": 2});
    assert_eq!(
        world.json(&mover, "PATCH", path, body.clone()).await.status,
        403
    );
    let bound = world
        .json(&superuser, "PATCH", "/rest/v2/projects/2", body.clone())
        .await;
    assert!(
        bound.expect(400)["service"].is_array(),
        "its rule overrides one of the service"
    );
    world
        .apply(
            "promgen: 1\nservices: [{name: svc-000, projects: [{name: prj-000-00, shard: shard-a, \
             rules: [{name: Own, duration: 1m, clause: 'up{service=\"svc-000\"} == 0'}]}]}]",
        )
        .await;
    let seen = world.with_role("seen", Role::Viewer, SERVICE).await;
    world.subscribe(&seen, "prj-000-00").await;
    world
        .json(&superuser, "PATCH", path, body)
        .await
        .expect(200);
    let document = world.document().await;
    assert!(
        document.contains(r#"up{service="svc.001"} == 0"#),
        "{document}"
    );
    assert_eq!(world.subscribers("prj-000-00").await, ["admin"]);
    for (field, value) in [
        ("service", json!(999)),
        ("shard", json!(999)),
        ("owner", json!(999)),
    ] {
        let body = json!({field: value});
        let refused = world
            .json(&superuser, "PATCH", path, body)
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{field}");
    }
}
