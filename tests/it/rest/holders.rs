//! Roles of users and groups on services and projects.

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::json;

use super::World;

const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));
const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));

#[tokio::test]
async fn admins_give_and_take_roles_and_there_is_one_for_each() {
    let world = World::golden().await;
    let admin = world.with_role("boss", Role::Admin, SERVICE).await;
    let maria = world.person("maria").await;
    let path = "/rest/v2/services/1/users";
    for (role, codename) in [("VIEWER", "service_viewer"), ("EDITOR", "service_editor")] {
        let body = json!({"id": maria.id(), "role": role});
        let given = world.json(&admin, "POST", path, body).await.expect(201);
        let whole = json!({"id": given["id"], "object": "svc-000", "permission": codename, "user": "maria"});
        assert_eq!(given, whole);
    }
    let editors = world.get(&maria, &format!("{path}?role=EDITOR")).await;
    assert_eq!(editors.column("username"), ["maria"]);
    assert!(
        world
            .get(&maria, &format!("{path}?role=VIEWER"))
            .await
            .results()
            .is_empty()
    );
    assert_eq!(
        world
            .get(&maria, &format!("{path}?role=OWNER"))
            .await
            .status,
        400
    );
    let gone = format!("{path}/{}", maria.id());
    assert_eq!(world.delete(&maria, &gone).await.status, 403);
    assert_eq!(world.delete(&admin, &gone).await.status, 204);
    assert_eq!(world.delete(&admin, &gone).await.status, 404);
    assert_eq!(world.get(&maria, path).await.status, 403);
}

#[tokio::test]
async fn what_cannot_be_given_is_told_under_its_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in ["/rest/v2/services/1/users", "/rest/v2/projects/1/groups"] {
        for (field, body) in [
            ("id", json!({"id": 999, "role": "VIEWER"})),
            ("id", json!({"id": 99_999_999_999_i64, "role": "VIEWER"})),
            ("id", json!({"id": null, "role": "VIEWER"})),
            ("role", json!({"id": 3, "role": "OWNER"})),
            ("role", json!({"id": 3})),
        ] {
            let refused = world
                .json(&peer, "POST", path, body.clone())
                .await
                .expect(400);
            assert!(refused[field].is_array(), "{path} {body} {refused}");
        }
    }
    let inactive = json!({"id": 2, "role": "VIEWER"});
    let refused = world
        .json(&peer, "POST", "/rest/v2/services/1/users", inactive)
        .await;
    assert!(refused.expect(400)["id"].is_array());
    for path in ["/rest/v2/services/99/users", "/rest/v2/projects/99/groups"] {
        assert_eq!(world.get(&peer, path).await.status, 404, "{path}");
        let body = json!({"id": 3, "role": "VIEWER"});
        assert_eq!(
            world.json(&peer, "POST", path, body).await.status,
            404,
            "{path}"
        );
        assert_eq!(
            world.delete(&peer, &format!("{path}/3")).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_owner_stays_an_admin() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for object in ["services/1", "projects/1"] {
        let path = format!("/rest/v2/{object}/users");
        let lesser = json!({"id": 1, "role": "EDITOR"});
        let refused = world.json(&peer, "POST", &path, lesser).await.expect(400);
        assert!(refused["role"][0].as_str().unwrap().contains("transfer"));
        let refused = world.delete(&peer, &format!("{path}/1")).await.expect(400);
        assert!(
            refused["non_field_errors"][0]
                .as_str()
                .unwrap()
                .contains("transfer")
        );
        assert_eq!(world.get(&peer, &path).await.column("username"), ["admin"]);
    }
}

#[tokio::test]
async fn roles_of_groups_hold_for_their_members() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    let group = world
        .json(&maria, "POST", "/rest/v2/groups", json!({"name": "sre"}))
        .await;
    let group = group.expect(201);
    let body = json!({"id": group["id"], "role": "EDITOR"});
    let given = world
        .json(&peer, "POST", "/rest/v2/projects/1/groups", body)
        .await
        .expect(201);
    assert_eq!(given["permission"], "project_editor");
    assert_eq!(given["group"], "sre");
    let listed = world
        .get(&maria, "/rest/v2/projects/1/groups?role=EDITOR")
        .await
        .results();
    assert_eq!(
        listed,
        [json!({"id": group["id"], "name": "sre", "role": "EDITOR"})]
    );
    let resources = format!("/rest/v2/groups/{}/resources", group["id"]);
    let resources = world.get(&maria, &resources).await.results();
    assert_eq!(
        resources,
        [
            json!({"content_type": "project", "object_id": 1, "name": "prj-000-00", "role": "EDITOR"})
        ]
    );
    world.subscribe(&maria, "prj-000-00").await;
    let path = format!("/rest/v2/projects/1/groups/{}", group["id"]);
    assert_eq!(world.delete(&peer, &path).await.status, 204);
    assert_eq!(world.get(&maria, "/rest/v2/projects/1").await.status, 403);
    assert_eq!(world.subscribers("prj-000-00").await, ["admin"]);
}

#[tokio::test]
async fn taking_a_role_on_a_service_takes_those_below_and_gives_projects_to_its_owner() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.with_role("maria", Role::Editor, SERVICE).await;
    world.grant(&maria, Role::Viewer, PROJECT).await;
    world.subscribe(&maria, "prj-000-00").await;
    let body = json!({"name": "own", "shard": 2});
    let own = world
        .json(&maria, "POST", "/rest/v2/services/1/project", body)
        .await
        .expect(201);
    let path = format!("/rest/v2/services/1/users/{}", maria.id());
    assert_eq!(world.delete(&peer, &path).await.status, 204);
    let left = world
        .get(&peer, &format!("/rest/v2/projects/{}", own["id"]))
        .await
        .expect(200);
    assert_eq!(left["owner"], "admin");
    let users = format!("/rest/v2/projects/{}/users", own["id"]);
    assert_eq!(world.get(&peer, &users).await.column("username"), ["admin"]);
    assert_eq!(
        world
            .get(&peer, "/rest/v2/projects/1/users")
            .await
            .column("username"),
        ["admin"]
    );
    assert_eq!(world.subscribers("own").await, Vec::<String>::new());
    assert_eq!(world.subscribers("prj-000-00").await, ["admin"]);
}

#[tokio::test]
async fn roles_below_stay_when_that_is_asked_for() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.with_role("maria", Role::Viewer, SERVICE).await;
    world.grant(&maria, Role::Viewer, PROJECT).await;
    world.subscribe(&maria, "prj-000-00").await;
    world.subscribe(&maria, "svc-000").await;
    let path = format!(
        "/rest/v2/services/1/users/{}?remove_sub_permissions=",
        maria.id()
    );
    assert_eq!(
        world.delete(&peer, &format!("{path}maybe")).await.status,
        400
    );
    assert_eq!(
        world.delete(&peer, &format!("{path}false")).await.status,
        204
    );
    assert_eq!(world.get(&maria, "/rest/v2/projects/1").await.status, 200);
    assert_eq!(world.subscribers("prj-000-00").await, ["admin", "maria"]);
    assert_eq!(world.subscribers("svc-000").await, ["admin"]);
}

#[tokio::test]
async fn whoever_sees_everything_stays_subscribed() {
    let world = World::with(|settings| {
        settings.permissions.default_role = Some(Role::Viewer);
    })
    .await;
    let peer = world.superuser().await;
    let maria = world.with_role("maria", Role::Editor, SERVICE).await;
    world.subscribe(&maria, "svc-000").await;
    let path = format!("/rest/v2/services/1/users/{}", maria.id());
    assert_eq!(world.delete(&peer, &path).await.status, 204);
    assert_eq!(world.subscribers("svc-000").await, ["admin", "maria"]);
}

#[tokio::test]
async fn every_giving_and_taking_is_in_the_audit_log_below_its_object() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    let body = json!({"id": maria.id(), "role": "VIEWER"});
    world
        .json(&peer, "POST", "/rest/v2/services/1/users", body)
        .await
        .expect(201);
    world
        .delete(&peer, &format!("/rest/v2/services/1/users/{}", maria.id()))
        .await;
    let log = world.log(2).await;
    let bodies: Vec<&str> = log.iter().map(|entry| entry.body.as_str()).collect();
    assert_eq!(
        bodies,
        [
            "Deleted Role service_viewer of maria on svc-000",
            "Created Role service_viewer of maria on svc-000"
        ]
    );
    for entry in &log {
        assert_eq!(entry.parent, Some(("service".to_owned(), 1)));
        assert_eq!(entry.user, Some(peer.user.id));
    }
}
