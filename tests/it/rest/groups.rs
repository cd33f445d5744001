//! `/rest/v2/groups`

use serde_json::json;

use super::{World, recorded};

#[tokio::test]
async fn empty_lists_and_unknown_groups_answer_as_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    assert_eq!(
        world.get(&peer, "/rest/v2/groups").await,
        recorded("GET /rest/v2/groups")
    );
    assert_eq!(world.get(&peer, "/rest/v2/groups/1").await.status, 404);
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn a_founder_is_the_admin_and_decides_who_is_in_it() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let otto = world.person("otto").await;
    let made = world
        .json(&maria, "POST", "/rest/v2/groups", json!({"name": "sre"}))
        .await;
    let made = made.expect(201);
    let again = world
        .json(&maria, "POST", "/rest/v2/groups", json!({"name": "sre"}))
        .await;
    assert_eq!(again.expect(201), made);
    let taken = world
        .json(&otto, "POST", "/rest/v2/groups", json!({"name": "sre"}))
        .await;
    assert!(taken.expect(400)["name"].is_array());
    let path = format!("/rest/v2/groups/{}", made["id"]);
    let members = format!("{path}/members");
    assert_eq!(world.get(&otto, &path).await.status, 403);
    let body = json!({"user_ids": [otto.id()], "group_role": "MEMBER"});
    assert_eq!(
        world
            .json(&otto, "POST", &members, body.clone())
            .await
            .status,
        403
    );
    assert_eq!(
        world
            .json(&maria, "POST", &members, body.clone())
            .await
            .status,
        204
    );
    assert!(world.json(&maria, "POST", &members, body).await.expect(400)["user_ids"].is_array());
    let listed = world.get(&otto, &members).await.results();
    assert_eq!(
        listed,
        [
            json!({"id": maria.id(), "username": "maria", "email": "", "role": "ADMIN"}),
            json!({"id": otto.id(), "username": "otto", "email": "", "role": "MEMBER"}),
        ]
    );
    let found = world.get(&otto, &format!("{members}?name=mar")).await;
    assert_eq!(found.column("username"), ["maria"]);
    assert_eq!(
        world
            .json(&otto, "PATCH", &path, json!({"name": "x"}))
            .await
            .status,
        403
    );
    let own = format!("{members}/{}", otto.id());
    let admin = json!({"group_role": "ADMIN"});
    assert_eq!(
        world.json(&otto, "PUT", &own, admin.clone()).await.status,
        403
    );
    assert_eq!(
        world.json(&maria, "PUT", &own, admin.clone()).await.status,
        204
    );
    let renamed = world
        .json(&otto, "PATCH", &path, json!({"name": "ops"}))
        .await;
    assert_eq!(renamed.expect(200)["name"], "ops");
    assert_eq!(
        world
            .delete(&otto, &format!("{members}/{}", maria.id()))
            .await
            .status,
        204
    );
    assert_eq!(world.get(&maria, &path).await.status, 403);
    assert!(
        world
            .get(&maria, "/rest/v2/groups")
            .await
            .results()
            .is_empty()
    );
    for method in ["PUT", "DELETE"] {
        let path = format!("{members}/{}", maria.id());
        let answer = world
            .send(Some(&otto), method, &path, Some(admin.clone()))
            .await;
        assert_eq!(answer.status, 400, "{method}");
    }
    assert_eq!(world.get(&otto, &own).await.status, 405);
    assert_eq!(world.delete(&otto, &path).await.status, 204);
    assert_eq!(world.get(&otto, &path).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_is_told_under_its_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for name in [
        json!(""),
        json!(" a"),
        json!("a\nb"),
        json!("a\u{0}"),
        json!("n".repeat(151)),
        json!(1),
    ] {
        let answer = world
            .json(&peer, "POST", "/rest/v2/groups", json!({"name": name}))
            .await;
        assert!(answer.expect(400)["name"].is_array(), "{name}");
    }
    let one = world
        .json(&peer, "POST", "/rest/v2/groups", json!({"name": "one"}))
        .await
        .expect(201);
    world
        .json(&peer, "POST", "/rest/v2/groups", json!({"name": "two"}))
        .await
        .expect(201);
    let path = format!("/rest/v2/groups/{}", one["id"]);
    let taken = world
        .json(&peer, "PUT", &path, json!({"name": "two"}))
        .await;
    assert!(taken.expect(400)["name"].is_array());
    let members = format!("{path}/members");
    for (field, body) in [
        ("user_ids", json!({"user_ids": [], "group_role": "MEMBER"})),
        (
            "user_ids",
            json!({"user_ids": [999], "group_role": "MEMBER"}),
        ),
        ("user_ids", json!({"user_ids": [2], "group_role": "MEMBER"})),
        (
            "user_ids",
            json!({"user_ids": [5, 5], "group_role": "MEMBER"}),
        ),
        (
            "user_ids[0]",
            json!({"user_ids": [99_999_999_999_i64], "group_role": "MEMBER"}),
        ),
        ("group_role", json!({"user_ids": [5], "group_role": "BOSS"})),
        ("group_role", json!({"user_ids": [5]})),
    ] {
        let refused = world
            .json(&peer, "POST", &members, body.clone())
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{body} {refused}");
    }
    assert_eq!(
        world.get(&peer, &members).await.column("username"),
        ["peer"]
    );
}

#[tokio::test]
async fn a_deleted_group_takes_its_roles_and_what_hung_on_them() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    let group = world
        .json(&maria, "POST", "/rest/v2/groups", json!({"name": "sre"}))
        .await
        .expect(201);
    let body = json!({"id": group["id"], "role": "VIEWER"});
    world
        .json(&peer, "POST", "/rest/v2/services/1/groups", body)
        .await
        .expect(201);
    assert_eq!(world.get(&maria, "/rest/v2/projects/1").await.status, 200);
    world.subscribe(&maria, "svc-000").await;
    world
        .delete(&maria, &format!("/rest/v2/groups/{}", group["id"]))
        .await
        .expect(204);
    assert_eq!(world.get(&maria, "/rest/v2/projects/1").await.status, 403);
    assert_eq!(world.subscribers("svc-000").await, ["admin"]);
}
