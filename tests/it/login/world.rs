//! A server with a clock that is moved by hand, and some users.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use promgen_core::app::{Actor, App, Options, SchemaPolicy, users};
use promgen_core::config::{DatabaseUrl, parse};
use promgen_core::model::{Clock, Group, GroupId, Secret, Timestamp, User, UserId};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{Bind, ServeError, ServeOptions, serve};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Browser;

/// The password of everybody who has one.
pub(super) const PASSWORD: &str = "correct horse";

/// Hashing is slow by design, and more so in a test: it is done once for all users.
static HASH: OnceCell<String> = OnceCell::const_new();

#[derive(Debug)]
struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// A server that answers on a free port.
pub(super) struct World {
    pub(super) app: App,
    pub(super) url: String,
    pub(super) folder: TempDir,
    clock: Arc<ManualClock>,
    stop: CancellationToken,
    serving: JoinSet<Result<(), ServeError>>,
}

impl World {
    /// With these settings, at the present time.
    pub(super) async fn start(settings: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), settings).await
    }

    pub(super) async fn in_folder(folder: TempDir, settings: &str) -> Self {
        let database = folder.path().join("promgen.db");
        let mut settings = parse(settings).unwrap_or_else(|p| panic!("{p:?}")).settings;
        let url = format!("sqlite://{}", database.display());
        settings.database = DatabaseUrl(Secret::new(url));
        let now = promgen_core::model::SystemClock.now().0;
        let clock = Arc::new(ManualClock(AtomicI64::new(now)));
        let app = App::open(Options {
            settings,
            registry: Registry::linked().unwrap(),
            clock: Arc::<ManualClock>::clone(&clock),
            create: Create::IfMissing,
            schema: SchemaPolicy::Migrate,
        });
        let app = app.await.unwrap();
        let bind: Bind = "127.0.0.1:0".parse().unwrap();
        let listener = bind.listen().await.unwrap();
        let url = format!("http://{}", listener.address().unwrap());
        let stop = CancellationToken::new();
        let mut serving = JoinSet::new();
        let options = ServeOptions::default();
        serving.spawn(serve(app.clone(), vec![listener], stop.clone(), options));
        Self {
            app,
            url,
            folder,
            clock,
            stop,
            serving,
        }
    }

    /// Moves the clock on.
    pub(super) fn pass(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap();
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// A user with [`PASSWORD`], or without one.
    pub(super) async fn user(&self, username: &str, password: Option<&str>) -> User {
        let operator = Actor::operator("test");
        let made = users::create_superuser(&self.app, &operator, username, "", None).await;
        let user = made.unwrap();
        if password.is_some() {
            let hash = HASH.get_or_init(|| self.hash(username)).await;
            let tx = self.app.store().write_tx().await.unwrap();
            tx.set_password(user.id, Some(hash)).await.unwrap();
            tx.commit().await.unwrap();
        }
        user
    }

    /// The hash of [`PASSWORD`], by the way that sets one.
    async fn hash(&self, username: &str) -> String {
        let password = Secret::new(PASSWORD.to_owned());
        let operator = Actor::operator("test");
        let changed = users::change_password(&self.app, &operator, username, password).await;
        changed.unwrap();
        let tx = self.app.store().read_tx().await.unwrap();
        let user = tx.find_user(username).await.unwrap().unwrap();
        tx.find_password(user.id).await.unwrap().unwrap()
    }

    /// A group with this name.
    pub(super) async fn group(&self, name: &str) -> GroupId {
        let tx = self.app.store().write_tx().await.unwrap();
        let name = name.to_owned();
        let group = Group {
            id: GroupId(0),
            name,
        };
        let id = tx.insert_group(&group).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Names of the groups that a user is in, sorted.
    pub(super) async fn groups_of(&self, username: &str) -> Vec<String> {
        let tx = self.app.store().read_tx().await.unwrap();
        let user = tx.find_user(username).await.unwrap().unwrap();
        let mut names = Vec::new();
        for member in tx.list_memberships(user.id).await.unwrap() {
            names.push(tx.load_group(member.group).await.unwrap().unwrap().name);
        }
        names.sort();
        names
    }

    /// The users, by name.
    pub(super) async fn usernames(&self) -> Vec<String> {
        let all = users::list(&self.app, &Actor::operator("test"))
            .await
            .unwrap();
        all.into_iter().map(|user| user.username).collect()
    }

    pub(super) async fn find(&self, username: &str) -> User {
        let found = users::find(&self.app, &Actor::operator("test"), username).await;
        found.unwrap()
    }

    /// Number of sessions of a user in the database.
    pub(super) async fn sessions_of(&self, user: UserId) -> usize {
        let tx = self.app.store().read_tx().await.unwrap();
        tx.list_sessions(user).await.unwrap().len()
    }

    /// A browser that has seen nothing yet.
    pub(super) fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Stops the server and closes the database; the folder is left.
    pub(super) async fn finish(mut self) -> TempDir {
        self.stop.cancel();
        while let Some(served) = self.serving.join_next().await {
            served.unwrap().unwrap();
        }
        self.app.close().await;
        self.folder
    }
}
