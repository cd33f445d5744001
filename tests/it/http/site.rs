//! A running server with an app and a database of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, tokens, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{Scope, Secret, SystemClock};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{Bind, ServeError, ServeOptions, serve};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::client::{Answer, Request, send};

/// Two shards, two services, three projects; ids count from 1 in this order.
const TREE: &str = r#"
promgen: 1
site: {domain: promgen.example.com, name: promgen.example.com}
shards:
  - {name: east, servers: [{host: prom1, port: 9090}]}
  - {name: west of here}
probes: [{module: http_2xx}]
services:
  - name: bank
    projects:
      - name: ledger
        shard: west of here
        farm: {name: ledger-farm, hosts: [l1]}
        exporters: [{job: node, port: 9100}]
  - name: shop
    rules: [{name: Down, clause: 'up{service="shop"} == 0', duration: 5m}]
    projects:
      - name: api
        shard: east
        farm: {name: api-farm, hosts: [a1, a2]}
        exporters: [{job: node, port: 9100}]
        urls: [{url: 'https://shop.example.com/', probe: http_2xx}]
      - name: web
        shard: west of here
        farm: {name: web-farm, hosts: [w1]}
        exporters: [{job: node, port: 9100}]
"#;

/// Whoever sets a test up.
pub(super) fn operator() -> Actor {
    Actor::operator("test")
}

/// A server that answers on a free port.
pub(super) struct Site {
    pub(super) app: App,
    pub(super) address: SocketAddr,
    pub(super) folder: TempDir,
    stop: CancellationToken,
    serving: JoinSet<Result<(), ServeError>>,
}

impl Site {
    /// With the settings and limits that everybody has.
    pub(super) async fn start() -> Self {
        Self::with(|_| {}, ServeOptions::default()).await
    }

    /// With other settings or limits.
    pub(super) async fn with(change: impl FnOnce(&mut Settings), options: ServeOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("promgen.db");
        let mut settings = Settings {
            database: DatabaseUrl(Secret::new(format!("sqlite://{}", database.display()))),
            ..Settings::default()
        };
        change(&mut settings);
        let app = App::open(Options {
            settings,
            registry: Registry::linked().unwrap(),
            clock: Arc::new(SystemClock),
            create: Create::IfMissing,
            schema: SchemaPolicy::Migrate,
        });
        let app = app.await.unwrap();
        let applied = tree::apply(&app, &operator(), TREE, ApplyOptions::default()).await;
        applied.unwrap_or_else(|error| panic!("{error}"));

        let tcp = "127.0.0.1:0"
            .parse::<Bind>()
            .unwrap()
            .listen()
            .await
            .unwrap();
        let address = tcp.address().unwrap();
        let socket = Bind::Unix(folder.path().join("promgen.sock"));
        let listeners = vec![tcp, socket.listen().await.unwrap()];
        let stop = CancellationToken::new();
        let mut serving = JoinSet::new();
        serving.spawn(serve(app.clone(), listeners, stop.clone(), options));
        Self {
            app,
            address,
            folder,
            stop,
            serving,
        }
    }

    /// Sends a request and takes the answer.
    pub(super) async fn send(&self, request: Request) -> Answer {
        send(self.address, &request).await
    }

    /// Asks for a path.
    pub(super) async fn get(&self, target: &str) -> Answer {
        self.send(Request::get(target)).await
    }

    /// A token of a superuser of its own.
    pub(super) async fn token(&self, scope: Scope) -> String {
        let (app, actor, name) = (&self.app, operator(), format!("user-{scope}"));
        users::create_superuser(app, &actor, &name, "", None)
            .await
            .unwrap();
        let made = tokens::create(app, &actor, &name, vec![scope], None).await;
        made.unwrap().text.reveal().clone()
    }

    /// Applies a further tree document and makes its outputs the current ones.
    pub(super) async fn apply(&self, document: &str) {
        let applied = tree::apply(&self.app, &operator(), document, ApplyOptions::default()).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
        self.app.fresh_outputs().await.unwrap();
    }

    /// Tells the server to stop; nothing waits for it yet.
    pub(super) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Stops the server and waits for everything that it began. The app is left, with the folder of
    /// its database.
    pub(super) async fn finish(mut self) -> (App, TempDir) {
        self.stop.cancel();
        while let Some(served) = self.serving.join_next().await {
            served.unwrap().unwrap();
        }
        (self.app, self.folder)
    }
}
