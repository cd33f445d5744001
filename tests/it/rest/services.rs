//! `/rest/v2/services`

use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, recorded};

const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));

#[tokio::test]
async fn reading_answers_as_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in [
        "/rest/v2/services",
        "/rest/v2/services?name=svc-",
        "/rest/v2/services/1",
        "/rest/v2/services/1/users",
        "/rest/v2/services/1/groups",
    ] {
        let ours = world.get(&peer, path).await;
        assert_eq!(ours, recorded(&format!("GET {path}")), "{path}");
    }
    for path in ["/rest/v2/services?page_number=99", "/rest/v2/services/999"] {
        let recorded = recorded(&format!("GET {path}"));
        assert_eq!(
            world.get(&peer, path).await.status,
            recorded.status,
            "{path}"
        );
    }
    let method = world.get(&peer, "/rest/v2/services/1/project").await;
    assert_eq!(method.status, 405);
}

#[tokio::test]
async fn a_founder_owns_the_service_administers_it_and_hears_about_it() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let body = json!({"name": "shop", "description": "all of it"});
    let made = world
        .json(&maria, "POST", "/rest/v2/services", body.clone())
        .await;
    let made = made.expect(201);
    assert_eq!(made["owner"], maria.id());
    let again = world.json(&maria, "POST", "/rest/v2/services", body).await;
    assert_eq!(again.expect(201), made);
    let path = format!("/rest/v2/services/{}", made["id"]);
    let users = world.get(&maria, &format!("{path}/users")).await.results();
    assert_eq!(users[0]["username"], "maria");
    assert_eq!(users[0]["role"], "ADMIN");
    let hears = world.document().await;
    assert!(hears.contains("shop"), "{hears}");
    assert_eq!(world.subscribers("shop").await, ["maria"]);
    let other = world.person("other").await;
    let taken = world
        .json(&other, "POST", "/rest/v2/services", json!({"name": "shop"}))
        .await;
    assert!(taken.expect(400)["name"].is_array());
}

#[tokio::test]
async fn names_that_cannot_be_are_told_under_their_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for name in [
        "",
        " a",
        "a/b",
        "a\u{0}b",
        "promgen.example.com",
        "a » b",
        &"n".repeat(129),
    ] {
        for (method, path) in [
            ("POST", "/rest/v2/services"),
            ("PATCH", "/rest/v2/services/1"),
        ] {
            let answer = world.json(&peer, method, path, json!({"name": name})).await;
            assert!(answer.expect(400)["name"].is_array(), "{method} {name:?}");
        }
    }
    for (field, body) in [
        ("name", json!({})),
        ("name", json!({"name": 7})),
        ("name", json!({"name": null})),
        ("description", json!({"name": "a", "description": "\u{0}"})),
    ] {
        let answer = world.json(&peer, "POST", "/rest/v2/services", body).await;
        assert!(answer.expect(400)[field].is_array(), "{field}");
    }
    for owner in [json!(99_999_999_999_i64), json!(999), json!(2), json!("x")] {
        let body = json!({"owner": owner});
        let answer = world
            .json(&peer, "PATCH", "/rest/v2/services/1", body)
            .await;
        assert!(answer.expect(400)["owner"].is_array(), "{owner}");
    }
    let taken = json!({"name": "svc.001"});
    let answer = world
        .json(&peer, "PATCH", "/rest/v2/services/1", taken)
        .await;
    assert!(answer.expect(400)["name"].is_array());
    for path in [
        "/rest/v2/services/99999999999",
        "/rest/v2/services/0",
        "/rest/v2/services/x",
    ] {
        assert_eq!(world.get(&peer, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn roles_decide_who_may_do_what() {
    let world = World::golden().await;
    let viewer = world.with_role("viewer", Role::Viewer, SERVICE).await;
    let editor = world.with_role("editor", Role::Editor, SERVICE).await;
    let admin = world.with_role("boss", Role::Admin, SERVICE).await;
    let nobody = world.person("nobody").await;
    let owner = world.login("admin").await;
    let superuser = world.superuser().await;
    let path = "/rest/v2/services/1";
    for (who, see, edit) in [
        (&nobody, 403, 403),
        (&viewer, 200, 403),
        (&editor, 200, 200),
        (&admin, 200, 200),
        (&owner, 200, 200),
        (&superuser, 200, 200),
    ] {
        let name = &who.user.username;
        assert_eq!(world.get(who, path).await.status, see, "{name}");
        let body = json!({"description": name});
        assert_eq!(
            world.json(who, "PATCH", path, body).await.status,
            edit,
            "{name}"
        );
        let body = json!({"name": "svc-000", "description": "", "owner": null});
        assert_eq!(
            world.json(who, "PUT", path, body).await.status,
            edit,
            "{name}"
        );
    }
    assert_eq!(world.send(None, "GET", path, None).await.status, 401);
    let foreign = world.get(&admin, "/rest/v2/services/2").await;
    assert_eq!(foreign.status, 403);
    let listed = world.get(&viewer, "/rest/v2/services").await.column("id");
    assert_eq!(listed, [1]);
    assert!(
        world
            .get(&nobody, "/rest/v2/services")
            .await
            .results()
            .is_empty()
    );
    for who in [&nobody, &viewer, &editor, &admin] {
        assert_eq!(world.delete(who, path).await.status, 403);
    }
    assert_eq!(world.delete(&owner, path).await.status, 204);
    assert_eq!(world.get(&owner, path).await.status, 404);
    assert_eq!(
        world.delete(&superuser, "/rest/v2/services/2").await.status,
        204
    );
}

#[tokio::test]
async fn only_the_owner_gives_a_service_to_somebody_else() {
    let world = World::golden().await;
    let admin = world.with_role("boss", Role::Admin, SERVICE).await;
    let heir = world.person("heir").await;
    let owner = world.login("admin").await;
    let path = "/rest/v2/services/1";
    let body = json!({"owner": heir.id()});
    let refused = world
        .json(&admin, "PATCH", path, body.clone())
        .await
        .expect(400);
    assert!(refused["owner"][0].as_str().unwrap().contains("permission"));
    let given = world.json(&owner, "PATCH", path, body).await.expect(200);
    assert_eq!(given["owner"], heir.id());
    let admins = world.get(&heir, &format!("{path}/users?role=ADMIN")).await;
    assert_eq!(admins.column("username"), ["admin", "boss", "heir"]);
    let back = world.json(&owner, "PATCH", path, json!({"owner": 1})).await;
    assert_eq!(back.status, 400, "who was the owner is none any more");
}

#[tokio::test]
async fn a_rename_is_followed_into_clauses_and_tells_what_it_left() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    world
        .apply(
            "promgen: 1\nservices: [{name: svc-000, rules: [{name: Own, duration: 1m, \
             clause: 'up{service=\"svc-000\"} + up{service=~\"svc-000|x\"} == 0'}]}]",
        )
        .await;
    let body = json!({"name": "shop's"});
    let refused = world
        .json(&peer, "PATCH", "/rest/v2/services/1", body)
        .await;
    assert_eq!(refused.status, 400);
    let body = json!({"name": "shop"});
    let written = world
        .json(&peer, "PATCH", "/rest/v2/services/1", body)
        .await
        .expect(200);
    let warnings: Vec<&Value> = written["warnings"].as_array().unwrap().iter().collect();
    assert!(
        warnings
            .iter()
            .any(|one| one.as_str().unwrap().contains("Own")),
        "{warnings:?}"
    );
    let document = world.document().await;
    assert!(
        document.contains(r#"up{service="shop"} + up{service=~"svc-000|x"}"#),
        "{document}"
    );
    assert!(
        document.contains(r#"service="shop",project="prj.000.01""#),
        "{document}"
    );
    assert!(!document.contains(r#"service="svc-000""#), "{document}");
    let body = json!({"description": "x"});
    let quiet = world
        .json(&peer, "PATCH", "/rest/v2/services/1", body)
        .await
        .expect(200);
    assert_eq!(quiet.get("warnings"), None);
}

#[tokio::test]
async fn a_token_that_may_only_read_changes_nothing() {
    let world = World::golden().await;
    let reader = world.reader("peer").await;
    assert_eq!(world.get(&reader, "/rest/v2/services/1").await.status, 200);
    let body = json!({"name": "x"});
    for (method, path) in [
        ("POST", "/rest/v2/services"),
        ("PATCH", "/rest/v2/services/1"),
        ("POST", "/rest/v2/groups"),
        ("PATCH", "/rest/v2/users/me"),
    ] {
        let answer = world.json(&reader, method, path, body.clone()).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    assert_eq!(
        world.delete(&reader, "/rest/v2/services/1").await.status,
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_found_the_same_at_once_one_is_told_that_it_is_taken() {
    let world = World::golden().await;
    let (one, other) = (world.person("one").await, world.person("other").await);
    for number in 0..5 {
        let body = json!({"name": format!("shop {number}")});
        let (first, second) = tokio::join!(
            world.json(&one, "POST", "/rest/v2/services", body.clone()),
            world.json(&other, "POST", "/rest/v2/services", body.clone()),
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400]);
    }
}
