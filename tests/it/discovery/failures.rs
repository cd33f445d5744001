//! Sources that do not answer as they must never take hosts from a farm, and it is said why.

use promgen_core::app::{AppError, farms};
use promgen_core::model::FarmId;
use promgen_tests::source::Reply;

use super::world::World;

/// Asks for a refresh that fails or warns, and answers what it said.
async fn kept(world: &World, farm: FarmId) -> String {
    let revision = world.revision().await;
    let told = match farms::refresh(&world.app, &world.actor, farm).await {
        Ok(refreshed) => {
            assert!(refreshed.added.is_empty() && refreshed.removed.is_empty());
            let warnings = refreshed.warnings.iter().map(ToString::to_string);
            warnings.collect::<String>()
        }
        Err(error @ AppError::Discovery { .. }) => {
            assert!(
                error
                    .remedy()
                    .is_some_and(|remedy| remedy.contains("keeps"))
            );
            error.to_string()
        }
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(world.hosts(farm).await, ["a", "b"], "{told}");
    assert_eq!(world.revision().await, revision);
    assert!(!told.contains("s3cret"), "{told}");
    told
}

#[tokio::test]
async fn whatever_is_no_answer_keeps_the_hosts_and_says_why() {
    let (world, farm) = World::linked("").await;
    let text = |text: &str| Reply::Text(text.to_owned());
    let origin = format!("http://{}", world.source.address());
    for (reply, part) in [
        (text("<!DOCTYPE html><title>Log in</title>"), "HTML"),
        (text("[{\"targets\": [\"a\"]"), "line 1 column 18"),
        (text("{\"status\": \"success\"}"), "list of groups"),
        (text("[{\"targets\": \"a\"}]"), "line 1 column"),
        (text(""), "line 1"),
        (Reply::Status(404), "HTTP 404"),
        (Reply::Status(401), "headers"),
        (Reply::Status(500), "HTTP 500"),
        (Reply::Status(302), "redirects are not followed"),
        (Reply::Large(200), "larger than 64 MiB"),
    ] {
        world.source.say(reply);
        let told = kept(&world, farm).await;
        assert!(told.contains(part), "{part}: {told}");
        assert!(told.contains(&origin), "{told}");
        assert!(told.starts_with("source http: "), "{told}");
    }
}

#[tokio::test]
async fn s18_an_answer_that_inflates_to_a_gigabyte_is_refused() {
    let (world, farm) = World::linked("").await;
    world.source.say(Reply::Inflating(1024));
    let told = kept(&world, farm).await;
    assert!(told.contains("larger than 64 MiB"), "{told}");
}

#[tokio::test]
async fn an_answer_without_hosts_keeps_the_hosts_and_says_so() {
    let (world, farm) = World::linked("").await;
    for (farms, part) in [
        (&[][..], "knows no farm \"web-farm\""),
        (&[("other", &["a"][..])], "knows no farm \"web-farm\""),
        (&[("web-farm", &[])], "answers no hosts"),
        (&[("web-farm", &["x y"])], "answers no hosts"),
    ] {
        world.source.offer(farms);
        let told = kept(&world, farm).await;
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_source_that_never_answers_is_waited_for_so_long() {
    let (world, farm) = World::linked("timeout: 500ms").await;
    world.source.say(Reply::Silence);
    let told = kept(&world, farm).await;
    assert!(told.contains("no answer within 0.5 s"), "{told}");
}

#[tokio::test]
async fn a_source_that_is_gone_is_told_with_its_address() {
    let (mut world, farm) = World::linked("").await;
    let address = world.source.address();
    world.source = promgen_tests::source::Source::start().await;
    let told = kept(&world, farm).await;
    assert!(told.contains(&format!("http://{address}")), "{told}");
    assert!(told.contains("check the address"), "{told}");
}

#[tokio::test]
async fn a_farm_of_an_unknown_source_is_refused_and_keeps_its_hosts() {
    let world = World::new().await;
    let farm = world.farm("orphan").await;
    let error = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap_err();
    let told = error.to_string();
    assert!(told.contains("no discovery source \"gone\""), "{told}");
    assert!(told.contains("file, http"), "{told}");
    assert_eq!(world.hosts(farm).await, ["o1"]);
    let reports = farms::list(&world.app, &world.actor).await.unwrap();
    let orphan = reports.iter().find(|report| report.id == farm).unwrap();
    assert!(orphan.problem.as_ref().is_some_and(|p| p.contains("gone")));
}

#[tokio::test]
async fn a_local_farm_has_nothing_to_refresh_from() {
    let world = World::new().await;
    let farm = world.farm("local").await;
    let error = farms::refresh(&world.app, &world.actor, farm)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("kept in Promgen"), "{error}");
    assert_eq!(world.hosts(farm).await, ["l1"]);
    let unknown = farms::refresh(&world.app, &world.actor, FarmId(99)).await;
    assert!(matches!(unknown, Err(AppError::NotFound { .. })));
}
