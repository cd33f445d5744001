//! `/rest/v2/notifiers`: who sees, adds and changes which.

use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::world::Person;
use super::{World, recorded};

const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));
const OF_SERVICE: &str = "/rest/v2/services/1/notifiers";
const HOOK: &str = "promgen.notification.webhook";
const USER: &str = "promgen.notification.user";

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    // Ids count up in the order of loading, which is another one here; what a notifier belongs to is
    // told beyond the original.
    let strip = |mut one: Value| {
        let fields = one.as_object_mut().unwrap();
        fields.remove("id");
        fields.remove("object_id");
        one
    };
    let path = "/rest/v2/notifiers?page_size=1000";
    let ours = world.get(&peer, path).await.results();
    let ours: Vec<Value> = ours.into_iter().map(strip).collect();
    let golden = recorded("GET /rest/v2/notifiers?page_size=3");
    for mut one in golden.results() {
        // Who has the URL of a webhook can post to it, so it is a secret here.
        if one["sender"] == HOOK {
            one["value"].take();
        }
        assert!(ours.contains(&strip(one.clone())), "{one}");
    }
    let one = world.get(&peer, "/rest/v2/notifiers/1").await;
    assert_eq!(one.status, recorded("GET /rest/v2/notifiers/1").status);
}

/// Makes senders whose URL is a key itself.
async fn post_urls(world: &World, peer: &Person) {
    for driver in ["slack", "webhook", "alertmanager"] {
        let url = json!({
            "sender": format!("promgen.notification.{driver}"),
            "value": "https://hooks.example.com/canary-4?key=canary-5",
        });
        let made = world.json(peer, "POST", OF_SERVICE, url).await.expect(201);
        assert_eq!(made["value"], Value::Null, "{driver}");
    }
}

#[tokio::test]
async fn a_value_with_an_alias_or_of_a_secret_driver_never_comes_back() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let hidden = json!({
        "sender": HOOK, "value": "http://chat.example.com/canary-1", "alias": "on call",
        "secret": "canary-2", "filters": [{"name": "severity", "value": "critical"}],
    });
    let made = world
        .json(&peer, "POST", OF_SERVICE, hidden.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["value"], &made["alias"]),
        (&Value::Null, &json!("on call"))
    );
    assert_eq!(made["owner"], "peer");
    assert_eq!(
        world
            .json(&peer, "POST", OF_SERVICE, hidden)
            .await
            .expect(201),
        made
    );
    let token =
        json!({"sender": "promgen.notification.line", "value": "canary-3:C1", "alias": "l"});
    let answer = world.json(&peer, "POST", OF_SERVICE, token).await;
    assert!([201, 400].contains(&answer.status) && !answer.body.to_string().contains("canary"));
    post_urls(&world, &peer).await;
    let count = async |query: &str| {
        let body = world
            .get(&peer, &format!("/rest/v2/notifiers?{query}"))
            .await;
        body.expect(200)["count"].as_u64().unwrap()
    };
    assert_eq!(
        count("value=canary").await,
        0,
        "nor is it found by its parts"
    );
    assert_eq!(count("value=on+call").await, 1);
    for path in [
        "/rest/v2/notifiers?page_size=1000",
        "/rest/v2/logs?page_size=1000",
        OF_SERVICE,
    ] {
        let body = world.get(&peer, path).await.expect(200).to_string();
        assert!(!body.contains("canary"), "{path}");
    }
    // A list in the order of hidden values would tell them bit by bit.
    let first = json!({"sender": HOOK, "value": "http://a.example.com/", "alias": "zzz"});
    world
        .json(&peer, "POST", OF_SERVICE, first)
        .await
        .expect(201);
    let aliases = world
        .get(&peer, "/rest/v2/notifiers?page_size=1000")
        .await
        .column("alias");
    let place = |alias: &str| aliases.iter().position(|one| one == alias).unwrap();
    assert!(place("on call") < place("zzz"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_wrong_ones_are_told() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let count = async |query: &str| {
        let body = world
            .get(&peer, &format!("/rest/v2/notifiers?{query}"))
            .await;
        body.expect(200)["count"].as_u64().unwrap()
    };
    let all = count("").await;
    let kinds = count("content_type=service").await + count("content_type=project").await;
    assert_eq!(kinds + count("content_type=user").await, all);
    assert_eq!(count("owner=admin").await + count("owner=peer").await, all);
    assert_eq!(count("owner=nobody").await, 0);
    assert!(count(&format!("sender={USER}")).await >= 16);
    assert_eq!(
        count("content_type=service&object_id=1").await,
        world.get(&peer, OF_SERVICE).await.expect(200)["count"]
            .as_u64()
            .unwrap()
    );
    for (query, field) in [
        ("content_type=farm", "content_type"),
        ("object_id=99999999999", "object_id"),
        ("sender=carrier.pigeon", "sender"),
    ] {
        let body = world
            .get(&peer, &format!("/rest/v2/notifiers?{query}"))
            .await;
        assert!(body.expect(400)[field].is_array(), "{query}");
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn adding_and_changing_takes_an_editor() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let hook = json!({"sender": HOOK, "value": "http://chat.example.com/x"});
    let made = world
        .json(&peer, "POST", OF_SERVICE, hook.clone())
        .await
        .expect(201);
    let one = format!("/rest/v2/notifiers/{}", made["id"]);
    let filters = format!("{one}/filters");
    let filter = json!({"name": "severity", "value": "critical"});
    let writes = [
        ("POST", OF_SERVICE.to_owned(), hook, 201),
        ("PUT", one.clone(), json!({"enabled": true}), 200),
        ("PATCH", one.clone(), json!({"enabled": false}), 200),
        ("POST", filters.clone(), filter, 201),
        ("DELETE", one.clone(), Value::Null, 204),
    ];
    let viewer = world.with_role("vera", Role::Viewer, SERVICE).await;
    let others = RoleOn::Service(ServiceId(2));
    let strangers = [world.with_role("willi", Role::Admin, others).await, viewer];
    for (method, path, body, _) in &writes {
        world
            .send(None, method, path, Some(body.clone()))
            .await
            .expect(401);
        for stranger in &strangers {
            world
                .json(stranger, method, path, body.clone())
                .await
                .expect(403);
        }
    }
    world
        .json(&strangers[0], "POST", &format!("{one}/test"), Value::Null)
        .await
        .expect(403);
    world.get(&strangers[0], OF_SERVICE).await.expect(403);
    assert!(
        !world
            .get(&strangers[1], OF_SERVICE)
            .await
            .results()
            .is_empty()
    );
    let editor = world.with_role("yves", Role::Editor, SERVICE).await;
    for (method, path, body, status) in writes {
        world
            .json(&editor, method, &path, body)
            .await
            .expect(status);
    }
    world.delete(&editor, &one).await.expect(404);
    world
        .json(
            &editor,
            "POST",
            "/rest/v2/services/99/notifiers",
            json!({"sender": HOOK, "value": "http://x"}),
        )
        .await
        .expect(404);
}

#[tokio::test]
async fn a_viewer_subscribes_changes_and_ends_that_and_nothing_else() {
    let world = World::golden().await;
    world
        .apply("promgen: 1\nusers: [{username: vera, email: vera@example.com}]")
        .await;
    let viewer = world.with_role("vera", Role::Viewer, SERVICE).await;
    let own = json!({"sender": USER, "value": viewer.id().to_string()});
    let made = world
        .json(&viewer, "POST", OF_SERVICE, own.clone())
        .await
        .expect(201);
    assert_eq!(made["value"], viewer.id().to_string());
    assert_eq!(
        world
            .json(&viewer, "POST", OF_SERVICE, own.clone())
            .await
            .expect(201)["id"],
        made["id"]
    );
    // Whoever subscribes without a way to be reached gets one to their address.
    let reached = world
        .get(&viewer, "/rest/v2/users/me/notifiers")
        .await
        .column("value");
    assert_eq!(reached, ["vera@example.com"]);
    let one = format!("/rest/v2/notifiers/{}", made["id"]);
    let off = json!({"enabled": false});
    let changed = world.json(&viewer, "PATCH", &one, off.clone()).await;
    assert_eq!(changed.expect(200)["enabled"], false);
    let bystander = world.with_role("wanda", Role::Viewer, SERVICE).await;
    let refused = world.json(&bystander, "PATCH", &one, off).await;
    refused.expect(403);
    let peer = world.superuser().await;
    let other = json!({"sender": USER, "value": peer.id().to_string()});
    world
        .json(&viewer, "POST", OF_SERVICE, other)
        .await
        .expect(403);
    world
        .json(&viewer, "POST", "/rest/v2/services/2/notifiers", own)
        .await
        .expect(403);
    world.delete(&viewer, &one).await.expect(204);
    let silent = world.with_role("willi", Role::Viewer, SERVICE).await;
    let own = json!({"sender": USER, "value": silent.id().to_string()});
    let made = world
        .json(&silent, "POST", OF_SERVICE, own)
        .await
        .expect(201);
    assert_eq!(
        made["warnings"][0]["field"], "value",
        "nothing reaches them"
    );
}

#[tokio::test]
async fn personal_notifiers_are_one_s_own() {
    let world = World::golden().await;
    let (maria, otto) = (world.person("maria").await, world.person("otto").await);
    let own = "/rest/v2/users/me/notifiers";
    let body = json!({"sender": HOOK, "value": "http://chat.example.com/maria"});
    let made = world.json(&maria, "POST", own, body).await.expect(201);
    assert_eq!(
        (&made["content_type"], &made["content_name"]),
        (&json!("user"), &json!("maria"))
    );
    let one = format!("/rest/v2/notifiers/{}", made["id"]);
    assert_eq!(
        world.get(&maria, "/rest/v2/notifiers").await.expect(200)["count"],
        1
    );
    assert_eq!(
        world.get(&otto, "/rest/v2/notifiers").await.expect(200)["count"],
        0
    );
    world
        .json(&otto, "PATCH", &one, json!({"enabled": false}))
        .await
        .expect(403);
    world.delete(&otto, &one).await.expect(403);
    world
        .json(&maria, "PATCH", &one, json!({"enabled": false}))
        .await
        .expect(200);
    let user = json!({"sender": USER, "value": maria.id().to_string()});
    let refused = world.json(&maria, "POST", own, user).await.expect(400);
    assert!(refused["sender"].is_array(), "{refused}");
    world.delete(&maria, &one).await.expect(204);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_field_and_remedy() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let long = format!("http://x/{}", "y".repeat(600));
    let cases = [
        (json!({"sender": "carrier.pigeon", "value": "x"}), "sender"),
        (json!({"sender": HOOK, "value": "no url"}), "value"),
        (json!({"sender": HOOK, "value": ""}), "value"),
        (json!({"sender": HOOK, "value": "http://x/\0"}), "value"),
        (json!({"sender": HOOK, "value": long}), "value"),
        (
            json!({"sender": HOOK, "value": "http://x", "alias": "a".repeat(129)}),
            "alias",
        ),
        (
            json!({"sender": HOOK, "value": "http://x", "secret": "\0"}),
            "secret",
        ),
        (
            json!({"sender": HOOK, "value": "http://x", "filters": [{"name": "a b", "value": "c"}]}),
            "filters",
        ),
        (
            json!({"sender": HOOK, "value": "http://x", "filters": [{"name": "a", "value": "\0"}]}),
            "filters",
        ),
        (
            json!({"sender": HOOK, "value": "http://x", "filters": [{"name": "a", "value": "c".repeat(129)}]}),
            "filters",
        ),
        (
            json!({"sender": HOOK, "value": "http://x", "enabled": "yes"}),
            "enabled",
        ),
        (json!({"sender": USER, "value": "maria"}), "value"),
        (json!({"sender": USER, "value": "999"}), "value"),
        (json!({"sender": USER, "value": "+1"}), "value"),
        (json!({"sender": USER, "value": "99999999999"}), "value"),
        (json!({"value": "x"}), "sender"),
    ];
    for (body, field) in cases {
        let answer = world.json(&peer, "POST", OF_SERVICE, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body[field].is_array(), "{body}: {}", answer.body);
    }
    let hook = |alias: &str| json!({"sender": HOOK, "value": "http://x/1", "alias": alias});
    world
        .json(&peer, "POST", OF_SERVICE, hook("a"))
        .await
        .expect(201);
    let twice = world
        .json(&peer, "POST", OF_SERVICE, hook("b"))
        .await
        .expect(400);
    assert!(twice["value"].is_array(), "{twice}");
}

#[tokio::test]
async fn a_filter_is_taken_from_its_own_notifier_only() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let make = async |value: &str| {
        let body = json!({"sender": HOOK, "value": value});
        world
            .json(&peer, "POST", OF_SERVICE, body)
            .await
            .expect(201)["id"]
            .clone()
    };
    let (one, other) = (make("http://x/1").await, make("http://x/2").await);
    let filters = format!("/rest/v2/notifiers/{one}/filters");
    let filter = json!({"name": "severity", "value": "critical"});
    let with = world
        .json(&peer, "POST", &filters, filter.clone())
        .await
        .expect(201);
    assert_eq!(
        world
            .json(&peer, "POST", &filters, filter)
            .await
            .expect(201),
        with
    );
    let id = &with["filters"][0]["id"];
    world
        .delete(&peer, &format!("/rest/v2/notifiers/{other}/filters/{id}"))
        .await
        .expect(404);
    world
        .delete(&peer, &format!("{filters}/{id}"))
        .await
        .expect(204);
    world
        .delete(&peer, &format!("{filters}/{id}"))
        .await
        .expect(404);
    world
        .delete(&peer, &format!("{filters}/x"))
        .await
        .expect(404);
    let wrong = json!({"name": "a b", "value": ""});
    let refused = world.json(&peer, "POST", &filters, wrong).await.expect(400);
    assert!(refused["filters"].is_array(), "{refused}");
}
