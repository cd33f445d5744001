//! `/rest/v2/users`

use promgen_core::model::{
    IdentityId, LinkedIdentity, ProjectId, Role, RoleOn, ServiceId, Timestamp,
};
use serde_json::{Value, json};

use super::{Person, World, recorded};

#[tokio::test]
async fn reading_answers_as_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let path = "/rest/v2/users";
    assert_eq!(world.get(&peer, path).await, recorded("GET /rest/v2/users"));
    let mut ours = world.get(&peer, "/rest/v2/users/me").await;
    let mut theirs = recorded("GET /rest/v2/users/me");
    let joined = ours.body["date_joined"].take();
    assert!(joined.as_str().unwrap().ends_with('Z'));
    theirs.body["date_joined"].take();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn people_are_found_by_any_part_of_their_names() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    let body = json!({"username": "demo", "email": "demo@example.com", "first_name": "DemoFirst",
                      "last_name": "DemoLast"});
    let made = world
        .json(&peer, "POST", "/rest/v2/users", body.clone())
        .await
        .expect(201);
    assert_eq!(
        world
            .json(&peer, "POST", "/rest/v2/users", body)
            .await
            .expect(201),
        made
    );
    for part in ["demo", "demo@example", "DemoFirst", "DemoLast"] {
        let found = world
            .get(&nobody, &format!("/rest/v2/users?q={part}"))
            .await;
        assert_eq!(found.column("username"), ["demo"], "{part}");
    }
    assert_eq!(
        world
            .get(&nobody, "/rest/v2/users?q=none")
            .await
            .results()
            .len(),
        0
    );
    assert_eq!(
        world.send(None, "GET", "/rest/v2/users", None).await.status,
        401
    );
}

#[tokio::test]
async fn everybody_changes_what_is_known_of_themselves_and_nothing_else() {
    let world = World::golden().await;
    let nobody = world.person("nobody").await;
    let body = json!({"first_name": "No", "last_name": "Body", "email": "no@example.com",
                      "superuser": true, "is_superuser": true});
    let changed = world
        .json(&nobody, "PATCH", "/rest/v2/users/me", body)
        .await
        .expect(200);
    assert_eq!(changed["first_name"], "No");
    assert_eq!(changed["is_superuser"], false);
    assert_eq!(
        world.personal(&nobody).await,
        ["promgen.notification.email:no@example.com"]
    );
    for (field, value) in [
        ("email", "no address".to_owned()),
        ("email", format!("{}@example.com", "n".repeat(250))),
        ("first_name", "n".repeat(151)),
        ("last_name", "a\u{0}b".to_owned()),
    ] {
        let answer = world
            .json(&nobody, "PATCH", "/rest/v2/users/me", json!({field: value}))
            .await;
        assert!(answer.expect(400)[field].is_array(), "{field}");
    }
}

#[tokio::test]
async fn only_superusers_make_and_change_users() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    let user = format!("/rest/v2/users/{}", nobody.id());
    for (method, path, body) in [
        ("POST", "/rest/v2/users", json!({"username": "x"})),
        ("PATCH", user.as_str(), json!({"superuser": true})),
        (
            "POST",
            "/rest/v2/users/1/merge",
            json!({"into": nobody.id()}),
        ),
    ] {
        assert_eq!(
            world.json(&nobody, method, path, body).await.status,
            403,
            "{path}"
        );
    }
    let raised = world
        .json(&peer, "PATCH", &user, json!({"superuser": true}))
        .await
        .expect(200);
    assert_eq!(raised["superuser"], true);
    assert_eq!(world.get(&nobody, "/rest/v2/services/1").await.status, 200);
    let own = format!("/rest/v2/users/{}", peer.id());
    for field in ["active", "superuser"] {
        let answer = world
            .json(&peer, "PATCH", &own, json!({field: false}))
            .await;
        assert!(answer.expect(400)[field].is_array(), "{field}");
    }
    for name in ["", "a b", "a\u{0}", "peer", &"n".repeat(151)] {
        let answer = world
            .json(&peer, "POST", "/rest/v2/users", json!({"username": name}))
            .await;
        assert!(answer.expect(400)["username"].is_array(), "{name:?}");
    }
    assert_eq!(
        world
            .json(&peer, "PATCH", "/rest/v2/users/999", json!({}))
            .await
            .status,
        404
    );
    assert_eq!(world.get(&peer, &user).await.status, 405);
}

#[tokio::test]
async fn the_tokens_of_somebody_who_is_shut_out_are_good_for_nothing_at_once() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    assert_eq!(world.get(&nobody, "/rest/v2/users/me").await.status, 200);
    let path = format!("/rest/v2/users/{}", nobody.id());
    world
        .json(&peer, "PATCH", &path, json!({"active": false}))
        .await
        .expect(200);
    assert_eq!(world.get(&nobody, "/rest/v2/users/me").await.status, 401);
    let listed = world.get(&peer, "/rest/v2/users?q=nobody").await;
    assert!(listed.results().is_empty());
}

/// Two users with something of each kind, and something that both have.
async fn two(world: &World) -> (Person, Person) {
    let peer = world.superuser().await;
    let from = world
        .with_role("from", Role::Admin, RoleOn::Service(ServiceId(2)))
        .await;
    let into = world
        .with_role("into", Role::Viewer, RoleOn::Service(ServiceId(2)))
        .await;
    world
        .grant(&into, Role::Editor, RoleOn::Project(ProjectId(1)))
        .await;
    world
        .grant(&from, Role::Viewer, RoleOn::Project(ProjectId(1)))
        .await;
    world
        .grant(&from, Role::Viewer, RoleOn::Project(ProjectId(2)))
        .await;
    for (who, mail) in [
        (&from, "old@example.com"),
        (&from, "both@example.com"),
        (&into, "both@example.com"),
    ] {
        let body = json!({"email": mail});
        world
            .json(who, "PATCH", "/rest/v2/users/me", body)
            .await
            .expect(200);
    }
    world
        .json(&from, "POST", "/rest/v2/services", json!({"name": "own"}))
        .await
        .expect(201);
    world.subscribe(&from, "svc.001").await;
    world.subscribe(&into, "svc.001").await;
    for (name, role) in [("one", "MEMBER"), ("two", "ADMIN")] {
        let group = world
            .json(&peer, "POST", "/rest/v2/groups", json!({"name": name}))
            .await
            .expect(201);
        let members = format!("/rest/v2/groups/{}/members", group["id"]);
        let body = json!({"user_ids": [from.id()], "group_role": role});
        world.json(&peer, "POST", &members, body).await.expect(204);
        if name == "two" {
            let body = json!({"user_ids": [into.id()], "group_role": "MEMBER"});
            world.json(&peer, "POST", &members, body).await.expect(204);
        }
    }
    (from, into)
}

/// Somebody logs in by another site as well.
async fn link(world: &World, person: &Person) {
    let identity = LinkedIdentity {
        id: IdentityId(0),
        user: person.user.id,
        backend: "oidc".to_owned(),
        issuer: "https://id.example.com".to_owned(),
        subject: "7".to_owned(),
        created: Timestamp(1),
        last_login: Timestamp(1),
    };
    let tx = world.app.store().write_tx().await.unwrap();
    tx.insert_identity(&identity).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn merging_gives_everything_to_one_user() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let (from, into) = two(&world).await;
    link(&world, &from).await;
    let path = format!("/rest/v2/users/{}/merge", from.id());
    let merged = world
        .json(&peer, "POST", &path, json!({"into": into.id()}))
        .await
        .expect(200);
    assert_eq!(merged["username"], "into");
    let roles = async |path: &str| {
        let users = world.get(&peer, path).await.results();
        let user = users.into_iter().find(|user| user["username"] == "into");
        user.map(|user| user["role"].clone())
    };
    let role = |text: &str| Some(Value::from(text));
    assert_eq!(roles("/rest/v2/services/2/users").await, role("ADMIN"));
    assert_eq!(roles("/rest/v2/projects/1/users").await, role("EDITOR"));
    assert_eq!(roles("/rest/v2/projects/2/users").await, role("VIEWER"));
    assert_eq!(roles("/rest/v2/groups/1/members").await, role("MEMBER"));
    assert_eq!(roles("/rest/v2/groups/2/members").await, role("ADMIN"));
    let own = world
        .get(&peer, "/rest/v2/services?name=own")
        .await
        .results();
    assert_eq!(own[0]["owner"], into.id());
    assert_eq!(world.subscribers("own").await, ["into"]);
    assert_eq!(world.subscribers("svc.001").await, ["admin", "into"]);
    assert_eq!(
        world.personal(&into).await,
        [
            "promgen.notification.email:both@example.com",
            "promgen.notification.email:old@example.com"
        ]
    );
    assert_eq!(world.get(&from, "/rest/v2/users/me").await.status, 401);
    assert!(
        world
            .get(&peer, "/rest/v2/users?q=from")
            .await
            .results()
            .is_empty()
    );
    let bodies: Vec<String> = world
        .log(1)
        .await
        .into_iter()
        .map(|entry| entry.body)
        .collect();
    assert_eq!(bodies, ["Deleted User from"]);
    assert_eq!(
        world
            .json(&peer, "POST", &path, json!({"into": into.id()}))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn users_who_cannot_be_merged_stay() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for (path, into, field) in [
        ("/rest/v2/users/1/merge", json!(1), "into"),
        ("/rest/v2/users/1/merge", json!(999), "into"),
        ("/rest/v2/users/1/merge", json!(null), "into"),
        ("/rest/v2/users/3/merge", json!(1), "non_field_errors"),
    ] {
        let refused = world
            .json(&peer, "POST", path, json!({"into": into}))
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{path} {into}");
    }
    assert_eq!(
        world
            .get(&peer, "/rest/v2/users?q=admin")
            .await
            .column("id"),
        [1]
    );
}
