//! What was answered with a 2xx is there, whatever happens next.

use std::collections::BTreeSet;

use promgen_tests::databases::Cluster;
use promgen_tests::promgen::Web;

use super::shop::Shop;
use crate::e2e::kill::kills;

/// Posts under way when a process is killed.
const VOLLEY: usize = 8;

/// Posts a volley and kills the server as soon as so many are answered: the others are under way.
/// Answers which were accepted.
async fn kill_after(shop: &Shop, web: Web, answers: usize, first: usize) -> BTreeSet<String> {
    let mut posts = tokio::task::JoinSet::new();
    for number in first..first + VOLLEY {
        let (url, token) = (web.url.clone(), shop.token.clone());
        posts.spawn(async move {
            let message = super::shop::message(number);
            let answer = promgen_tests::http::post_alerts(&url, &token, message).await;
            (number, answer)
        });
    }
    let mut done = Vec::new();
    while done.len() < answers {
        done.extend(posts.join_next().await);
    }
    web.process.kill();
    while let Some(answer) = posts.join_next().await {
        done.push(answer);
    }
    let accepted = done.into_iter().filter_map(|done| {
        let (number, answer) = done.expect("a post does not panic");
        answer
            .is_some_and(|answer| answer.status == 202)
            .then(|| number.to_string())
    });
    accepted.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_2xx_means_durable() {
    let shop = Shop::new(None).await;
    let mut accepted = 0;
    for number in 0..10 {
        let web = shop.installation.web(&["--no-worker"]).await;
        let answer = shop.post(&web, number).await.expect("an answer");
        web.process.kill();
        assert_eq!(answer.status, 202);
        accepted += 1;
        assert_eq!(shop.alerts().len(), accepted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_2xx_means_durable_although_the_database_server_crashes_with_it() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let shop = Shop::new(Some(cluster.url())).await;
    let mut accepted = BTreeSet::new();
    for round in 0..5 {
        let web = shop.installation.web(&["--no-worker"]).await;
        accepted.extend(shop.accept(&web, [2 * round, 2 * round + 1]).await);
        cluster.crash();
        web.process.kill();
        cluster.start_again();
        assert_eq!(shop.alerts().len(), accepted.len());
    }
    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
}

/// The worker lives in the process that is killed, so that a kill falls into taking in, sending
/// and recording alike.
#[tokio::test(flavor = "multi_thread")]
async fn r5_a_kill_at_any_point_loses_nothing() {
    let shop = Shop::new(None).await;
    let mut accepted = BTreeSet::new();
    for round in 0..kills() {
        let web = shop.installation.web(&[]).await;
        // How many answers it lives to give takes every value in turn.
        let answers = 1 + round % VOLLEY;
        accepted.extend(kill_after(&shop, web, answers, round * VOLLEY).await);
    }
    assert!(accepted.len() >= kills(), "each lived to give one answer");
    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
}

/// As above, with the worker elsewhere: the kill falls into the intake alone.
#[tokio::test(flavor = "multi_thread")]
async fn r5_a_server_killed_mid_intake_keeps_what_it_accepted() {
    let shop = Shop::new(None).await;
    let mut accepted = BTreeSet::new();
    for round in 0..kills() {
        let web = shop.installation.web(&["--no-worker"]).await;
        accepted.extend(kill_after(&shop, web, 1, round * VOLLEY).await);
    }
    assert!(accepted.len() >= kills(), "each lived to give one answer");
    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
}
