//! `/rest/v2/farms`: farms whose hosts come from elsewhere

use promgen_core::config;
use promgen_core::model::{ProjectId, Role, RoleOn};
use promgen_plugins as _;
use promgen_tests::source::{Reply, Source};
use serde_json::{Value, json};

use super::World;
use super::world::Person;

/// The golden data set beside a source of farms, and an editor of a project without one.
async fn world() -> (World, Source, Person) {
    let source = Source::start().await;
    let address = source.address();
    let world = World::with(|settings| {
        let text = format!(
            "permissions: {{default_role: none}}\n\
             promgen.discovery.http: {{url: 'http://{address}/sd'}}\n"
        );
        let database = settings.database.clone();
        *settings = config::parse(&text).unwrap().settings;
        settings.database = database;
    })
    .await;
    let on = RoleOn::Project(ProjectId(10));
    let editor = world.with_role("editor", Role::Editor, on).await;
    (world, source, editor)
}

#[tokio::test]
async fn sources_and_what_they_offer_are_listed_for_everybody() {
    let (world, source, _) = world().await;
    let nobody = world.person("nobody").await;
    let names = async |query: &str| {
        let path = format!("/rest/v2/farms/sources{query}");
        world.get(&nobody, &path).await.column("name")
    };
    let all = names("").await;
    assert!(
        all.contains(&json!("http")) && all.contains(&json!("promgen")),
        "{all:?}"
    );
    assert_eq!(names("?remote=false").await, ["promgen"]);
    assert_eq!(names("?name=HTT").await, ["http"]);
    world
        .get(&nobody, "/rest/v2/farms/sources?remote=maybe")
        .await
        .expect(400);

    source.offer(&[("b-farm", &["b"]), ("A-farm", &["a"]), ("c", &["c"])]);
    let offers = "/rest/v2/farms/remotes/http";
    assert_eq!(
        world.get(&nobody, offers).await.column("name"),
        ["A-farm", "b-farm", "c"]
    );
    let path = format!("{offers}?name=farm&page_size=1");
    let page = world.get(&nobody, &path).await.expect(200);
    assert_eq!(
        (&page["count"], &page["results"]),
        (&json!(2), &json!([{"name": "A-farm"}]))
    );
    let unknown = world
        .get(&nobody, "/rest/v2/farms/remotes/nowhere")
        .await
        .expect(400);
    assert!(unknown["source"].is_array(), "{unknown}");
    let local = world
        .get(&nobody, "/rest/v2/farms/remotes/promgen")
        .await
        .expect(400);
    assert!(local["detail"].is_string(), "{local}");
    source.say(Reply::Status(500));
    world.get(&nobody, offers).await.expect(502);
    assert_eq!(world.send(None, "GET", offers, None).await.status, 401);
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn a_remote_farm_is_registered_synced_and_converted() {
    let (world, source, editor) = world().await;
    source.offer(&[("web", &["a", "b"])]);
    let path = "/rest/v2/projects/10/farms";
    let post = async |body: Value| world.json(&editor, "POST", path, body).await;
    let unknown = post(json!({"name": "ghost", "source": "http"}))
        .await
        .expect(400);
    assert!(unknown["farm"].is_array(), "{unknown}");
    let hosts = json!({"name": "web", "source": "http", "hosts": ["c"]});
    assert!(post(hosts).await.expect(400)["hosts"].is_array());
    let made = post(json!({"name": "web", "source": "http"}))
        .await
        .expect(201);
    assert_eq!(
        (&made["remote"], &made["source"]),
        (&json!(true), &json!("http"))
    );
    let farm = format!("/rest/v2/farms/{}", made["id"]);
    let names = async || {
        world
            .get(&editor, &format!("{farm}/hosts"))
            .await
            .column("name")
    };
    assert_eq!(names().await, ["a", "b"]);

    for (method, path, body) in [
        ("PATCH", farm.clone(), json!({"name": "other"})),
        ("POST", format!("{farm}/hosts"), json!({"hosts": ["c"]})),
    ] {
        let refused = world.json(&editor, method, &path, body).await.expect(400);
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .contains("only local farms"),
            "{refused}"
        );
    }

    source.offer(&[("web", &["b", "c"])]);
    let synced = world
        .send(Some(&editor), "POST", &format!("{farm}/sync"), None)
        .await;
    assert_eq!(synced.expect(200)["id"], made["id"]);
    assert_eq!(names().await, ["b", "c"]);
    source.say(Reply::Status(500));
    world
        .send(Some(&editor), "POST", &format!("{farm}/sync"), None)
        .await
        .expect(502);
    assert_eq!(
        names().await,
        ["b", "c"],
        "a source that fails takes nothing"
    );

    let convert = format!("{farm}/convert-to-local");
    let viewer = world
        .with_role("viewer", Role::Viewer, RoleOn::Project(ProjectId(10)))
        .await;
    for path in [&convert, &format!("{farm}/sync")] {
        world
            .send(Some(&viewer), "POST", path, None)
            .await
            .expect(403);
    }
    let converted = world
        .send(Some(&editor), "POST", &convert, None)
        .await
        .expect(200);
    assert_eq!(
        (&converted["remote"], &converted["source"]),
        (&json!(false), &json!("promgen"))
    );
    assert_eq!(names().await, ["b", "c"]);
    for path in [&convert, &format!("{farm}/sync")] {
        let refused = world
            .send(Some(&editor), "POST", path, None)
            .await
            .expect(400);
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .contains("only remote farms"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_source_is_not_asked_for_somebody_who_may_not_edit() {
    let (world, source, _) = world().await;
    let nobody = world.person("nobody").await;
    let body = json!({"name": "web", "source": "http"});
    world
        .json(&nobody, "POST", "/rest/v2/projects/10/farms", body)
        .await
        .expect(403);
    assert_eq!(source.asked(), 0);
}
