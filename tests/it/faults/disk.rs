//! A disk without room for the database.

use std::collections::BTreeSet;

use promgen_tests::disk::SmallDisk;
use promgen_tests::promgen::Web;
use promgen_tests::wait::until;
use sqlx::Connection;

use super::shop::Shop;

/// Posts at once; several share a transaction then, and its failure.
const VOLLEY: usize = 32;

/// Posts until all of a volley are refused with 503: what the journal has kept for itself gives room
/// to some. Answers which were accepted, and the next number.
async fn post_until_refused(shop: &Shop, web: &Web) -> (BTreeSet<String>, usize) {
    let mut accepted = BTreeSet::new();
    let mut first = 0;
    loop {
        assert!(first < 10_000, "a full disk takes no end of alerts");
        let numbers = first..first + VOLLEY;
        first = numbers.end;
        let posts = numbers.map(async |number| (number, shop.post(web, number).await));
        let before = accepted.len();
        for (number, answer) in futures_util::future::join_all(posts).await {
            let answer = answer.expect("an answer");
            if answer.status == 202 {
                accepted.insert(number.to_string());
                continue;
            }
            assert_eq!(answer.status, 503, "{}", answer.text());
            assert!(answer.headers.contains_key("retry-after"));
        }
        if accepted.len() == before {
            return (accepted, first);
        }
    }
}

async fn integrity(url: &str) -> String {
    let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
    sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

async fn full_disk(arguments: &[&str]) {
    let Some(disk) = SmallDisk::mount(8) else {
        return;
    };
    let url = format!("sqlite://{}/promgen.db", disk.folder().display());
    let shop = Shop::new(Some(url.clone())).await;
    let web = shop.installation.web(arguments).await;
    disk.fill();
    let (mut accepted, next) = post_until_refused(&shop, &web).await;

    disk.free();
    let mut numbers = next..;
    let number = until("room again", async || {
        let number = numbers.next()?;
        let answer = shop.post(&web, number).await.expect("an answer");
        (answer.status == 202).then_some(number)
    })
    .await;
    accepted.insert(number.to_string());
    assert_eq!(integrity(&url).await, "ok");
    assert_eq!(shop.alerts().len(), accepted.len(), "none by halves");
    let _worker = (arguments == ["--no-worker"]).then(|| shop.installation.worker(&[]));
    shop.assert_all_arrive(&accepted).await;
    drop(web);
    assert_eq!(integrity(&url).await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_a_full_disk_is_answered_with_503_until_there_is_room() {
    full_disk(&["--no-worker"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_a_worker_outlasts_a_full_disk() {
    full_disk(&[]).await;
}
