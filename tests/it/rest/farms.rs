//! `/rest/v2/farms`: local farms and their hosts

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, recorded};

const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));
const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));

/// The same answer without what the original does not tell: all projects of a farm.
pub(super) fn without_projects(mut body: Value) -> Value {
    if let Some(farm) = body.as_object_mut() {
        farm.remove("projects");
        for one in farm
            .get_mut("results")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            one.as_object_mut().unwrap().remove("projects");
        }
    }
    body
}

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in [
        "farms?page_size=2",
        "farms/1",
        "farms/1/hosts",
        "farms/1/hosts/1",
    ] {
        let path = format!("/rest/v2/{path}");
        let ours = world.get(&peer, &path).await;
        let theirs = recorded(&format!("GET {path}"));
        assert_eq!(ours.status, theirs.status, "{path}");
        if theirs.status == 200 {
            assert_eq!(without_projects(ours.body), theirs.body, "{path}");
        }
    }
    let one = world.get(&peer, "/rest/v2/farms/1").await.expect(200);
    assert_eq!(one["projects"], json!([1]));
}

#[tokio::test]
async fn lists_are_filtered_and_cut_to_what_one_sees() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let names = async |who, query: &str| {
        let path = format!("/rest/v2/farms?page_size=100{query}");
        world.get(who, &path).await.column("name").len()
    };
    assert_eq!(names(&peer, "").await, 11);
    assert_eq!(names(&peer, "&name=farm-00").await, 9);
    assert_eq!(names(&peer, "&name=FARM").await, 0);
    assert_eq!(names(&peer, "&source=promgen&name=no-").await, 2);
    let refused = world
        .get(&peer, "/rest/v2/farms?source=nowhere")
        .await
        .expect(400);
    assert!(refused["source"].is_array(), "{refused}");
    let nobody = world.person("nobody").await;
    assert_eq!(names(&nobody, "").await, 0);
    let one = world.with_role("one", Role::Viewer, PROJECT).await;
    assert_eq!(names(&one, "").await, 1);
    let three = world.with_role("three", Role::Viewer, SERVICE).await;
    assert_eq!(names(&three, "").await, 3);
    for page in ["0", "12", "18446744073709551615"] {
        let path = format!("/rest/v2/farms?page_number={page}");
        world.get(&peer, &path).await.expect(404);
    }
}

#[tokio::test]
async fn roles_decide_who_changes_a_farm() {
    let world = World::golden().await;
    let cases = [
        ("nobody", None, [403; 5]),
        (
            "elsewhere",
            Some((Role::Admin, RoleOn::Project(ProjectId(4)))),
            [403; 5],
        ),
        (
            "viewer",
            Some((Role::Viewer, SERVICE)),
            [200, 200, 403, 403, 403],
        ),
        (
            "editor",
            Some((Role::Editor, PROJECT)),
            [200, 200, 200, 204, 404],
        ),
        (
            "above",
            Some((Role::Editor, SERVICE)),
            [200, 200, 200, 204, 404],
        ),
    ];
    for (name, role, expected) in cases {
        let who = match role {
            Some((role, on)) => world.with_role(name, role, on).await,
            None => world.person(name).await,
        };
        let farm = "/rest/v2/farms/1";
        let hosts = json!({"hosts": [format!("{name}.example.com")]});
        let statuses = [
            world.get(&who, farm).await.status,
            world.get(&who, &format!("{farm}/hosts")).await.status,
            world
                .json(&who, "PATCH", farm, json!({"name": name}))
                .await
                .status,
            world
                .json(&who, "POST", &format!("{farm}/hosts"), hosts)
                .await
                .status,
            world
                .delete(&who, &format!("{farm}/hosts/9999"))
                .await
                .status,
        ];
        assert_eq!(statuses, expected, "{name}");
        assert_eq!(
            world.get(&who, "/rest/v2/farms/999").await.status,
            404,
            "{name}"
        );
    }
    let anonymous = world.send(None, "GET", "/rest/v2/farms", None).await;
    assert_eq!(anonymous.status, 401);
    let anonymous = world
        .send(None, "POST", "/rest/v2/farms/1/hosts", None)
        .await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test]
async fn a_shared_farm_is_changed_by_who_may_edit_all_its_projects() {
    let world = World::golden().await;
    world
        .apply(
            "promgen: 1\nservices: [{name: other, projects: [{name: sharer, shard: shard-a, \
             farm: {like: prj-000-00}}]}]",
        )
        .await;
    let peer = world.superuser().await;
    let farm = "/rest/v2/farms/1";
    let shown = world.get(&peer, farm).await.expect(200);
    assert_eq!(shown["projects"].as_array().unwrap().len(), 2);
    let sharer = shown["projects"][1].as_i64().unwrap();
    let half = world.with_role("half", Role::Editor, PROJECT).await;
    let shown = world.get(&half, farm).await.expect(200);
    assert_eq!(
        shown["projects"],
        json!([1]),
        "the other one may not be seen"
    );
    let named = json!({"name": "renamed"});
    world
        .json(&half, "PUT", farm, named.clone())
        .await
        .expect(403);
    world.delete(&half, farm).await.expect(403);
    let other = RoleOn::Project(ProjectId(i32::try_from(sharer).unwrap()));
    world.with_role("half", Role::Editor, other).await;
    let renamed = world.json(&half, "PUT", farm, named).await.expect(200);
    assert_eq!(renamed["name"], "renamed");
    world.delete(&half, farm).await.expect(204);
    world.get(&peer, farm).await.expect(404);
}

#[tokio::test]
async fn hosts_are_added_all_or_none() {
    let world = World::golden().await;
    let editor = world.with_role("editor", Role::Editor, PROJECT).await;
    let path = "/rest/v2/farms/1/hosts";
    let count = async || world.get(&editor, path).await.expect(200)["count"].clone();
    let post = async |hosts: Value| {
        world
            .json(&editor, "POST", path, json!({"hosts": hosts}))
            .await
    };
    let refused = post(json!(["good", "http://bad", "a b", "nul\0"]))
        .await
        .expect(400);
    assert_eq!(refused["detail"], "Invalid hostnames.");
    let invalid = json!(["http://bad", "a b", "nul\0"]);
    assert_eq!(refused["extras"]["invalid_hosts"], invalid);
    assert!(refused["hosts[1]"].is_array(), "{refused}");
    assert_eq!(count().await, 3);
    for again in [false, true] {
        post(json!(["new", "::1", "new"])).await.expect(204);
        assert_eq!(count().await, 5, "{again}");
    }
    post(json!([])).await.expect(204);
    for wrong in [json!("a"), json!([1]), json!(null), json!({})] {
        let refused = post(wrong.clone()).await.expect(400);
        assert!(refused["problems"].is_array(), "{wrong}: {refused}");
    }
    let names = world.get(&editor, path).await.column("name");
    assert!(names.contains(&json!("[::1]")), "{names:?}");
}

#[tokio::test]
async fn a_host_is_removed_from_its_own_farm_only() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    world
        .delete(&peer, "/rest/v2/farms/2/hosts/1")
        .await
        .expect(404);
    world
        .delete(&peer, "/rest/v2/farms/1/hosts/1")
        .await
        .expect(204);
    world
        .delete(&peer, "/rest/v2/farms/1/hosts/1")
        .await
        .expect(404);
    for id in ["2147483648", "-1", "x", "01", "1%00"] {
        let path = format!("/rest/v2/farms/1/hosts/{id}");
        world.delete(&peer, &path).await.expect(404);
    }
    let tx = world.app.store().read_tx().await.unwrap();
    let newest = tx.list_audit(1, None).await.unwrap().remove(0);
    assert_eq!(
        newest.body,
        "Deleted Host host-000-00-000.example.com [farm-000-00]"
    );
    assert_eq!(newest.parent, Some(("farm".to_owned(), 1)));
    assert_eq!(newest.user, Some(peer.user.id));
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_with_their_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for method in ["PUT", "PATCH"] {
        for name in [
            json!(""),
            json!("a/b"),
            json!(" a"),
            json!("n\0"),
            json!("n".repeat(129)),
            json!(7),
        ] {
            let body = json!({"name": name});
            let refused = world
                .json(&peer, method, "/rest/v2/farms/1", body)
                .await
                .expect(400);
            assert!(refused["name"].is_array(), "{method} {name}: {refused}");
        }
    }
    let missing = world
        .json(&peer, "PUT", "/rest/v2/farms/1", json!({}))
        .await
        .expect(400);
    assert!(missing["name"].is_array(), "{missing}");
    let same = world
        .json(&peer, "PATCH", "/rest/v2/farms/1", json!({}))
        .await
        .expect(200);
    assert_eq!(same["name"], "farm-000-00");
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn a_project_without_a_farm_gets_one() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(10));
    let editor = world.with_role("editor", Role::Editor, on).await;
    let path = "/rest/v2/projects/10/farms";
    assert_eq!(world.get(&editor, path).await.expect(200)["count"], 0);
    let post = async |body: Value| world.json(&editor, "POST", path, body).await;
    let refused = post(json!({"name": "f", "source": "nowhere"}))
        .await
        .expect(400);
    assert!(refused["source"].is_array(), "{refused}");
    let wrong = json!({"name": "f", "source": "promgen", "hosts": ["ok", "a:1"]});
    assert!(post(wrong).await.expect(400)["hosts[1]"].is_array());
    let wrong = json!({"name": "a/b", "source": "promgen"});
    assert!(post(wrong).await.expect(400)["name"].is_array());
    let both = post(json!({})).await.expect(400);
    assert!(
        both["name"].is_array() && both["source"].is_array(),
        "{both}"
    );
    let made = post(json!({"name": "own", "source": "promgen", "hosts": ["h2", "h1"]}))
        .await
        .expect(201);
    assert_eq!(
        (&made["project_id"], &made["remote"]),
        (&json!(10), &json!(false))
    );
    let hosts = format!("/rest/v2/farms/{}/hosts", made["id"]);
    assert_eq!(
        world.get(&editor, &hosts).await.column("name"),
        ["h1", "h2"]
    );
    assert_eq!(
        world.get(&editor, path).await.column("id"),
        [made["id"].clone()]
    );
    let second = post(json!({"name": "second", "source": "promgen"}))
        .await
        .expect(400);
    assert!(
        second["detail"]
            .as_str()
            .unwrap()
            .contains("already has a farm"),
        "{second}"
    );
    world
        .json(
            &editor,
            "POST",
            "/rest/v2/projects/1/farms",
            json!({"name": "f", "source": "promgen"}),
        )
        .await
        .expect(403);
    world
        .json(
            &editor,
            "POST",
            "/rest/v2/projects/999/farms",
            json!({"name": "f", "source": "promgen"}),
        )
        .await
        .expect(404);
}
