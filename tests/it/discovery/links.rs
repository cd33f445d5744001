//! Which farm serves which project.

use promgen_core::app::{AppError, farms};
use promgen_core::model::LOCAL_SOURCE;
use promgen_tests::source::Reply;

use super::world::World;

#[tokio::test]
async fn a_link_makes_the_farm_and_a_second_one_shares_it() {
    let world = World::new().await;
    world.source.offer(&[("web-farm", &["a", "b"])]);
    let link = |project| farms::link(&world.app, &world.actor, project, "http", "web-farm");
    let revision = world.revision().await;
    let first = link("web").await.unwrap();
    assert!(first.created);
    assert_eq!(first.refreshed.added, ["a", "b"]);
    assert_eq!(world.revision().await, revision + 1, "one change");
    let bodies: Vec<String> = world.audit(3).await.into_iter().map(|[b, ..]| b).collect();
    assert_eq!(
        bodies,
        [
            "Added 2 hosts to Farm web-farm",
            "Updated Project web",
            "Created Farm web-farm"
        ]
    );

    let second = link("api").await.unwrap();
    assert!(!second.created);
    assert_eq!(second.refreshed.farm, first.refreshed.farm);
    let reports = farms::list(&world.app, &world.actor).await.unwrap();
    let farm = reports.iter().find(|r| r.name == "web-farm").unwrap();
    assert_eq!(farm.projects, ["api", "web"]);
    assert_eq!((farm.hosts, farm.remote), (2, true));
    assert_eq!(farm.problem, None);

    let again = world.revision().await;
    link("api").await.unwrap();
    assert_eq!(world.revision().await, again, "it was so already");
}

#[tokio::test]
async fn what_cannot_be_linked_is_refused_and_changes_nothing() {
    let world = World::new().await;
    world.source.offer(&[("web-farm", &["a"])]);
    let (revision, known) = (world.revision().await, world.farms().await);
    for (project, source, farm, part) in [
        ("web", LOCAL_SOURCE, "local", "cannot link to a local farm"),
        ("web", "gone", "web-farm", "no discovery source \"gone\""),
        ("web", "http", "a/b", "'/'"),
        ("web", "http", "ghost", "knows no farm \"ghost\""),
        ("ghost", "http", "web-farm", "project \"ghost\""),
    ] {
        let refused = farms::link(&world.app, &world.actor, project, source, farm).await;
        let told = refused.unwrap_err().to_string();
        assert!(told.contains(part), "{part}: {told}");
    }
    world.source.say(Reply::Status(503));
    let refused = farms::link(&world.app, &world.actor, "web", "http", "web-farm").await;
    assert!(matches!(refused, Err(AppError::Discovery { .. })));
    assert_eq!(world.revision().await, revision);
    assert_eq!(world.farms().await, known);
}

#[tokio::test]
async fn a_link_takes_the_place_of_a_local_farm_that_stays() {
    let world = World::new().await;
    world.source.offer(&[("db-farm", &["d1"])]);
    let linked = farms::link(&world.app, &world.actor, "db", "http", "db-farm").await;
    assert_eq!(linked.unwrap().deleted, None);
    assert_eq!(world.hosts(world.farm("local").await).await, ["l1"]);
}

#[tokio::test]
async fn unlinking_deletes_a_remote_farm_when_nothing_else_uses_it() {
    let (world, farm) = World::linked("").await;
    let linked = farms::link(&world.app, &world.actor, "api", "http", "web-farm").await;
    linked.unwrap();
    let unlink = |project| farms::unlink(&world.app, &world.actor, project);
    assert!(!unlink("web").await.unwrap().deleted);
    assert_eq!(world.hosts(farm).await, ["a", "b"]);
    assert!(unlink("api").await.unwrap().deleted);
    assert_eq!(world.farms().await, ["local", "orphan"]);
    assert_eq!(world.audit(1).await[0][0], "Deleted Farm web-farm");
    let again = unlink("api").await.unwrap_err().to_string();
    assert!(again.contains("has no farm"), "{again}");
    assert!(!unlink("db").await.unwrap().deleted, "local farms stay");
    assert_eq!(world.farms().await, ["local", "orphan"]);
}

#[tokio::test]
async fn a_converted_farm_keeps_its_hosts_and_is_not_refreshed_again() {
    let (world, farm) = World::linked("").await;
    let converted = farms::convert(&world.app, &world.actor, farm)
        .await
        .unwrap();
    assert_eq!(converted.source, LOCAL_SOURCE);
    assert_eq!(world.hosts(farm).await, ["a", "b"]);
    let refused = farms::refresh(&world.app, &world.actor, farm).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })));
    let revision = world.revision().await;
    let again = farms::convert(&world.app, &world.actor, farm).await;
    assert_eq!(again.unwrap(), converted);
    assert_eq!(world.revision().await, revision);
    let orphan = world.farm("orphan").await;
    farms::convert(&world.app, &world.actor, orphan)
        .await
        .unwrap();
    assert_eq!(world.hosts(orphan).await, ["o1"]);
}

#[tokio::test]
async fn an_ambiguous_name_is_refused_with_the_ids() {
    let (world, farm) = World::linked("").await;
    farms::convert(&world.app, &world.actor, farm)
        .await
        .unwrap();
    let linked = farms::link(&world.app, &world.actor, "api", "http", "web-farm").await;
    let other = linked.unwrap().refreshed.farm.id;
    let refused = farms::find(&world.app, &world.actor, "web-farm").await;
    let told = refused.unwrap_err().to_string();
    assert!(told.contains(&format!("{farm} (promgen)")), "{told}");
    assert!(told.contains(&format!("{other} (http)")), "{told}");
    assert!(told.contains("--id"), "{told}");
}

#[tokio::test]
async fn sources_offer_their_farms_and_promgen_its_local_ones() {
    let world = World::new().await;
    world
        .source
        .offer(&[("z", &["a"]), ("b", &["a"]), ("c/d", &["a"])]);
    let offered = |source| farms::offered(&world.app, &world.actor, source);
    let offers = offered("http").await.unwrap();
    assert_eq!(offers.farms, ["b", "z"]);
    assert!(offers.warnings[0].message.contains("\"c/d\""));
    assert_eq!(offered(LOCAL_SOURCE).await.unwrap().farms, ["local"]);
    assert!(offered("gone").await.is_err());
    let told = offered("file").await.unwrap_err().to_string();
    assert!(told.contains("promgen.discovery.file: path"), "{told}");
}
