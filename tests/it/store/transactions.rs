//! What transactions promise: all or nothing, one picture, nobody locked out.

use std::sync::Arc;

use promgen_core::store::StoreError;
use promgen_tests::databases::{Kind, TestDatabase};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::sample;

on_every_database! {
    async fn a_dropped_transaction_changes_nothing(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
        tx.bump_revision().await.unwrap();
        drop(tx);
        let tx = store.write_tx().await.unwrap();
        assert_eq!(tx.find_shard("tokyo").await.unwrap(), None);
        assert_eq!(tx.revision().await.unwrap(), 1);
    }

    async fn a_rehearsal_sees_what_it_writes_and_leaves_nothing(database: &TestDatabase) {
        let store = database.migrated().await;
        let rehearsal = store.rehearsal();
        let tx = rehearsal.write_tx().await.unwrap();
        tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
        assert!(tx.find_shard("tokyo").await.unwrap().is_some());
        tx.insert_shard(&sample::shard("kyoto")).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.write_tx().await.unwrap();
        assert_eq!(tx.find_shard("tokyo").await.unwrap(), None);
        tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
        tx.commit().await.unwrap();
        assert!(rehearsal.read_tx().await.unwrap().find_shard("tokyo").await.unwrap().is_some());
    }

    async fn after_an_error_nothing_is_changed_and_the_store_works_on(database: &TestDatabase) {
        let store = database.migrated().await;
        for _ in 0..40 {
            let tx = store.write_tx().await.unwrap();
            tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
            tx.insert_shard(&sample::shard("tokyo")).await.unwrap_err();
        }
        let tx = store.write_tx().await.unwrap();
        tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn the_revision_counts_commits(database: &TestDatabase) {
        let store = database.migrated().await;
        for expected in 2..5 {
            let tx = store.write_tx().await.unwrap();
            assert_eq!(tx.bump_revision().await.unwrap(), expected);
            tx.commit().await.unwrap();
            assert_eq!(store.read_tx().await.unwrap().revision().await.unwrap(), expected);
        }
    }

    async fn a_reader_sees_one_picture(database: &TestDatabase) {
        let store = database.migrated().await;
        let reader = store.read_tx().await.unwrap();
        assert_eq!(reader.revision().await.unwrap(), 1);
        let writer = store.write_tx().await.unwrap();
        writer.insert_shard(&sample::shard("tokyo")).await.unwrap();
        writer.bump_revision().await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(reader.find_shard("tokyo").await.unwrap(), None);
        assert_eq!(reader.load_tree().await.unwrap().revision, 1);
        drop(reader);
        assert_eq!(store.read_tx().await.unwrap().load_tree().await.unwrap().shards.len(), 1);
    }

    async fn a_reader_cannot_write(database: &TestDatabase) {
        let store = database.migrated().await;
        let reader = store.read_tx().await.unwrap();
        let refused = reader.insert_shard(&sample::shard("tokyo")).await;
        assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    }

    async fn many_writers_at_once_all_succeed(database: &TestDatabase) {
        let store = database.migrated().await;
        let start = Arc::new(Barrier::new(16));
        let mut writers = JoinSet::new();
        for writer in 0..16 {
            let (store, start) = (store.clone(), Arc::clone(&start));
            writers.spawn(async move {
                start.wait().await;
                for number in 0..10 {
                    let tx = store.write_tx().await?;
                    // The lock on the revision comes first, and puts the writers in a row.
                    tx.bump_revision().await?;
                    let known = tx.load_outline().await?.shards.len();
                    tx.insert_shard(&sample::shard(&format!("{writer}-{number}-{known}"))).await?;
                    tx.commit().await?;
                }
                Ok::<(), StoreError>(())
            });
        }
        for done in writers.join_all().await {
            done.unwrap();
        }
        let tree = store.read_tx().await.unwrap().load_tree().await.unwrap();
        assert_eq!((tree.shards.len(), tree.revision), (160, 161));
        let mut seen: Vec<usize> =
            tree.shards.iter().map(|shard| shard.name.rsplit('-').next().unwrap().parse().unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..160).collect::<Vec<_>>(), "each saw what those before it wrote");
    }

    async fn writers_of_two_processes_do_not_disturb_each_other(database: &TestDatabase) {
        let stores = [database.migrated().await, database.open().await];
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            let store = stores[writer % 2].clone();
            writers.spawn(async move {
                for number in 0..15 {
                    let tx = store.write_tx().await?;
                    tx.bump_revision().await?;
                    tx.insert_shard(&sample::shard(&format!("{writer}-{number}"))).await?;
                    tx.commit().await?;
                }
                Ok::<(), StoreError>(())
            });
        }
        for done in writers.join_all().await {
            done.unwrap();
        }
        assert_eq!(stores[0].read_tx().await.unwrap().revision().await.unwrap(), 61);
    }

    async fn readers_are_not_held_up_by_a_writer(database: &TestDatabase) {
        let store = database.migrated().await;
        let writer = store.write_tx().await.unwrap();
        writer.bump_revision().await.unwrap();
        writer.insert_shard(&sample::shard("tokyo")).await.unwrap();
        assert_eq!(store.read_tx().await.unwrap().load_tree().await.unwrap().shards, []);
        writer.commit().await.unwrap();
    }

    async fn a_closed_store_says_that_it_is_gone(database: &TestDatabase) {
        let store = database.migrated().await;
        store.close().await.unwrap();
        let error = store.write_tx().await.unwrap_err();
        assert!(matches!(error, StoreError::Gone { .. }), "{error}");
        assert!(error.is_transient());
    }
}

/// As it does when the disk is full. The driver does not notice, and took all that came later for
/// parts of the transaction that was gone.
#[tokio::test]
async fn a_transaction_that_sqlite_undoes_by_itself_does_not_swallow_the_next() {
    let database = TestDatabase::create(Kind::Sqlite).await.unwrap();
    let store = database.migrated().await;
    let undo = "CREATE TRIGGER undo BEFORE INSERT ON shard WHEN NEW.name = 'undo' \
                BEGIN SELECT RAISE(ROLLBACK, 'undone'); END";
    database.execute(undo).await;
    let tx = store.write_tx().await.unwrap();
    tx.insert_shard(&sample::shard("undo")).await.unwrap_err();
    drop(tx);
    let tx = store.write_tx().await.unwrap();
    tx.insert_shard(&sample::shard("given up")).await.unwrap();
    drop(tx);
    let tx = store.write_tx().await.unwrap();
    tx.insert_shard(&sample::shard("kept")).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.read_tx().await.unwrap();
    assert!(tx.find_shard("kept").await.unwrap().is_some());
    assert!(tx.find_shard("given up").await.unwrap().is_none());
}
