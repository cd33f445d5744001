//! `/servers`: how servers stand, and what the next deployment changes.

use promgen_core::model::{
    Role, RoleOn, Server, ServerId, ServerState, ServiceId, ShardId, TaskKind, Timestamp,
};

use super::Pages as _;
use crate::rest::world::World;

/// A server that is behind, and one that failed.
async fn servers(world: &World) {
    let tx = world.app.store().write_tx().await.unwrap();
    let revision = tx.revision().await.unwrap();
    for (port, state) in [
        (
            9090,
            ServerState {
                applied_revision: Some(revision - 1),
                applied_at: Some(Timestamp(1000)),
                ..ServerState::default()
            },
        ),
        (
            9091,
            ServerState {
                failed_revision: Some(revision),
                error: Some("rule <b> refused".to_owned()),
                failed_at: Some(Timestamp(2000)),
                ..ServerState::default()
            },
        ),
    ] {
        let server = Server {
            id: ServerId(0),
            shard: ShardId(1),
            host: "prom.example".to_owned(),
            port,
        };
        let id = tx.insert_server(&server).await.unwrap();
        tx.save_server_state(id, &state).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn everybody_sees_how_servers_stand_and_superusers_deploy() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    servers(&world).await;
    let page = world.page(&viewer, "/servers").await.shown();
    for text in [
        "prom.example:9090",
        "behind",
        "failing",
        "rule <b> refused",
        "1970-01-01",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    assert!(!page.posts_to("/servers/deploy") && !page.links_to("/servers/pending"));
    assert_eq!(
        world.submit(&viewer, "/servers/deploy", &[]).await.status,
        403
    );
    assert_eq!(world.page(&viewer, "/servers/pending").await.status, 403);
    assert!(
        world
            .page(&superuser, "/servers")
            .await
            .shown()
            .posts_to("/servers/deploy")
    );
    assert_eq!(
        world
            .submit(&superuser, "/servers/deploy", &[])
            .await
            .leads(),
        "/servers"
    );
    let elsewhere = world.page(&superuser, "/servers/pending").await.shown();
    assert!(
        elsewhere.says("The files are not on this host"),
        "{}",
        elsewhere.text()
    );
}

#[tokio::test]
async fn what_is_waiting_is_shown_as_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("promgen.rule.yml");
    std::fs::write(&rules, "groups:\n- name: old <group>\n").unwrap();
    let path = rules.clone();
    let world = World::with(|settings| settings.prometheus.rules = Some(path)).await;
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/servers/pending").await.shown();
    assert!(
        page.says("- - name: old <group>") && page.says("ServiceOnly"),
        "{}",
        page.text()
    );
    assert!(page.html.contains("class=\"added\"") && page.html.contains("class=\"removed\""));
    let outputs = world.app.fresh_outputs().await.unwrap();
    let current = outputs.rules(&promgen_core::app::Selection::All).unwrap();
    std::fs::write(&rules, &current.plain).unwrap();
    let page = world.page(&superuser, "/servers/pending").await.shown();
    assert!(page.says("changes nothing there"), "{}", page.text());
}

#[tokio::test]
async fn servers_are_asked_one_by_one_and_the_log_says_so() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    servers(&world).await;
    let tx = world.app.store().read_tx().await.unwrap();
    let all = tx.list_servers("prom.example").await.unwrap();
    let revision = tx.revision().await.unwrap();
    drop(tx);
    let (one, other) = (&all[0], &all[1]);
    let ask = format!("/servers/{}/ask", one.id);
    assert!(!world.page(&viewer, "/servers").await.shown().posts_to(&ask));
    assert_eq!(
        world
            .submit(&viewer, &ask, &[("task", "reload")])
            .await
            .status,
        403
    );
    for path in ["/servers", "/datasource/1"] {
        assert!(
            world.page(&superuser, path).await.shown().posts_to(&ask),
            "{path}"
        );
    }
    let fields = [("task", "reload"), ("next", "/datasource/1")];
    let asked = world.submit(&superuser, &ask, &fields).await;
    assert_eq!(asked.leads(), "/datasource/1");
    assert!(
        asked.notices().contains("prom.example:9090 is asked"),
        "{}",
        asked.notices()
    );
    let page = world.page(&superuser, "/servers").await.shown();
    assert!(
        page.says("Reload configuration: waits for its worker"),
        "{}",
        page.text()
    );
    let nonsense = world.submit(&superuser, &ask, &[("task", "explode")]).await;
    assert!(
        nonsense.notices().contains("explode"),
        "{}",
        nonsense.notices()
    );
    let deployed = world.submit(&superuser, "/datasource/1/deploy", &[]).await;
    assert_eq!(deployed.leads(), "/datasource/1");
    let tx = world.app.store().read_tx().await.unwrap();
    let tasks = tx.list_server_tasks().await.unwrap();
    assert!(
        tasks
            .iter()
            .any(|task| task.server == other.id && task.kind == TaskKind::Deploy)
    );
    assert_eq!(tx.revision().await.unwrap(), revision, "nothing changed");
    drop(tx);
    let log = world.page(&superuser, "/audit").await.shown();
    assert!(log.says("Asked for a reload of"), "{}", log.text());
    assert!(log.says("Asked for a deployment of"), "{}", log.text());
}
