//! `/rest/v2/shards` and their servers

use serde_json::{Value, json};

use super::{World, recorded};

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let nobody = world.person("nobody").await;
    let fields = |body: &Value| {
        let mut body = body.clone();
        let shard = body.as_object_mut().unwrap();
        // Asked of a live Prometheus; and the data set has another address for one of them.
        for key in ["samples_count", "targets_count", "url"] {
            assert!(shard.remove(key).is_some(), "{key}");
        }
        body
    };
    let ours = world.get(&nobody, "/rest/v2/shards").await.results();
    let theirs = recorded("GET /rest/v2/shards").results();
    let all = |list: &[Value]| list.iter().map(fields).collect::<Vec<_>>();
    assert_eq!(all(&ours), all(&theirs));
    let one = world.get(&nobody, "/rest/v2/shards/2").await.expect(200);
    assert_eq!(
        fields(&one),
        fields(&recorded("GET /rest/v2/shards/2").body)
    );
    let named = world
        .get(&nobody, "/rest/v2/shards?name=shard-")
        .await
        .column("id");
    assert_eq!(named, [2, 3]);
    world.get(&nobody, "/rest/v2/shards/99").await.expect(404);
}

#[tokio::test]
async fn superusers_make_change_and_delete_shards() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    let new = json!({"name": "new", "url": "http://p:9090", "authorization": "Bearer canary"});
    world
        .json(&nobody, "POST", "/rest/v2/shards", new.clone())
        .await
        .expect(403);
    let made = world
        .json(&peer, "POST", "/rest/v2/shards", new.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["enabled"], &made["samples"]),
        (&json!(true), &json!(5_000_000))
    );
    let again = world
        .json(&peer, "POST", "/rest/v2/shards", new)
        .await
        .expect(201);
    assert_eq!(again, made);
    let path = format!("/rest/v2/shards/{}", made["id"]);
    let changed = json!({"proxy": true, "targets": 7});
    world
        .json(&nobody, "PATCH", &path, changed.clone())
        .await
        .expect(403);
    let after = world.json(&peer, "PATCH", &path, changed).await.expect(200);
    assert_eq!(
        (&after["proxy"], &after["targets"], &after["url"]),
        (&json!(true), &json!(7), &json!("http://p:9090"))
    );
    let whole = json!({"name": "renamed", "url": ""});
    let after = world.json(&peer, "PUT", &path, whole).await.expect(200);
    assert_eq!(
        (&after["proxy"], &after["targets"]),
        (&json!(false), &json!(10_000))
    );
    let taken = json!({"name": "shard-a", "url": ""});
    assert!(world.json(&peer, "PUT", &path, taken).await.expect(400)["name"].is_array());
    world.delete(&nobody, &path).await.expect(403);
    world.delete(&peer, &path).await.expect(204);
    world.get(&peer, &path).await.expect(404);
    let used = world.delete(&peer, "/rest/v2/shards/2").await.expect(400);
    assert!(
        used["detail"].as_str().unwrap().contains("has projects"),
        "{used}"
    );
}

#[tokio::test]
async fn the_header_of_a_shard_is_kept_and_never_told() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let path = "/rest/v2/shards/2";
    let stored = async || {
        let tx = world.app.store().read_tx().await.unwrap();
        let shard = tx.find_shard("shard-a").await.unwrap().unwrap();
        shard.authorization.map(|secret| secret.reveal().clone())
    };
    let secret = json!({"authorization": "Bearer canary-of-shard"});
    let told = world.json(&peer, "PATCH", path, secret).await.expect(200);
    assert_eq!(stored().await.as_deref(), Some("Bearer canary-of-shard"));
    let whole = json!({"name": "shard-a", "url": "http://p"});
    let replaced = world.json(&peer, "PUT", path, whole).await.expect(200);
    assert_eq!(stored().await.as_deref(), Some("Bearer canary-of-shard"));
    let listed = world.get(&peer, "/rest/v2/shards").await.expect(200);
    let tx = world.app.store().read_tx().await.unwrap();
    let audit = format!("{:?}", tx.list_audit(10, None).await.unwrap());
    drop(tx);
    for text in [
        told.to_string(),
        replaced.to_string(),
        listed.to_string(),
        audit,
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
    world
        .json(&peer, "PATCH", path, json!({"authorization": ""}))
        .await
        .expect(200);
    assert_eq!(stored().await, None);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for (body, field) in [
        (json!({"url": ""}), "name"),
        (json!({"name": "a/b", "url": ""}), "name"),
        (json!({"name": "n", "url": "prometheus:9090"}), "url"),
        (
            json!({"name": "n", "url": format!("http://{}", "p".repeat(256))}),
            "url",
        ),
        (json!({"name": "n", "url": "", "samples": -1}), "samples"),
        (
            json!({"name": "n", "url": "", "targets": u64::MAX}),
            "targets",
        ),
        (
            json!({"name": "n", "url": "", "authorization": "a\nb"}),
            "authorization",
        ),
        (json!({"name": "n", "url": "", "proxy": "yes"}), "proxy"),
    ] {
        let refused = world
            .json(&peer, "POST", "/rest/v2/shards", body.clone())
            .await
            .expect(400);
        assert!(refused[field].is_array(), "{body}: {refused}");
    }
}

#[tokio::test]
async fn servers_come_move_and_go() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let nobody = world.person("nobody").await;
    let servers = |shard: u8| format!("/rest/v2/shards/{shard}/servers");
    let new = json!({"host": "prometheus001", "port": 9090});
    world
        .json(&nobody, "POST", &servers(2), new.clone())
        .await
        .expect(403);
    let made = world
        .json(&peer, "POST", &servers(2), new.clone())
        .await
        .expect(201);
    assert_eq!(
        world
            .json(&peer, "POST", &servers(2), new.clone())
            .await
            .expect(201),
        made
    );
    assert_eq!(
        world.get(&nobody, &servers(2)).await.results(),
        std::slice::from_ref(&made)
    );
    let moved = world
        .json(&peer, "POST", &servers(3), new)
        .await
        .expect(201);
    assert_eq!((&moved["id"], &moved["shard"]), (&made["id"], &json!(3)));
    assert_eq!(
        world.get(&nobody, &servers(2)).await.results(),
        [] as [Value; 0]
    );
    let refused = json!({"host": "a:1", "port": 0});
    let refused = world
        .json(&peer, "POST", &servers(2), refused)
        .await
        .expect(400);
    assert!(
        refused["host"].is_array() && refused["port"].is_array(),
        "{refused}"
    );
    let of = |shard: u8| format!("{}/{}", servers(shard), made["id"]);
    world.delete(&peer, &of(2)).await.expect(404);
    world.delete(&nobody, &of(3)).await.expect(403);
    world.delete(&peer, &of(3)).await.expect(204);
}
