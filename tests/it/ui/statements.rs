//! Pages take as many statements for many rows as for few.

use promgen_core::model::{Exporter, ExporterId, FarmId, Host, HostId, ProjectId, Scheme};

use super::Pages as _;
use crate::rest::world::{Person, World};

/// Statements that a page takes.
async fn statements(world: &World, who: &Person, path: &str) -> u64 {
    let count = || -> u64 {
        let pools = world.app.store().pools();
        pools.iter().map(|pool| pool.statements).sum()
    };
    let before = count();
    world.page(who, path).await.shown();
    count() - before
}

/// Registers an exporter, which the edit history tells with its project.
async fn register(world: &World, who: &Person, project: u32, port: u32) {
    let (path, port) = (format!("/project/{project}/exporter"), port.to_string());
    let fields = [
        ("job", "made"),
        ("port", &port),
        ("scheme", "http"),
        ("enabled", "on"),
    ];
    world.submit(who, &path, &fields).await.leads();
}

#[tokio::test]
async fn the_edit_history_looks_names_up_in_one_go() {
    let world = World::golden().await;
    let maria = world.superuser().await;
    let path = format!("/audit?user={}", maria.id());
    register(&world, &maria, 1, 9000).await;
    world.page(&maria, "/farm").await.shown();
    let few = statements(&world, &maria, &path).await;
    for number in 0..24 {
        register(&world, &maria, number % 4 + 1, 9100 + number).await;
    }
    let page = world.page(&maria, &path).await.shown();
    for project in 1..=4 {
        let link = format!("lines\"><a href=\"/project/{project}\">");
        assert!(page.html.contains(&link), "{}", page.html);
    }
    assert_eq!(statements(&world, &maria, &path).await, few);
    assert!((1..=30).contains(&few), "{few}");
}

/// Makes hosts and exporters by the hundred.
async fn grow(world: &World) {
    let tx = world.app.store().write_tx().await.unwrap();
    for number in 0..300 {
        let host = Host {
            id: HostId(0),
            name: format!("grown-{number}"),
            farm: FarmId(1),
        };
        tx.insert_host(&host).await.unwrap();
        let exporter = Exporter {
            id: ExporterId(0),
            job: format!("grown-{number}"),
            port: 9000,
            path: String::new(),
            scheme: Scheme::Http,
            project: ProjectId(1),
            enabled: true,
        };
        tx.insert_exporter(&exporter).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn pages_of_objects_take_the_same_number_of_statements_whatever_they_show() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let paths = [
        "/project/1",
        "/service/1",
        "/farm",
        "/farm/1",
        "/host/",
        "/host/host-000-00-000.example.com",
        "/url",
        "/datasource",
        "/datasource/2",
        "/project/1/exporter",
        "/search?search=0",
        "/service?sort=-projects",
        "/farm?sort=hosts",
        "/rule?sort=-overrides",
        "/service/1?sort=exporters",
        "/project/1?exporters-sort=port&hosts-sort=-name",
        "/servers",
        "/project/1/update",
        "/admin/exporter",
        "/admin/exporter?sort=-uses",
        "/admin/role",
        "/service/1/delete",
        "/project/1/delete",
        "/farm/1/delete",
        "/datasource/1/delete",
        "/datasource/2/delete",
        "/rule/1/delete",
        "/probe/1/delete",
    ];
    // That a token was used is noted once a minute.
    world.page(&superuser, "/farm").await.shown();
    let mut few = Vec::new();
    for path in paths {
        few.push((path, statements(&world, &superuser, path).await));
    }
    grow(&world).await;
    for (path, few) in few {
        let many = statements(&world, &superuser, path).await;
        assert_eq!(many, few, "{path}");
        assert!((1..=80).contains(&many), "{path} takes {many} statements");
    }
}
