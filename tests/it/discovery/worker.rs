//! The loop that refreshes all remote farms.

use promgen_core::app::worker::{self, Queues};
use promgen_tests::source::Reply;
use promgen_tests::wait::until;
use tokio_util::sync::CancellationToken;

use super::world::World;

#[tokio::test]
async fn a_worker_keeps_remote_farms_up_to_date_and_outlasts_failures() {
    let (world, farm) = World::linked("every: 50ms, timeout: 500ms").await;
    world.source.offer(&[("web-farm", &["b", "c"])]);
    let stop = CancellationToken::new();
    let queues = Queues::parse(["alerts"]);
    let mut working = tokio::task::JoinSet::new();
    // Two of them: the second finds the work done.
    for _ in 0..2 {
        working.spawn(worker::run(world.app.clone(), queues.clone(), stop.clone()));
    }
    let wanted = async |hosts: &[&str]| {
        until("a refresh", async || {
            (world.hosts(farm).await == hosts).then_some(())
        })
        .await;
    };
    wanted(&["b", "c"]).await;

    world.source.say(Reply::Status(500));
    let asked = world.source.asked();
    until("a failure", async || {
        (world.source.asked() > asked + 2).then_some(())
    })
    .await;
    assert_eq!(world.hosts(farm).await, ["b", "c"]);

    world.source.offer(&[("web-farm", &["d"])]);
    wanted(&["d"]).await;
    assert_eq!(world.hosts(world.farm("orphan").await).await, ["o1"]);
    assert_eq!(world.hosts(world.farm("local").await).await, ["l1"]);
    let entries = world.audit(100).await;
    let added = entries
        .iter()
        .filter(|[body, ..]| body.starts_with("Added"));
    assert_eq!(added.count(), 3, "one for each set: {entries:?}");

    stop.cancel();
    while let Some(ended) = working.join_next().await {
        ended.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_worker_ends_although_a_source_never_answers() {
    let (world, _) = World::linked("every: 1h").await;
    world.source.say(Reply::Silence);
    let asked = world.source.asked();
    let stop = CancellationToken::new();
    let working = worker::run(world.app.clone(), Queues::parse(["alerts"]), stop.clone());
    let ending = async {
        until("a question", async || {
            (world.source.asked() > asked).then_some(())
        })
        .await;
        stop.cancel();
    };
    let (worked, ()) = tokio::time::timeout(promgen_tests::wait::PATIENCE / 6, async {
        tokio::join!(working, ending)
    })
    .await
    .unwrap();
    worked.unwrap();
}
