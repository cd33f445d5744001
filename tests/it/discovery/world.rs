//! An app whose farms come from a source that does as it is told.

use std::sync::Arc;

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, farms};
use promgen_core::config::{self, DatabaseUrl};
use promgen_core::model::{FarmId, Secret, SystemClock};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_plugins as _;
use promgen_tests::source::Source;
use tempfile::TempDir;

/// Three projects, one of them with a farm of its own, and a farm whose source nobody has.
const TREE: &str = "
promgen: 1
shards: [{name: main}]
farms: [{name: orphan, source: gone, hosts: [o1]}]
services:
  - name: shop
    projects:
      - {name: web, shard: main, exporters: [{job: node, port: 9100}]}
      - {name: api, shard: main}
      - {name: db, shard: main, farm: {name: local, hosts: [l1]}}
";

pub(super) struct World {
    pub(super) app: App,
    pub(super) actor: Actor,
    pub(super) source: Source,
    _folder: TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with("").await
    }

    /// With these settings of `discovery`.
    pub(super) async fn with(discovery: &str) -> Self {
        let source = Source::start().await;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("http://user:s3cret@{}/sd?token=s3cret", source.address());
        let text =
            format!("discovery: {{{discovery}}}\npromgen.discovery.http: {{url: '{url}'}}\n");
        let mut settings = config::parse(&text).unwrap().settings;
        let database = folder.path().join("promgen.db");
        settings.database = DatabaseUrl(Secret::new(format!("sqlite://{}", database.display())));
        let options = Options {
            settings,
            registry: Registry::linked().unwrap(),
            clock: Arc::new(SystemClock),
            create: Create::IfMissing,
            schema: SchemaPolicy::Migrate,
        };
        let app = App::open(options).await.unwrap();
        let actor = Actor::operator("test");
        let applied = tree::apply(&app, &actor, TREE, ApplyOptions::default()).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
        Self {
            app,
            actor,
            source,
            _folder: folder,
        }
    }

    /// With the farm `web-farm` of hosts `a` and `b` linked to the project `web`.
    pub(super) async fn linked(discovery: &str) -> (Self, FarmId) {
        let world = Self::with(discovery).await;
        world.source.offer(&[("web-farm", &["a", "b"])]);
        let linked = farms::link(&world.app, &world.actor, "web", "http", "web-farm").await;
        let id = linked.unwrap().refreshed.farm.id;
        (world, id)
    }

    pub(super) async fn hosts(&self, farm: FarmId) -> Vec<String> {
        let tx = self.app.store().read_tx().await.unwrap();
        let hosts = tx.list_hosts_of(farm).await.unwrap();
        let mut names: Vec<String> = hosts.into_iter().map(|host| host.name).collect();
        names.sort();
        names
    }

    pub(super) async fn revision(&self) -> i64 {
        let tx = self.app.store().read_tx().await.unwrap();
        tx.revision().await.unwrap()
    }

    /// The newest entries of the audit log: texts, before, after.
    pub(super) async fn audit(&self, newest: u64) -> Vec<[String; 3]> {
        let tx = self.app.store().read_tx().await.unwrap();
        let entries = tx.list_audit(newest, None).await.unwrap();
        let texts = entries.into_iter().map(|e| [e.body, e.before, e.after]);
        texts.collect()
    }

    /// The id of the farm of that name.
    pub(super) async fn farm(&self, name: &str) -> FarmId {
        let found = farms::find(&self.app, &self.actor, name).await;
        found.unwrap().id
    }

    /// Names of all farms.
    pub(super) async fn farms(&self) -> Vec<String> {
        let reports = farms::list(&self.app, &self.actor).await.unwrap();
        let names = reports.into_iter().map(|report| report.name.to_string());
        names.collect()
    }
}
