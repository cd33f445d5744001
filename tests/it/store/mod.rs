//! The store on all its databases.

/// Makes three tests of each function: on `SQLite`, on `PostgreSQL` and on `MariaDB`, each with an
/// empty database of its own. Where a server is not installed, its test says so and passes.
macro_rules! on_every_database {
    ($(async fn $name:ident($database:ident: &TestDatabase) $body:block)*) => {$(
        async fn $name($database: &promgen_tests::databases::TestDatabase) $body

        mod $name {
            use promgen_tests::databases::{Kind, TestDatabase};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on(Kind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                on(Kind::Postgres).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn mariadb() {
                on(Kind::MariaDb).await;
            }

            async fn on(kind: Kind) {
                if let Some(database) = TestDatabase::create(kind).await {
                    super::$name(&database).await;
                }
            }
        }
    )*};
}

mod admin;
mod alerts;
mod claims;
mod deletes;
mod deliveries;
mod failures;
mod families;
mod farms;
mod figures;
mod history;
mod holders;
mod links;
mod lists;
mod logins;
mod objects;
mod overviews;
mod pages;
mod people;
mod routed;
mod sample;
mod schema;
mod sorted;
mod tls;
mod transactions;
mod tree;
mod uniqueness;
