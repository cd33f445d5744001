//! What a refresh changes, and what it leaves alone.

use promgen_core::app::farms::{self, Round};
use promgen_core::app::{Actor, AppError};

use super::world::World;

#[tokio::test]
async fn hosts_are_added_and_removed_with_an_audit_entry_for_each_set() {
    let (world, farm) = World::linked("").await;
    assert_eq!(world.hosts(farm).await, ["a", "b"]);
    world.source.offer(&[("web-farm", &["b", "c", "d"])]);
    let before = world.revision().await;

    let refreshed = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert_eq!(refreshed.added, ["c", "d"]);
    assert_eq!(refreshed.removed, ["a"]);
    assert_eq!(refreshed.warnings, []);
    assert_eq!(world.hosts(farm).await, ["b", "c", "d"]);
    assert_eq!(world.revision().await, before + 1);
    assert_eq!(
        world.audit(2).await,
        [
            ["Removed 1 host from Farm web-farm", r#"["a"]"#, ""],
            ["Added 2 hosts to Farm web-farm", "", r#"["c","d"]"#],
        ]
    );
}

#[tokio::test]
async fn a_refresh_without_a_difference_writes_nothing() {
    let (world, farm) = World::linked("").await;
    let (revision, audit) = (world.revision().await, world.audit(100).await);
    let refreshed = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert!(refreshed.added.is_empty() && refreshed.removed.is_empty());
    assert_eq!(world.revision().await, revision);
    assert_eq!(world.audit(100).await, audit);
}

#[tokio::test]
async fn a_preview_says_the_same_and_changes_nothing() {
    let (world, farm) = World::linked("").await;
    world.source.offer(&[("web-farm", &["b", "c"])]);
    let revision = world.revision().await;
    let preview = farms::preview(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert_eq!(world.revision().await, revision);
    assert_eq!(world.hosts(farm).await, ["a", "b"]);
    let refreshed = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert_eq!(preview, refreshed);
}

#[tokio::test]
async fn names_that_are_no_hosts_are_left_out_and_told() {
    let (world, farm) = World::linked("").await;
    world
        .source
        .offer(&[("web-farm", &["a", "[::1]", "x y", "http://z"])]);
    let refreshed = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert_eq!(world.hosts(farm).await, ["[::1]", "a"]);
    let [warning] = refreshed.warnings.as_slice() else {
        panic!("{:?}", refreshed.warnings)
    };
    assert!(warning.message.contains("\"x y\""), "{warning}");
}

#[tokio::test]
async fn a_round_asks_an_address_once() {
    let (world, first) = World::linked("").await;
    world
        .source
        .offer(&[("web-farm", &["a"]), ("api-farm", &["c"])]);
    let linked = farms::link(&world.app, &world.actor, "api", "http", "api-farm").await;
    let second = linked.unwrap().refreshed.farm.id;
    let asked = world.source.asked();
    let round = Round::begin(&world.app, &world.actor);
    assert_eq!(round.refresh(first).await.unwrap().removed, ["b"]);
    assert!(round.refresh(second).await.unwrap().added.is_empty());
    assert_eq!(world.source.asked(), asked + 1);
}

#[tokio::test]
async fn two_refreshes_at_once_do_the_work_once() {
    let (world, farm) = World::linked("").await;
    world.source.offer(&[("web-farm", &["b", "c"])]);
    let revision = world.revision().await;
    let refresh = || farms::refresh(&world.app, &world.actor, farm);
    let (one, two) = tokio::join!(refresh(), refresh());
    assert_eq!(one.unwrap().added.len() + two.unwrap().added.len(), 1);
    assert_eq!(world.hosts(farm).await, ["b", "c"]);
    assert_eq!(world.revision().await, revision + 1);
}

#[tokio::test]
async fn a_refresh_needs_the_right_to_change() {
    let (world, farm) = World::linked("").await;
    let asked = world.source.asked();
    let refused = farms::refresh(&world.app, &Actor::Anonymous, farm).await;
    assert!(matches!(refused, Err(AppError::Unauthenticated)));
    let refused = farms::preview(&world.app, &Actor::Anonymous, farm).await;
    assert!(matches!(refused, Err(AppError::Unauthenticated)));
    assert_eq!(world.source.asked(), asked, "nobody was asked for it");
}
