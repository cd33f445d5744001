//! Databases that are not there, not ours to write, or go away.

use std::error::Error;
use std::os::unix::fs::PermissionsExt;

use promgen_core::config::DatabaseUrl;
use promgen_core::model::*;
use promgen_core::store::{Create, NewAlert, Store, StoreError};
use promgen_tests::databases::Kind;

use super::sample;

fn url(text: &str) -> DatabaseUrl {
    DatabaseUrl(Secret::new(text.to_owned()))
}

/// All that an operator could read of an error.
fn told(error: &StoreError) -> String {
    let mut texts = vec![error.to_string(), format!("{error:?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(cause.to_string());
        texts.push(format!("{cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

#[tokio::test]
async fn a_missing_file_is_named_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promgen.db");
    let address = url(&format!("sqlite://{}", path.display()));
    let error = Store::open(&address, Create::Never).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::MissingFile { path: named } if *named == path),
        "{error}"
    );
    assert!(!path.exists());
    Store::open(&address, Create::IfMissing).await.unwrap();
    Store::open(&address, Create::Never).await.unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds secrets");
}

#[tokio::test]
async fn a_missing_folder_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let address = url(&format!(
        "sqlite://{}/nowhere/promgen.db",
        folder.path().display()
    ));
    let error = Store::open(&address, Create::IfMissing).await.unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promgen.db");
    std::fs::write(
        &path,
        "a letter to my aunt, long enough to have a page of its own".repeat(100),
    )
    .unwrap();
    let address = url(&format!("sqlite://{}", path.display()));
    let error = Store::open(&address, Create::IfMissing).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_path_may_hold_any_characters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my data?#%.db");
    let written = path
        .display()
        .to_string()
        .replace('%', "%25")
        .replace('?', "%3F");
    let store = Store::open(&url(&format!("sqlite://{written}")), Create::IfMissing)
        .await
        .unwrap();
    store.migrate().await.unwrap();
    assert!(path.exists());
}

#[tokio::test]
async fn an_unknown_kind_is_refused_with_the_known_ones() {
    let error = Store::open(&url("oracle://scott:tiger@db/x"), Create::IfMissing)
        .await
        .unwrap_err();
    let StoreError::UnknownKind { scheme, known } = &error else {
        panic!("{error}")
    };
    assert_eq!(scheme, "oracle");
    assert_eq!(known, "sqlite://, postgres://, mysql://, mariadb://");
    assert!(!told(&error).contains("tiger"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_gone_and_the_password_stays_hidden() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for kind in ["postgres", "mysql"] {
        let address = url(&format!(
            "{kind}://promgen:hunter2@127.0.0.1:{port}/promgen"
        ));
        let error = Store::open(&address, Create::IfMissing).await.unwrap_err();
        assert!(matches!(error, StoreError::Gone { .. }), "{error}");
        assert!(error.is_transient());
        assert!(!told(&error).contains("hunter2"), "{}", told(&error));
    }
}

on_every_database! {
    async fn a_database_that_does_not_exist_cannot_be_opened(database: &TestDatabase) {
        if database.kind() == Kind::Sqlite {
            return;
        }
        let address = database.url().0.reveal().replace("promgen_test_", "hunter2_");
        let error = Store::open(&url(&address), Create::IfMissing).await.unwrap_err();
        assert!(matches!(error, StoreError::Open { .. }), "{error}");
    }

    async fn a_connection_that_is_cut_is_gone_and_the_next_one_works(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        tx.insert_shard(&sample::shard("tokyo")).await.unwrap();
        match database.kind() {
            // Nobody can cut it there.
            Kind::Sqlite => return,
            Kind::Postgres => {
                database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                ).await;
            }
            Kind::MariaDb => {
                let victim = database.number(
                    "SELECT CAST(MAX(trx_mysql_thread_id) AS SIGNED) FROM information_schema.innodb_trx \
                     WHERE trx_rows_modified > 0 AND trx_mysql_thread_id IN \
                     (SELECT id FROM information_schema.processlist WHERE db = DATABASE())",
                ).await;
                database.execute(&format!("KILL {victim}")).await;
            }
        }
        let error = tx.insert_shard(&sample::shard("osaka")).await.unwrap_err();
        assert!(matches!(error, StoreError::Gone { .. }), "{error}");
        drop(tx);
        let tx = store.write_tx().await.unwrap();
        assert_eq!(tx.find_shard("tokyo").await.unwrap(), None);
    }

    async fn a_body_that_is_too_large_for_the_server_is_refused_before_it_is_sent(database: &TestDatabase) {
        let store = database.migrated().await;
        let body = "x".repeat(17 * 1024 * 1024);
        let tx = store.write_tx().await.unwrap();
        let kept = tx.insert_alerts(&[NewAlert { created: Timestamp(0), body: &body }]).await;
        if database.kind() == Kind::MariaDb {
            let error = kept.unwrap_err();
            assert!(matches!(error, StoreError::TooLarge { .. }), "{error}");
            assert!(error.to_string().contains("max_allowed_packet"));
            assert!(!error.is_transient());
            tx.insert_alerts(&[NewAlert { created: Timestamp(0), body: "{}" }]).await.unwrap();
        } else {
            kept.unwrap();
        }
    }

    async fn a_value_that_is_refused_is_not_quoted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let sender = sample::sender("hunter2", SenderOwner::Project(ground.project));
        tx.insert_sender(&sender).await.unwrap();
        let error = tx.insert_sender(&sender).await.unwrap_err();
        assert!(matches!(error, StoreError::Unique), "{error}");
        assert!(!told(&error).contains("hunter2"), "{}", told(&error));
    }
}
