//! `/rest/v2/logs`: who reads which entries.

use std::collections::BTreeSet;

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{World, recorded};

const ALL: &str = "/rest/v2/logs?page_size=1000";

#[tokio::test]
async fn entries_have_the_fields_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let keys = |body: &Value| -> BTreeSet<String> {
        body["results"][0]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let golden = recorded("GET /rest/v2/logs?page_size=3").body;
    let ours = world
        .get(&peer, "/rest/v2/logs?page_size=3")
        .await
        .expect(200);
    let mut expected = keys(&golden);
    // The original leaves the user out where there is none.
    expected.extend(["user".to_owned(), "actor".to_owned()]);
    assert_eq!(keys(&ours), expected);
    let ids: Vec<Value> = world.get(&peer, ALL).await.column("id");
    assert!(
        ids.is_sorted_by(|a, b| a.as_i64() > b.as_i64()),
        "newest first"
    );
}

#[tokio::test]
async fn one_reads_about_what_one_sees() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("vera").await;
    for entry in world.get(&nobody, ALL).await.results() {
        let (kind, parent) = (&entry["content_type"], &entry["parent_content_type"]);
        let of_site = kind == "rule" && parent == "site";
        let own = parent == "user" && entry["parent_object_id"] == nobody.id();
        assert!(of_site || own, "{entry}");
    }
    let on = RoleOn::Project(ProjectId(2));
    let viewer = world.with_role("willi", Role::Viewer, on).await;
    let seen = world.get(&viewer, ALL).await.results();
    assert!(
        seen.iter()
            .any(|one| one["content_type"] == "project" && one["object_id"] == 2)
    );
    assert!(
        seen.iter().any(|one| one["content_type"] == "host"),
        "of its farm"
    );
    assert!(seen.iter().all(|one| one["content_type"] != "service"));
    let ids = |entries: &[Value]| -> BTreeSet<i64> {
        let shared = entries
            .iter()
            .filter(|one| one["parent_content_type"] != "user");
        shared.filter_map(|one| one["id"].as_i64()).collect()
    };
    let service = RoleOn::Service(ServiceId(1));
    let wider = world.with_role("xaver", Role::Viewer, service).await;
    let wider = world.get(&wider, ALL).await.results();
    assert!(ids(&wider).is_superset(&ids(&seen)) && ids(&wider) != ids(&seen));
    let all = world.get(&peer, ALL).await.results();
    let of_others = |one: &Value| {
        one["content_type"] == "token" && one["log"].as_str().unwrap().ends_with("of peer")
    };
    assert!(all.iter().any(of_others) && !wider.iter().any(of_others));
    let foreign =
        |one: &Value| one["parent_content_type"] == "service" && one["parent_object_id"] == 2;
    assert!(all.iter().any(foreign) && !wider.iter().any(foreign));
}

#[tokio::test]
async fn with_a_default_role_one_reads_about_the_whole_tree_and_nobody_s_own() {
    let world = World::with(|_| {}).await;
    let (maria, otto) = (world.person("maria").await, world.person("otto").await);
    let body = json!({"sender": "promgen.notification.webhook", "value": "http://x/maria"});
    world
        .json(&maria, "POST", "/rest/v2/users/me/notifiers", body)
        .await
        .expect(201);
    let senders = "/rest/v2/logs?content_type=sender&parent_content_type=user";
    assert_eq!(world.get(&maria, senders).await.results().len(), 1);
    assert_eq!(world.get(&otto, senders).await.results().len(), 0);
    let mut entries = world.get(&otto, ALL).await.results();
    entries
        .retain(|one| one["parent_content_type"] != "user" || one["parent_object_id"] != otto.id());
    let kinds: BTreeSet<&str> = entries
        .iter()
        .filter_map(|one| one["content_type"].as_str())
        .collect();
    for kind in [
        "service", "project", "rule", "farm", "host", "exporter", "url", "sender",
    ] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    for kind in ["token", "user", "shard"] {
        assert!(!kinds.contains(&kind), "{kind}");
    }
}

#[tokio::test]
async fn filters_narrow_the_list_and_wrong_ones_are_told() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let rename = json!({"enabled": false});
    world
        .json(&peer, "PATCH", "/rest/v2/rules/9", rename)
        .await
        .expect(200);
    let entries = world
        .get(&peer, "/rest/v2/logs?content_type=rule&object_id=9")
        .await
        .results();
    assert_eq!(entries.len(), 2);
    let newest = &entries[0];
    assert_eq!(
        (&newest["user"], &newest["parent_content_type"]),
        (&json!("peer"), &json!("service"))
    );
    let (old, new) = (
        newest["old"].as_str().unwrap(),
        newest["new"].as_str().unwrap(),
    );
    assert!(old.contains("\"enabled\":true") && new.contains("\"enabled\":false"));
    let count = async |query: &str| {
        let body = world.get(&peer, &format!("/rest/v2/logs?{query}")).await;
        body.expect(200)["count"].as_u64().unwrap()
    };
    assert_eq!(count("user=peer").await, 1);
    assert!(count("parent_content_type=service&parent_object_id=1").await > 1);
    assert_eq!(count("object_id=99999999999").await, 0);
    for (query, field) in [
        ("content_type=spaceship", "content_type"),
        ("parent_content_type=rule", "parent_content_type"),
        ("object_id=x", "object_id"),
    ] {
        let body = world.get(&peer, &format!("/rest/v2/logs?{query}")).await;
        assert!(body.expect(400)[field].is_array(), "{query}");
    }
    world
        .send(None, "GET", "/rest/v2/logs", None)
        .await
        .expect(401);
}
