//! `/rest/v2/probes` and `/rest/v2/sites/info`

use serde_json::json;

use super::{World, recorded};

const PROBES: &str = "/rest/v2/probes";

#[tokio::test]
async fn answers_are_those_of_the_original() {
    let world = World::golden().await;
    let nobody = world.person("vera").await;
    for path in [PROBES, "/rest/v2/sites/info"] {
        let ours = world.get(&nobody, path).await;
        assert_eq!(ours, recorded(&format!("GET {path}")), "{path}");
        world.send(None, "GET", path, None).await.expect(401);
    }
    let found = world.get(&nobody, "/rest/v2/probes?module=post").await;
    assert_eq!(found.column("module"), ["http_post_2xx"]);
}

#[tokio::test]
async fn superusers_make_change_and_delete_them() {
    let world = World::golden().await;
    let (peer, nobody) = (world.superuser().await, world.person("vera").await);
    let body = json!({"module": "icmp", "description": "answers pings"});
    world
        .json(&nobody, "POST", PROBES, body.clone())
        .await
        .expect(403);
    let made = world
        .json(&peer, "POST", PROBES, body.clone())
        .await
        .expect(201);
    assert_eq!(
        world.json(&peer, "POST", PROBES, body).await.expect(201),
        made
    );
    let one = format!("{PROBES}/{}", made["id"]);
    world
        .json(&nobody, "PATCH", &one, json!({"description": ""}))
        .await
        .expect(403);
    world.delete(&nobody, &one).await.expect(403);
    let changed = world
        .json(&peer, "PATCH", &one, json!({"module": "ping"}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["module"], &changed["description"]),
        (&json!("ping"), &json!("answers pings"))
    );
    let taken = json!({"module": "http_2xx"});
    assert!(world.json(&peer, "PATCH", &one, taken).await.expect(400)["module"].is_array());
    let taken = json!({"module": "http_2xx", "description": "another"});
    assert!(world.json(&peer, "POST", PROBES, taken).await.expect(400)["module"].is_array());
    world.delete(&peer, &one).await.expect(204);
    world.delete(&peer, &one).await.expect(404);
    let used = world.delete(&peer, "/rest/v2/probes/1").await.expect(400);
    assert!(
        used["module"].is_array(),
        "its URLs would go with it: {used}"
    );
    for (field, value) in [
        ("module", json!("")),
        ("module", json!("x".repeat(129))),
        ("module", json!("a\0")),
        ("description", json!("\0")),
    ] {
        let mut body = json!({"module": "m"});
        body[field] = value;
        let refused = world.json(&peer, "POST", PROBES, body).await.expect(400);
        assert!(refused[field].is_array(), "{refused}");
    }
}
