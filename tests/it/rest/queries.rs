//! A list takes as many statements for a thousand rows as for a few, and so does a page.

use std::collections::BTreeMap;

use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::model::{Role, RoleOn, ServiceId};
use promgen_http::route_rows;
use serde_json::{Value, json};

use super::matrix::objects::{Cast, Whose};
use super::world::{Person, World};

/// Statements that a request takes.
async fn statements(world: &World, who: &Person, path: &str) -> u64 {
    let before = so_far(world);
    world.get(who, path).await.expect(200);
    so_far(world) - before
}

/// Statements since the beginning.
fn so_far(world: &World) -> u64 {
    let pools = world.app.store().pools();
    pools.iter().map(|pool| pool.statements).sum()
}

#[tokio::test]
async fn lists_take_the_same_number_of_statements_whatever_their_length() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let viewer = world
        .with_role("viewer", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    let lists = route_rows().into_iter().filter(|row| {
        let list = row.act == Act::List && row.method == Method::GET;
        list && row.path.starts_with("/rest/v2/") && !row.path.contains('{')
    });
    let paths: Vec<String> = lists.map(|row| row.path).collect();
    assert!(paths.len() > 8, "{paths:?}");
    // That a token was used is noted once a minute.
    for who in [&peer, &viewer] {
        world.get(who, "/rest/v2/sites/info").await.expect(200);
    }
    for path in paths {
        // Shards are asked how much they have to do, which takes no statement.
        for who in [&peer, &viewer] {
            let short = statements(&world, who, &format!("{path}?page_size=1")).await;
            let long = statements(&world, who, &format!("{path}?page_size=1000")).await;
            // What nothing on a short page needs, such as the names of users, is not asked for.
            assert!(
                (short..=short + 2).contains(&long),
                "{path}: {short}, {long}"
            );
            assert!((1..=12).contains(&long), "{path} takes {long} statements");
        }
    }
}

/// More of everything below a service of the data set, and more services: several pages of each list.
fn more() -> Value {
    let rule = |number: usize| json!({"name": format!("More_{number}"), "clause": "up == 0"});
    let host = |number: usize| format!("more-{number}.example.com");
    let sender = |number: usize| json!({"driver": "promgen.notification.webhook", "value": format!("http://127.0.0.1:1/{number}")});
    let project = |number: usize| {
        json!({
            "name": format!("more-{number}"), "shard": "shard-a",
            "farm": {"name": format!("more-{number}"), "hosts": (0..4).map(host).collect::<Vec<_>>()},
            "exporters": [{"job": "node", "port": 9100}],
        })
    };
    let service = |number: usize| json!({"name": format!("more-{number}")});
    let below = json!({
        "name": "svc-000", "rules": (0..60).map(rule).collect::<Vec<_>>(),
        "senders": (0..60).map(sender).collect::<Vec<_>>(),
        "projects": (0..60).map(project).collect::<Vec<_>>(),
    });
    let services: Vec<Value> = [below].into_iter().chain((0..60).map(service)).collect();
    let users = (0..60).map(|number| json!({"username": format!("more-{number}")}));
    json!({"promgen": 1, "users": users.collect::<Vec<_>>(), "services": services})
}

/// Statements that each page takes, by its path.
async fn of_pages(cast: &Cast) -> BTreeMap<String, u64> {
    let world = cast.world();
    let superuser = world.superuser().await;
    let mut counts = BTreeMap::new();
    for row in route_rows() {
        let for_programs = ["/rest/", "/api/", "/proxy/", "/metrics"];
        let page = !for_programs
            .iter()
            .any(|prefix| row.path.starts_with(prefix));
        if row.method == Method::GET && page {
            let path = cast.path(&row.path, Whose::Own);
            // The first time, what is remembered is asked for.
            world.text(Some(&superuser), &path).await;
            let before = so_far(world);
            let told = world.text(Some(&superuser), &path).await;
            if told.starts_with("200") && told.contains("text/html") {
                counts.insert(row.path, so_far(world) - before);
            }
        }
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_take_the_same_number_of_statements_whatever_there_is() {
    let (few, many) = (Cast::new().await, Cast::new().await);
    many.world().apply(&more().to_string()).await;
    for _ in 0..60 {
        many.alert("svc-000").await;
    }
    let (few, many) = (of_pages(&few).await, of_pages(&many).await);
    assert!(few.len() > 10, "few pages: {few:?}");
    let mut wrong = Vec::new();
    for (path, few) in few {
        let many = many.get(&path).copied().unwrap_or_default();
        // What nothing on a short page needs, such as the names of users, is not asked for; and a worker
        // beside it may look at the database meanwhile.
        if many > few + 2 || many == 0 || many > 80 {
            wrong.push(format!("{path}: {few}, then {many}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
