//! Names are compared byte by byte, on every database.

use promgen_core::model::*;
use promgen_core::store::StoreError;

use super::sample;

/// Names that some database takes for each other: case, accents, composition, trailing blanks,
/// width, `ß` and `ss`, and characters beyond 16 bits.
const ALIKE: &[&str] = &[
    "resume",
    "Resume",
    "RESUME",
    "résumé",
    "re\u{301}sume\u{301}",
    "resume ",
    "resume  ",
    "ｒesume",
    "strasse",
    "straße",
    "\u{1f4a5}",
    "\u{1f4a6}",
];

on_every_database! {
    async fn names_that_differ_in_any_byte_are_different(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        for name in ALIKE {
            tx.insert_service(&sample::service(name)).await.unwrap();
        }
        for name in ALIKE {
            let found = tx.find_service(name).await.unwrap().unwrap();
            assert_eq!(found.name.as_str(), *name);
        }
        assert_eq!(tx.find_service("resumE").await.unwrap(), None);
    }

    async fn hosts_that_look_alike_get_their_own_ids(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        let hosts: Vec<Host> = ALIKE.iter().map(|name| sample::host(name, farm)).collect();
        let ids = tx.insert_hosts(&hosts).await.unwrap();
        for (host, id) in hosts.iter().zip(ids) {
            assert_eq!(tx.find_host(farm, &host.name).await.unwrap().unwrap().id, id);
        }
    }

    async fn a_second_one_of_the_same_name_is_refused(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        // Each in its own transaction: after a refusal, PostgreSQL takes no more statements.
        macro_rules! refused {
            ($insert:ident, $object:expr) => {{
                let object = $object;
                let tx = store.write_tx().await.unwrap();
                let second = match tx.$insert(&object).await {
                    Ok(_) => tx.$insert(&object).await,
                    first => first,
                };
                assert!(matches!(second, Err(StoreError::Unique)), "{}: {second:?}", stringify!($insert));
            }};
        }
        let probe = {
            let tx = store.write_tx().await.unwrap();
            let probe = tx.insert_probe(&sample::probe("http")).await.unwrap();
            tx.commit().await.unwrap();
            probe
        };
        let farm = {
            let tx = store.write_tx().await.unwrap();
            let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
            tx.commit().await.unwrap();
            farm
        };
        refused!(insert_shard, sample::shard("tokyo"));
        refused!(insert_server, Server { id: ServerId(0), shard: ground.shard, host: "p".to_owned(), port: 1 });
        refused!(insert_service, sample::service("shop"));
        refused!(insert_project, sample::project("cart", ground.service, ground.shard));
        refused!(insert_host, sample::host("web", farm));
        refused!(insert_exporter, sample::exporter("node", ground.project));
        refused!(insert_preset, sample::preset("redis"));
        refused!(insert_probe, sample::probe("http"));
        refused!(insert_url, sample::url("http://a", ground.project, probe));
        refused!(insert_rule, sample::rule("Down", RuleOwner::Site));
        refused!(insert_sender, sample::sender("a@example.com", SenderOwner::Project(ground.project)));
        refused!(insert_user, sample::user("alice"));
        let twice = Sender {
            filters: vec![sample::filter("a", "b"), sample::filter("a", "b")],
            ..sample::sender("b@example.com", SenderOwner::Service(ground.service))
        };
        refused!(insert_sender, twice);
        refused!(insert_hosts, [sample::host("web", farm), sample::host("web", farm)]);
    }

    async fn what_may_be_the_same_is_accepted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let farms = [
            tx.insert_farm(&sample::farm("f")).await.unwrap(),
            tx.insert_farm(&sample::farm("f")).await.unwrap(),
        ];
        for farm in farms {
            tx.insert_host(&sample::host("web", farm)).await.unwrap();
        }
        let exporter = sample::exporter("node", ground.project);
        tx.insert_exporter(&exporter).await.unwrap();
        tx.insert_exporter(&Exporter { scheme: Scheme::Http, ..exporter }).await.unwrap();
        for owner in [SenderOwner::Project(ground.project), SenderOwner::Service(ground.service)] {
            tx.insert_sender(&sample::sender("a@example.com", owner)).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn the_longest_texts_fit(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        // Four bytes in UTF-8: lengths are characters, and keys of MariaDB have a bound in bytes.
        let long = |count: usize| "\u{1f4a5}".repeat(count);
        tx.insert_shard(&Shard { url: long(256), ..sample::shard(&long(128)) }).await.unwrap();
        let mut exporter = sample::exporter(&long(128), ground.project);
        exporter.path = long(128);
        tx.insert_exporter(&exporter).await.unwrap();
        let probe = tx.insert_probe(&sample::probe(&long(128))).await.unwrap();
        tx.insert_url(&sample::url(&long(256), ground.project, probe)).await.unwrap();
        let mut sender = sample::sender(&long(512), SenderOwner::Project(ground.project));
        sender.filters = vec![sample::filter(&long(128), &long(128))];
        sender.alias = long(128);
        tx.insert_sender(&sender).await.unwrap();
        let stored = tx.load_tree().await.unwrap().senders;
        assert_eq!(stored[0].value, sender.value);
    }
}
