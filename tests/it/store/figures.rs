//! Counts of all processes, workers that live, and numbers about what is stored.

use promgen_core::model::*;
use promgen_core::store::{Backlog, Sample, Store};

use super::alerts::route_all;
use super::sample::{lease, post};

fn sample(hostname: &str, part: &str, value: u64) -> Sample {
    Sample {
        metric: "promgen_requests".to_owned(),
        hostname: hostname.to_owned(),
        labels: r#"["/x","GET","200"]"#.to_owned(),
        part: part.to_owned(),
        value,
    }
}

async fn add(store: &Store, samples: &[Sample], now: i64) {
    let tx = store.write_tx().await.unwrap();
    tx.add_samples(samples, Timestamp(now)).await.unwrap();
    tx.commit().await.unwrap();
}

fn worker(process: u32, seen: i64) -> Worker {
    Worker {
        hostname: "maschine-ü".to_owned(),
        process,
        alerts: process == 1,
        servers: vec!["prom1".to_owned(), "prom2".to_owned()],
        started: Timestamp(10),
        seen: Timestamp(seen),
    }
}

on_every_database! {
    async fn samples_of_processes_are_added_up(database: &TestDatabase) {
        let store = database.migrated().await;
        add(&store, &[sample("a", "", 2), sample("b", "", 1)], 10).await;
        add(&store, &[sample("a", "", 40), sample("a", "sum", 7), sample("", "", 1)], 20).await;
        let tx = store.read_tx().await.unwrap();
        let kept = tx.list_samples().await.unwrap();
        let expected = [sample("", "", 1), sample("a", "", 42), sample("a", "sum", 7), sample("b", "", 1)];
        assert_eq!(kept, expected);
    }

    async fn machines_that_are_silent_are_forgotten_and_what_belongs_to_none_is_not(database: &TestDatabase) {
        let store = database.migrated().await;
        add(&store, &[sample("", "", 1), sample("a", "", 1), sample("a", "sum", 1), sample("b", "", 1)], 10).await;
        add(&store, &[sample("a", "", 1)], 30).await;
        let tx = store.write_tx().await.unwrap();
        assert_eq!(tx.forget_samples(Timestamp(10)).await.unwrap(), 0);
        assert_eq!(tx.forget_samples(Timestamp(11)).await.unwrap(), 1);
        let left: Vec<String> = tx.list_samples().await.unwrap().into_iter().map(|it| it.hostname).collect();
        assert_eq!(left, ["", "a", "a"]);
    }

    async fn a_worker_has_one_row_for_as_long_as_it_lives(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        for (process, seen) in [(1, 20), (2, 20), (1, 30)] {
            tx.save_worker(&worker(process, seen)).await.unwrap();
        }
        assert_eq!(tx.list_workers().await.unwrap(), [worker(1, 30), worker(2, 20)]);
        assert_eq!(tx.forget_workers(Timestamp(21)).await.unwrap(), 1);
        tx.delete_worker(&worker(1, 0)).await.unwrap();
        assert_eq!(tx.list_workers().await.unwrap(), []);
    }

    async fn the_backlog_tells_what_waits_and_since_when(database: &TestDatabase) {
        let store = database.migrated().await;
        let read = async |now: i64| store.read_tx().await.unwrap().backlog(Timestamp(now)).await.unwrap();
        assert_eq!(read(1_000).await, Backlog::default());
        // Messages of one group would take each other's place.
        for group in ["g", "h", "i"] {
            post(&store, &["{}"]).await;
            let waiting = read(1_000).await;
            assert_eq!(waiting.alerts, 1);
            assert!(waiting.oldest_alert.is_some());
            route_all(&store, "a", group).await;
        }
        let due = read(10_000).await;
        assert_eq!((due.alerts, due.oldest_alert, due.due, due.leased, due.waiting), (0, None, 3, 0, 0));
        assert!(due.oldest_due.is_some());
        let tx = store.write_tx().await.unwrap();
        let ids: Vec<DeliveryId> = tx.due_deliveries(Timestamp(10_000), 1, &[]).await.unwrap()
            .into_iter().map(|(id, _)| id).collect();
        tx.claim_deliveries(&ids, &lease("t", 20_000)).await.unwrap();
        tx.commit().await.unwrap();
        database.execute("UPDATE delivery SET due = 50000 WHERE id = (SELECT id FROM (SELECT MAX(id) AS id FROM delivery) AS last)").await;
        let mixed = read(10_000).await;
        assert_eq!((mixed.due, mixed.leased, mixed.waiting, mixed.dead), (1, 1, 1, 0));
        database.execute("UPDATE delivery SET state = 'dead'").await;
        let dead = read(10_000).await;
        assert_eq!((dead.due, dead.leased, dead.waiting, dead.dead), (0, 0, 0, 3));
    }

    async fn counting_stops_where_it_would_take_long(database: &TestDatabase) {
        let store = database.migrated().await;
        let bodies = vec!["{}"; 10_001];
        post(&store, &bodies).await;
        let backlog = store.read_tx().await.unwrap().backlog(Timestamp(1_000)).await.unwrap();
        assert_eq!(backlog.alerts, Backlog::MOST);
    }

    async fn the_census_counts_hosts_by_name_and_senders_by_owner_and_driver(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        assert_eq!(tx.newest_alert().await.unwrap(), None);
        for farm in ["f", "g"] {
            let id = tx.insert_farm(&super::sample::farm(farm)).await.unwrap();
            tx.insert_host(&super::sample::host("same", id)).await.unwrap();
        }
        tx.insert_service(&super::sample::service("shop")).await.unwrap();
        let census = tx.census().await.unwrap();
        assert_eq!((census.hosts, census.services, census.rules), (1, 1, 0));
        assert_eq!(census.senders, []);
    }
}
