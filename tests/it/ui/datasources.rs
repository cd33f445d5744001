//! `/datasource`: shards and their servers, and how targets are.

use promgen_core::model::{ProjectId, Role, RoleOn, ShardId};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::Pages as _;
use crate::rest::world::{Person, World};

/// Makes a datasource with credentials, and answers its path.
async fn north(world: &World, superuser: &Person) -> String {
    let fields = [
        ("name", "north"),
        ("url", "http://p:9090"),
        ("enabled", "on"),
        ("samples", "1000"),
        ("targets", "10"),
        ("authorization", "Bearer canary"),
    ];
    let made = world.submit(superuser, "/datasource/new", &fields).await;
    made.leads().to_owned()
}

#[tokio::test]
async fn a_datasource_that_cannot_be_is_refused_beside_its_fields() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let fields = [
        ("name", "north"),
        ("url", "nowhere"),
        ("authorization", "canary"),
    ];
    let refused = world
        .submit(&superuser, "/datasource/new", &fields)
        .await
        .shown();
    assert!(refused.html.contains("id_url_problems") && !refused.html.contains("canary"));
    let odd = [("name", "north"), ("samples", "many")];
    let refused = world
        .submit(&superuser, "/datasource/new", &odd)
        .await
        .shown();
    assert!(refused.says("is not a number"), "{}", refused.text());
}

#[tokio::test]
async fn a_datasource_is_changed_and_its_credentials_stay_until_they_are_said_to_go() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let shard = north(&world, &superuser).await;
    let page = world.page(&superuser, &shard).await.shown();
    for text in [
        "north",
        "http://p:9090",
        "takes projects not queried with credentials",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    assert!(!page.html.contains("canary"));
    let load = "data-usage=\"north\" data-samples=\"1000\" data-exporters=\"10\"";
    assert!(page.html.contains(load));

    // What is not ticked is off.
    let update = format!("{shard}/update");
    let fields = [("name", "north"), ("url", "http://p:9090"), ("proxy", "on")];
    assert_eq!(
        world.submit(&superuser, &update, &fields).await.leads(),
        shard
    );
    let page = world.page(&superuser, &shard).await.shown();
    assert!(
        page.says("disabled answers queries with credentials"),
        "{}",
        page.text()
    );
    let forget = [
        ("name", "north"),
        ("url", "http://p:9090"),
        ("forget", "on"),
    ];
    assert_eq!(
        world.submit(&superuser, &update, &forget).await.leads(),
        shard
    );
    let page = world.page(&superuser, &shard).await.shown();
    assert!(!page.says("with credentials"), "{}", page.text());
    let gone = world
        .submit(&superuser, &format!("{shard}/delete"), &[])
        .await;
    assert_eq!(gone.leads(), "/datasource");
    assert_eq!(world.page(&superuser, &shard).await.status, 404);
}

#[tokio::test]
async fn a_server_is_added_moved_and_taken_away() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let shard = north(&world, &superuser).await;
    let new = format!("{shard}/server");
    let wrong = [("host", "a b"), ("port", "9090")];
    let refused = world.submit(&superuser, &new, &wrong).await.shown();
    assert!(
        refused.html.contains("id_host_problems"),
        "{}",
        refused.text()
    );
    let fields = [("host", "prom-north"), ("port", "9090")];
    assert_eq!(world.submit(&superuser, &new, &fields).await.leads(), shard);
    let page = world.page(&superuser, &shard).await.shown();
    assert!(
        page.says("promgen worker --queues prom-north"),
        "{}",
        page.text()
    );
    let found = page
        .html
        .split('"')
        .find(|text| text.starts_with(&format!("{new}/")));
    let server = found.unwrap();
    let moved = [("host", "prom-north"), ("port", "9091")];
    assert_eq!(
        world.submit(&superuser, server, &moved).await.leads(),
        shard
    );
    let delete = format!("{server}/delete");
    let asked = world.page(&superuser, &delete).await.shown();
    assert!(asked.says("prom-north:9091"), "{}", asked.text());
    assert_eq!(world.submit(&superuser, &delete, &[]).await.leads(), shard);
    let page = world.page(&superuser, &shard).await.shown();
    assert!(page.says("No server is registered."), "{}", page.text());
}

#[tokio::test]
async fn a_datasource_with_projects_is_kept_and_shows_what_one_may_see() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let viewer = world
        .with_role("viewer", Role::Viewer, RoleOn::Project(ProjectId(1)))
        .await;
    let shard = {
        let tx = world.app.store().read_tx().await.unwrap();
        tx.load_project(ProjectId(1)).await.unwrap().unwrap().shard
    };
    let here = format!("/datasource/{shard}");
    let kept = world
        .submit(&superuser, &format!("{here}/delete"), &[])
        .await;
    assert_eq!(kept.leads(), here);
    assert!(
        kept.notices().contains("has projects"),
        "{}",
        kept.notices()
    );
    let all = world.page(&superuser, &here).await.shown();
    let own = world.page(&viewer, &here).await.shown();
    assert!(all.links_to("/project/1") && own.links_to("/project/1") && own.says("1 entry"));
    assert!(all.links_to(&format!("{here}/update")) && !own.links_to(&format!("{here}/update")));
    let list = world.page(&viewer, "/datasource").await.shown();
    assert!(list.says("1 project") && list.links_to(&here) && !list.links_to("/datasource/new"));
    assert_eq!(world.page(&viewer, "/datasource/new").await.status, 403);
}

/// Puts a stand-in in the place of the Prometheus of project 1.
async fn shard_of_project_one(world: &World, answers: Answers) -> (FakeShard, ShardId) {
    let fake = FakeShard::start(answers).await;
    let tx = world.app.store().write_tx().await.unwrap();
    let project = tx.load_project(ProjectId(1)).await.unwrap().unwrap();
    let mut shard = tx.load_shard(project.shard).await.unwrap().unwrap();
    shard.url = fake.url();
    tx.update_shard(&shard).await.unwrap();
    tx.commit().await.unwrap();
    (fake, shard.id)
}

#[tokio::test]
async fn beside_each_host_stands_how_prometheus_finds_it() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(1));
    let viewer = world.with_role("viewer", Role::Viewer, on).await;
    let labels = |host: &str, project: &str| {
        json!({"service": "svc-000", "project": project, "job": "node",
               "instance": format!("{host}.example.com:9100")})
    };
    let sample = |host: &str, project: &str, up: &str| json!({"metric": labels(host, project), "value": [1, up]});
    let (good, bad) = ("host-000-00-000", "host-000-00-001");
    let error = "connection refused <b>";
    let answers = Answers::ByPath(vec![
        (
            "/api/v1/query",
            json!({"resultType": "vector", "result": [
                sample(good, "prj-000-00", "1"),
                sample(bad, "prj-000-00", "0"),
                sample("host-000-00-002", "prj.001.01", "1"),
            ]}),
        ),
        (
            "/api/v1/targets",
            json!({"activeTargets": [
                {"labels": labels(good, "prj-000-00"), "health": "up", "lastError": ""},
                {"labels": labels(bad, "prj-000-00"), "health": "down", "lastError": error},
            ], "droppedTargets": []}),
        ),
    ]);
    let (fake, _) = shard_of_project_one(&world, answers).await;
    let page = world.page(&viewer, "/project/1/health").await.shown();
    assert!(
        page.says(&format!("{good}.example.com node up")),
        "{}",
        page.text()
    );
    let down = format!("{bad}.example.com node down connection refused <b>");
    assert!(page.says(&down), "{}", page.text());
    assert!(
        !page.html.contains("data-load"),
        "what was asked is not asked again"
    );
    let asked = fake.asked();
    let query = "query=up%7Bservice%3D%22svc-000%22%2Cproject%3D%22prj-000-00%22%7D";
    assert!(asked[0].target.ends_with(query), "{}", asked[0].target);
    assert_eq!(
        asked.len(),
        2,
        "why something is down is asked only when something is"
    );

    let host = world
        .page(&viewer, &format!("/host/{bad}.example.com/health"))
        .await
        .shown();
    assert!(
        host.says("prj-000-00 : node down connection refused <b>"),
        "{}",
        host.text()
    );
    assert!(!host.says("prj.001.01"), "projects of others are left out");
}

#[tokio::test]
async fn a_prometheus_that_does_not_answer_leaves_the_page_whole() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let (fake, _) =
        shard_of_project_one(&world, Answers::With(500, "text/plain", "no".to_owned())).await;
    let page = world.page(&superuser, "/project/1/health").await.shown();
    assert!(
        page.says("Prometheus did not answer.")
            && page.links_to("/host/host-000-00-000.example.com")
    );
    fake.answer(Answers::Large(20 * 1024 * 1024));
    let large = world.page(&superuser, "/project/1/health").await.shown();
    assert!(
        large.says("larger than there is room for"),
        "{}",
        large.text()
    );
}
