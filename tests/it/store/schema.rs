//! Making the schema, and refusing those of others.

use promgen_core::store::{Create, Schema, Store, StoreError};
use promgen_tests::databases::Kind;

use super::sample;

on_every_database! {
    async fn an_empty_database_becomes_current(database: &TestDatabase) {
        let store = database.open().await;
        assert_eq!(store.schema().await.unwrap(), Schema::Empty);
        let pending = store.schema().await.unwrap().require_current();
        let Err(StoreError::NotMigrated { pending }) = pending else { panic!("{pending:?}") };
        let applied = store.migrate().await.unwrap();
        assert_eq!(applied, pending);
        assert_eq!(store.schema().await.unwrap(), Schema::Current);
        store.schema().await.unwrap().require_current().unwrap();
        assert_eq!(store.migrate().await.unwrap(), Vec::<String>::new());
    }

    async fn two_that_migrate_at_once_both_succeed(database: &TestDatabase) {
        // Two stores share no connection, as two processes do.
        let (one, other) = tokio::join!(database.open(), database.open());
        let (first, second) = tokio::join!(one.migrate(), other.migrate());
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first.is_empty() != second.is_empty(), "one of them does all: {first:?} {second:?}");
        assert_eq!(one.schema().await.unwrap(), Schema::Current);
        let tree = other.read_tx().await.unwrap().load_tree().await.unwrap();
        assert_eq!(tree.presets.len(), 4);
    }

    async fn eight_that_open_and_migrate_at_once_all_succeed(database: &TestDatabase) {
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let url = database.url();
            starting.spawn(async move {
                let store = Store::open(&url, Create::IfMissing).await?;
                store.migrate().await
            });
        }
        let applied: Vec<Vec<String>> =
            starting.join_all().await.into_iter().map(|applied| applied.unwrap()).collect();
        assert_eq!(applied.iter().filter(|applied| !applied.is_empty()).count(), 1);
    }

    async fn a_migration_that_was_cut_short_is_taken_up(database: &TestDatabase) {
        let store = database.migrated().await;
        // As MariaDB is left when the process dies after a table was made, before its indexes and
        // its record.
        for name in ["0014_default_exporter", "0015_default_exporter_rows", "0019_rule", "0026_attempt"] {
            database.execute(&format!("DELETE FROM promgen_migration WHERE name = '{name}'")).await;
        }
        if database.kind() == Kind::MariaDb {
            database.execute("DROP INDEX ix_rule_owner_type_owner_id ON rule").await;
        } else {
            database.execute("DROP INDEX ix_rule_owner_type_owner_id").await;
        }
        database.execute("DROP TABLE attempt").await;
        let Schema::Older { pending } = store.schema().await.unwrap() else { panic!() };
        assert_eq!(pending.len(), 4);
        assert_eq!(store.migrate().await.unwrap(), pending);
        assert_eq!(store.schema().await.unwrap(), Schema::Current);
        let tree = store.read_tx().await.unwrap().load_tree().await.unwrap();
        assert_eq!(tree.presets.len(), 4, "rows that are there are not made again");
    }

    async fn the_index_of_what_is_pending_has_nothing_else_where_that_can_be(database: &TestDatabase) {
        database.migrated().await;
        let count = match database.kind() {
            Kind::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND name = ",
            Kind::Postgres => "SELECT COUNT(*) FROM pg_indexes WHERE indexname = ",
            Kind::MariaDb => {
                "SELECT COUNT(DISTINCT index_name) FROM information_schema.statistics \
                 WHERE table_schema = DATABASE() AND index_name = "
            }
        };
        let narrow = database.number(&format!("{count}'ix_delivery_order_key_alert_pending'")).await;
        let wide = database.number(&format!("{count}'ix_delivery_order_key_state_alert'")).await;
        let expected = if database.kind() == Kind::MariaDb { (0, 1) } else { (1, 0) };
        assert_eq!((narrow, wide), expected);
    }

    async fn a_newer_schema_is_refused(database: &TestDatabase) {
        let store = database.migrated().await;
        database.execute("INSERT INTO promgen_migration (name) VALUES ('9999_future')").await;
        let schema = store.schema().await.unwrap();
        assert_eq!(schema, Schema::Newer { unknown: vec!["9999_future".to_owned()] });
        assert!(matches!(schema.require_current(), Err(StoreError::NewerSchema { .. })));
        let error = store.migrate().await.unwrap_err();
        assert!(matches!(error, StoreError::NewerSchema { .. }), "{error}");
        assert!(error.to_string().contains("9999_future"));
    }

    async fn the_originals_database_is_refused_and_left_alone(database: &TestDatabase) {
        database.execute("CREATE TABLE django_migrations (id INTEGER)").await;
        let store = database.open().await;
        assert_eq!(store.schema().await.unwrap(), Schema::Original);
        let error = store.migrate().await.unwrap_err();
        assert!(matches!(error, StoreError::OriginalDatabase), "{error}");
        let ours = store.read_tx().await.unwrap().load_site().await;
        assert!(ours.is_err(), "no table was made");
    }

    async fn tables_of_another_program_are_not_taken_for_ours(database: &TestDatabase) {
        database.execute("CREATE TABLE project (id INTEGER, title VARCHAR(10))").await;
        let store = database.open().await;
        assert_eq!(store.schema().await.unwrap(), Schema::Empty);
        let error = store.migrate().await.unwrap_err();
        assert!(matches!(&error, StoreError::Occupied { table } if table == "project"), "{error}");
        assert_eq!(store.schema().await.unwrap(), Schema::Empty);
    }

    async fn a_second_migration_keeps_what_is_there(database: &TestDatabase) {
        let store = database.migrated().await;
        sample::ground(&store).await;
        store.close().await.unwrap();
        let store = database.migrated().await;
        let tx = store.read_tx().await.unwrap();
        assert!(tx.find_project("cart").await.unwrap().is_some());
    }
}
