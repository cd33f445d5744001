//! Database servers that are spoken with over TLS.

use std::path::Path;

use promgen_core::config::DatabaseUrl;
use promgen_core::model::Secret;
use promgen_core::store::{Create, Schema, Store, StoreError};
use promgen_tests::databases::{Kind, Server, TestDatabase};
use promgen_tests::tls::Certificate;

/// A server that refuses whoever does not speak TLS, and its certificate.
struct World {
    _folder: tempfile::TempDir,
    certificate: Certificate,
    url: String,
    _server: Server,
}

impl World {
    async fn start(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Certificate::make(folder.path());
        let server = Server::start_with_tls(kind, &certificate)?;
        let database = TestDatabase::create_on(&server).await;
        Some(Self {
            _folder: folder,
            certificate,
            url: database.url().0.reveal().clone(),
            _server: server,
        })
    }

    async fn open(&self, parameters: &str) -> Result<Store, StoreError> {
        let url = DatabaseUrl(Secret::new(format!("{}?{parameters}", self.url)));
        Store::open(&url, Create::Never).await
    }
}

/// The parameters of a URL for an address that must be the one in the certificate.
fn verified(kind: Kind, authority: &Path) -> String {
    let authority = authority.display();
    match kind {
        Kind::MariaDb => format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}"),
        _ => format!("sslmode=verify-full&sslrootcert={authority}"),
    }
}

async fn a_server_with_tls_is_spoken_with(kind: Kind, required: &str, plain: &str) {
    let Some(world) = World::start(kind).await else {
        return;
    };
    let verified = verified(kind, &world.certificate.authority);
    for parameters in ["", required, &verified] {
        let store = world.open(parameters).await;
        let store = store.unwrap_or_else(|error| panic!("{parameters}: {error:?}"));
        store.migrate().await.unwrap();
        assert_eq!(store.schema().await.unwrap(), Schema::Current);
        store.close().await.unwrap();
    }
    assert!(world.open(plain).await.is_err(), "the server asks for TLS");
}

async fn a_server_of_an_unknown_authority_is_refused(kind: Kind) {
    let Some(world) = World::start(kind).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let stranger = Certificate::make(folder.path());
    let error = world.open(&verified(kind, &stranger.authority)).await;
    let error = format!("{:?}", error.unwrap_err());
    assert!(error.contains("certificate"), "{error}");
}

#[tokio::test]
async fn postgres_with_tls_is_spoken_with() {
    a_server_with_tls_is_spoken_with(Kind::Postgres, "sslmode=require", "sslmode=disable").await;
}

#[tokio::test]
async fn mariadb_with_tls_is_spoken_with() {
    a_server_with_tls_is_spoken_with(Kind::MariaDb, "ssl-mode=REQUIRED", "ssl-mode=DISABLED").await;
}

#[tokio::test]
async fn postgres_of_an_unknown_authority_is_refused() {
    a_server_of_an_unknown_authority_is_refused(Kind::Postgres).await;
}

#[tokio::test]
async fn mariadb_of_an_unknown_authority_is_refused() {
    a_server_of_an_unknown_authority_is_refused(Kind::MariaDb).await;
}
