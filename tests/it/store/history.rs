//! The alert history: found by labels and deliveries, in pages; and the hours that charts show.

use promgen_core::model::*;
use promgen_core::store::{
    AlertTally, AnyLabel, Bounds, DeliveryTally, HistoryFilter, HowMany, Names, NewAlert,
    NewRouted, Store, Tallied, Tx,
};

/// Alerts with labels, oldest first.
async fn came(store: &Store, labels: &[&[(&str, &str)]]) -> Vec<AlertId> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let labels: Vec<Vec<(String, String)>> = labels
        .iter()
        .map(|labels| labels.iter().map(owned).collect())
        .collect();
    let alerts: Vec<NewRouted<'_>> = labels
        .iter()
        .map(|labels| NewRouted {
            alert: NewAlert {
                created: Timestamp(1),
                body: "{}",
            },
            state: AlertState::Routed,
            trace: "{}",
            labels,
        })
        .collect();
    let tx = store.write_tx().await.unwrap();
    let ids = tx.insert_routed(&alerts).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

async fn page(
    tx: &Tx,
    filter: &HistoryFilter,
    limit: u64,
) -> (Vec<AlertId>, HowMany, Option<AlertId>) {
    let page = tx.alert_history(filter, limit).await.unwrap();
    let ids = page.alerts.iter().map(|alert| alert.id).collect();
    (ids, page.count, page.next)
}

fn any(sets: &[(&str, &[&str])]) -> AnyLabel {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let set = |(name, list): &(&str, &[&str])| ((*name).to_owned(), values(list));
    AnyLabel(sets.iter().map(set).collect())
}

/// Bounds that a handful of alerts reaches.
const TWO: Bounds = Bounds { few: 2, window: 2 };

fn of(labels: &[AnyLabel]) -> HistoryFilter {
    HistoryFilter {
        labels: labels.to_vec(),
        ..HistoryFilter::default()
    }
}

on_every_database! {
    async fn the_history_is_paged_from_the_newest_on(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.read_tx().await.unwrap();
        assert_eq!(page(&tx, &HistoryFilter::default(), 2).await, (vec![], HowMany::Exactly(0), None));
        drop(tx);
        let shop: &[(&str, &str)] = &[("service", "shop"), ("job", "node")];
        let both: &[(&str, &str)] = &[("service", "shop"), ("service", "bank")];
        let ids = came(&store, &[shop, &[("service", "bank")], both, &[], shop]).await;
        let [a, b, c, d, newest] = ids[..] else { panic!() };
        let tx = store.read_tx().await.unwrap();
        let all = HistoryFilter::default();
        assert_eq!(page(&tx, &all, 2).await, (vec![newest, d], HowMany::Exactly(5), Some(d)));
        let next = HistoryFilter { beyond: Some(d), ..all.clone() };
        assert_eq!(page(&tx, &next, 3).await, (vec![c, b, a], HowMany::Exactly(5), None));
        let shops = of(&[AnyLabel::one("service", "shop")]);
        assert_eq!(page(&tx, &shops, 2).await, (vec![newest, c], HowMany::Exactly(3), Some(c)));
        let older = HistoryFilter { beyond: Some(c), ..shops };
        assert_eq!(page(&tx, &older, 2).await.0, [a]);
        // An alert that is found by two labels is found once.
        let either = of(&[any(&[("service", &["shop", "bank"]), ("job", &["node"])])]);
        assert_eq!(page(&tx, &either, 9).await, (vec![newest, c, b, a], HowMany::Exactly(4), None));
        let narrow = of(&[AnyLabel::one("service", "shop"), AnyLabel::one("job", "node")]);
        assert_eq!(page(&tx, &narrow, 9).await, (vec![newest, a], HowMany::Exactly(2), None));
        for nothing in [AnyLabel::default(), any(&[("service", &[])]), AnyLabel::one("service", "Shop")] {
            assert_eq!(page(&tx, &of(&[nothing]), 9).await, (vec![], HowMany::Exactly(0), None));
        }
        let labels = tx.labels_of_alerts(&[c, a], &["service"]).await.unwrap();
        let shown: Vec<(AlertId, &str)> = labels.iter().map(|(id, _, value)| (*id, value.as_str())).collect();
        assert_eq!(shown, [(a, "shop"), (c, "bank"), (c, "shop")]);
    }

    async fn a_large_set_is_gone_through_in_its_order(database: &TestDatabase) {
        let store = database.migrated().await;
        let shop: &[(&str, &str)] = &[("service", "shop")];
        let ids = came(&store, &[shop, shop, &[], shop, &[]]).await;
        let [a, b, c, d, newest] = ids[..] else { panic!() };
        let tx = store.read_tx().await.unwrap();
        let all = HistoryFilter { bounds: TWO, ..of(&[]) };
        assert_eq!(page(&tx, &all, 3).await, (vec![newest, d, c], HowMany::MoreThan(2), Some(c)));
        let shops = HistoryFilter { bounds: TWO, ..of(&[AnyLabel::one("service", "shop")]) };
        assert_eq!(page(&tx, &shops, 2).await, (vec![d, b], HowMany::MoreThan(2), Some(b)));
        let older = HistoryFilter { beyond: Some(b), ..shops.clone() };
        assert_eq!(page(&tx, &older, 2).await, (vec![a], HowMany::MoreThan(2), None));
        // What is not larger than the bound is counted.
        let bounds = Bounds { few: 3, ..TWO };
        assert_eq!(page(&tx, &HistoryFilter { bounds, ..shops }, 9).await, (vec![d, b, a], HowMany::Exactly(3), None));
    }

    async fn where_all_sets_are_large_the_newest_alerts_are_looked_at(database: &TestDatabase) {
        let store = database.migrated().await;
        let both: &[(&str, &str)] = &[("service", "shop"), ("job", "node")];
        let shop: &[(&str, &str)] = &[("service", "shop")];
        let node: &[(&str, &str)] = &[("job", "node")];
        let ids = came(&store, &[both, both, both, shop, node]).await;
        let [a, b, c, d, _] = ids[..] else { panic!() };
        let tx = store.read_tx().await.unwrap();
        let filter = HistoryFilter { bounds: TWO, ..of(&[AnyLabel::one("service", "shop"), AnyLabel::one("job", "node")]) };
        // Two alerts are looked at, and the page says from where to look on.
        assert_eq!(page(&tx, &filter, 9).await, (vec![], HowMany::Unknown, Some(d)));
        let next = HistoryFilter { beyond: Some(d), ..filter.clone() };
        assert_eq!(page(&tx, &next, 9).await, (vec![c, b], HowMany::Unknown, Some(b)));
        let last = HistoryFilter { beyond: Some(b), ..filter.clone() };
        assert_eq!(page(&tx, &last, 9).await, (vec![a], HowMany::Unknown, None));
        // A page that is full before goes on from its last.
        let full = HistoryFilter { beyond: Some(d), ..filter };
        assert_eq!(page(&tx, &full, 1).await, (vec![c], HowMany::Unknown, Some(c)));
    }

    async fn the_history_is_paged_from_the_oldest_on(database: &TestDatabase) {
        let store = database.migrated().await;
        let both: &[(&str, &str)] = &[("service", "shop"), ("job", "node")];
        let shop: &[(&str, &str)] = &[("service", "shop")];
        let ids = came(&store, &[shop, both, shop, both, both]).await;
        let [a, b, c, d, newest] = ids[..] else { panic!() };
        let tx = store.read_tx().await.unwrap();
        let from = |filter: &HistoryFilter, beyond| HistoryFilter { beyond, oldest_first: true, ..filter.clone() };
        let all = of(&[]);
        assert_eq!(page(&tx, &from(&all, None), 2).await, (vec![a, b], HowMany::Exactly(5), Some(b)));
        assert_eq!(page(&tx, &from(&all, Some(b)), 3).await, (vec![c, d, newest], HowMany::Exactly(5), None));
        // One set that is small, one that is large, and two that are.
        let shops = of(&[AnyLabel::one("service", "shop")]);
        assert_eq!(page(&tx, &from(&shops, Some(c)), 9).await, (vec![d, newest], HowMany::Exactly(5), None));
        let large = HistoryFilter { bounds: TWO, ..shops };
        assert_eq!(page(&tx, &from(&large, Some(a)), 2).await, (vec![b, c], HowMany::MoreThan(2), Some(c)));
        let both = HistoryFilter { bounds: TWO, ..of(&[AnyLabel::one("service", "shop"), AnyLabel::one("job", "node")]) };
        assert_eq!(page(&tx, &from(&both, None), 9).await, (vec![b], HowMany::Unknown, Some(b)));
        assert_eq!(page(&tx, &from(&both, Some(b)), 9).await, (vec![d], HowMany::Unknown, Some(d)));
        assert_eq!(page(&tx, &from(&both, Some(d)), 9).await, (vec![newest], HowMany::Unknown, None));
        assert_eq!(page(&tx, &from(&both, Some(newest)), 9).await, (vec![], HowMany::Unknown, None));
    }

    async fn long_values_are_found_by_what_is_kept_of_them(database: &TestDatabase) {
        let store = database.migrated().await;
        let long = "é".repeat(300);
        let ids = came(&store, &[&[("a", &long)]]).await;
        let tx = store.read_tx().await.unwrap();
        assert_eq!(page(&tx, &of(&[AnyLabel::one("a", long)]), 9).await.0, ids);
    }

    async fn alerts_are_found_by_what_became_of_their_deliveries(database: &TestDatabase) {
        let store = database.migrated().await;
        let label: &[(&str, &str)] = &[("service", "shop")];
        let ids = came(&store, &[label, label, label]).await;
        for (id, state) in ids.iter().zip(["sent", "dead"]) {
            let insert = format!(
                "INSERT INTO delivery (alert, part, driver, value, alias, group_key, order_key, state, attempts, due, created, lease_until) \
                 VALUES ({}, 0, 'd', 'v', '', '', '', '{state}', 1, 0, 0, 0)", id.0);
            database.execute(&insert).await;
        }
        let tx = store.read_tx().await.unwrap();
        let dead = HistoryFilter { dead: true, ..of(&[]) };
        assert_eq!(page(&tx, &dead, 9).await, (vec![ids[1]], HowMany::Exactly(1), None));
        let unsent = HistoryFilter { unsent: true, ..of(&[AnyLabel::one("service", "shop")]) };
        assert_eq!(page(&tx, &unsent, 9).await, (vec![ids[2], ids[1]], HowMany::Exactly(2), None));
        let alone = HistoryFilter { unsent: true, ..of(&[]) };
        assert_eq!(page(&tx, &alone, 1).await, (vec![ids[2]], HowMany::Unknown, Some(ids[2])));
        let both = HistoryFilter { dead: true, ..unsent };
        assert_eq!(page(&tx, &both, 9).await.0, [ids[1]]);
    }

    async fn sets_are_measured_in_alerts_and_not_in_rows(database: &TestDatabase) {
        let store = database.migrated().await;
        let twice: &[(&str, &str)] = &[("service", "shop"), ("service", "bank"), ("job", "node")];
        let ids = came(&store, &[twice, twice, &[]]).await;
        let [a, b, _] = ids[..] else { panic!() };
        for (alert, part) in [(a, 0), (a, 1), (b, 0), (b, 1)] {
            let insert = format!(
                "INSERT INTO delivery (alert, part, driver, value, alias, group_key, order_key, state, attempts, due, created, lease_until) \
                 VALUES ({}, {part}, 'd', 'v', '', '', '', 'dead', 1, 0, 0, 0)", alert.0);
            database.execute(&insert).await;
        }
        let tx = store.read_tx().await.unwrap();
        // Two alerts are no more than the bound, however many labels or deliveries find them.
        let both = any(&[("service", &["shop", "bank"]), ("job", &["node"])]);
        let labels = HistoryFilter { bounds: TWO, ..of(&[both]) };
        let dead = HistoryFilter { bounds: TWO, dead: true, ..of(&[]) };
        let either = HistoryFilter { dead: true, ..labels.clone() };
        for filter in [labels, dead, either] {
            assert_eq!(page(&tx, &filter, 9).await, (vec![b, a], HowMany::Exactly(2), None));
            assert_eq!(page(&tx, &filter, 1).await, (vec![b], HowMany::Exactly(2), Some(b)));
            let next = HistoryFilter { beyond: Some(b), ..filter };
            assert_eq!(page(&tx, &next, 1).await, (vec![a], HowMany::Exactly(2), None));
        }
    }

    async fn hours_are_added_up_and_forgotten(database: &TestDatabase) {
        let store = database.migrated().await;
        let alerts = |hour: i64, service: &str, project: &str, firing| AlertTally {
            hour: Timestamp(hour),
            service: service.to_owned(),
            project: project.to_owned(),
            firing,
            resolved: 1,
        };
        let deliveries = |hour: i64, sender, sent| DeliveryTally {
            hour: Timestamp(hour),
            driver: "mail".to_owned(),
            sender: SenderId(sender),
            sent,
            dead: 1,
        };
        let tx = store.write_tx().await.unwrap();
        tx.tally_alerts(&[alerts(1, "", "", 5), alerts(1, "shop", "", 4), alerts(1, "shop", "web", 2), alerts(1, "shop", "db", 3), alerts(2, "", "", 1)]).await.unwrap();
        tx.tally_alerts(&[alerts(1, "", "", 2), alerts(1, "bank", "", 2), alerts(1, "", "web", 1)]).await.unwrap();
        tx.tally_deliveries(&[deliveries(1, 0, 3), deliveries(1, 7, 3)]).await.unwrap();
        tx.tally_deliveries(&[deliveries(1, 0, 4), deliveries(2, 8, 4)]).await.unwrap();
        let hours = async |of: &Tallied, from| {
            let hours = tx.alert_hours(of, Timestamp(from)).await.unwrap();
            hours.into_iter().map(|hour| (hour.hour.0, hour.firing, hour.resolved)).collect::<Vec<_>>()
        };
        assert_eq!(hours(&Tallied::All, 0).await, [(1, 7, 2), (2, 1, 1)]);
        assert_eq!(hours(&Tallied::All, 2).await, [(2, 1, 1)]);
        let naming = |services: &[&str], projects: &[&str]| Tallied::Naming(Names {
            services: services.iter().map(|name| (*name).to_owned()).collect(),
            projects: projects.iter().map(|name| (*name).to_owned()).collect(),
        });
        // A message of two projects is one of their service.
        assert_eq!(hours(&naming(&["shop"], &[]), 0).await, [(1, 4, 1)]);
        assert_eq!(hours(&naming(&[], &["web"]), 0).await, [(1, 3, 2)]);
        // What is seen in two ways counts once; the empty name is nobody's.
        assert_eq!(hours(&naming(&["shop", ""], &["web", "db", ""]), 0).await, [(1, 5, 2)]);
        assert_eq!(hours(&naming(&["bank"], &["db"]), 0).await, [(1, 5, 2)]);
        assert_eq!(hours(&naming(&[], &[]), 0).await, []);
        let sent = async |senders: &[SenderId]| {
            let hours = tx.delivery_hours(senders, Timestamp(0)).await.unwrap();
            hours.into_iter().map(|hour| (hour.hour.0, hour.sender.0, hour.sent, hour.dead)).collect::<Vec<_>>()
        };
        assert_eq!(sent(&[SenderId(0)]).await, [(1, 0, 7, 2)]);
        assert_eq!(sent(&[SenderId(7), SenderId(8)]).await, [(1, 7, 3, 1), (2, 8, 4, 1)]);
        assert_eq!(tx.forget_hours(Timestamp(2)).await.unwrap(), 8);
        assert_eq!(hours(&Tallied::All, 0).await, [(2, 1, 1)]);
    }
}
