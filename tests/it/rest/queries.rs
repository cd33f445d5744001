//! A list takes as many statements for a thousand rows as for a few.

use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::model::{Role, RoleOn, ServiceId};
use promgen_http::route_rows;

use super::world::{Person, World};

/// Statements that a request takes.
async fn statements(world: &World, who: &Person, path: &str) -> u64 {
    let count = || -> u64 {
        let pools = world.app.store().pools();
        pools.iter().map(|pool| pool.statements).sum()
    };
    let before = count();
    world.get(who, path).await.expect(200);
    count() - before
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
