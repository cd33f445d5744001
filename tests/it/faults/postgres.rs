//! A database server that goes away in the middle of the work, and comes back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use promgen_tests::databases::Cluster;
use promgen_tests::http::Answer;
use promgen_tests::promgen::Web;
use promgen_tests::wait::until;
use tokio::sync::Mutex;

use super::shop::Shop;

const ALERTS: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_twice_while_alerts_drain_loses_none() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let shop = Shop::new(Some(cluster.url())).await;
    let web = shop.installation.web(&["--no-worker"]).await;
    let accepted = shop.accept(&web, 0..ALERTS).await;
    assert_eq!(accepted.len(), ALERTS);
    assert_eq!(shop.sink.count("/shop"), 0);

    let _worker = shop.installation.worker(&[]);
    let mut before = 0;
    for _ in 0..2 {
        until("a part of the alerts", async || {
            (shop.sink.count("/shop") >= before + ALERTS / 8).then_some(())
        })
        .await;
        cluster.crash();
        before = shop.sink.count("/shop");
        assert!(before < ALERTS, "the restart came after the draining");
        cluster.start_again();
    }
    shop.assert_all_arrive(&accepted).await;
    assert_eq!(shop.alerts().len(), ALERTS);
}

/// What became of posts, by the numbers of their messages.
#[derive(Default)]
struct Answers {
    accepted: BTreeSet<String>,
    refused: BTreeSet<String>,
}

impl Answers {
    fn take(&mut self, number: usize, answer: &Answer) {
        if answer.status == 202 {
            self.accepted.insert(number.to_string());
            return;
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        let wait = answer.headers["retry-after"].to_str().unwrap();
        assert!(wait.parse::<u32>().unwrap() > 0, "{wait}");
        self.refused.insert(number.to_string());
    }
}

/// Posts one message after another until it is told to stop.
async fn keep_posting(shop: &Shop, web: &Web, posting: &Posting) {
    while !posting.stop.load(Ordering::Relaxed) {
        let number = posting.next.fetch_add(1, Ordering::Relaxed);
        let answer = shop.post(web, number).await.expect("an answer");
        posting.answers.lock().await.take(number, &answer);
    }
}

#[derive(Default)]
struct Posting {
    next: AtomicUsize,
    stop: AtomicBool,
    answers: Mutex<Answers>,
}

impl Posting {
    async fn until(&self, what: &str, enough: impl Fn(&Answers) -> bool) {
        until(what, async || {
            enough(&*self.answers.lock().await).then_some(())
        })
        .await;
    }

    /// Lets the database crash under the posts, and come back.
    async fn outage(&self, cluster: &Cluster) {
        self.until("alerts before", |answers| answers.accepted.len() >= 50)
            .await;
        cluster.crash();
        self.until("refusals", |answers| answers.refused.len() >= 16)
            .await;
        let accepted = self.answers.lock().await.accepted.len();
        cluster.start_again();
        self.until("alerts afterwards", |answers| {
            answers.accepted.len() >= accepted + 50
        })
        .await;
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_stops_during_intake_is_answered_with_503_and_nothing_by_halves() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let shop = Shop::new(Some(cluster.url())).await;
    let web = shop.installation.web(&["--no-worker"]).await;
    let posting = Posting::default();
    let posters = (0..8).map(|_| keep_posting(&shop, &web, &posting));
    tokio::join!(
        futures_util::future::join_all(posters),
        posting.outage(&cluster)
    );
    let Answers { accepted, refused } = posting.answers.into_inner();

    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
    let arrived: BTreeSet<String> = shop.arrived().into_keys().collect();
    assert!(accepted.is_subset(&arrived));
    let surplus: Vec<&String> = arrived.difference(&accepted).collect();
    assert!(
        surplus.iter().all(|number| refused.contains(*number)),
        "{surplus:?}"
    );
    assert_eq!(shop.alerts().len(), arrived.len(), "each was stored once");
}
