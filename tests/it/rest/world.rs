//! An app on `SQLite` with the golden data set, and who asks it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, header};
use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, roles, tokens, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{
    AuditEntry, Grantee, Role, RoleOn, Scope, Secret, Sender, SenderId, SenderOwner, SystemClock,
    User,
};
use promgen_core::plugin::Registry;
use promgen_core::store::{Create, Tx};
use promgen_core::tree::ExportOptions;
use promgen_http::{ServeOptions, Server, router};
use promgen_tests::golden::golden_path;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

const USER_DRIVER: &str = "promgen.notification.user";

/// Whoever sets a test up.
pub(crate) fn operator() -> Actor {
    Actor::operator("test")
}

/// An answer: its status, and its JSON (null where there is none).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer of that status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The items of a list.
    #[track_caller]
    pub(crate) fn results(self) -> Vec<Value> {
        let body = self.expect(200);
        body["results"].as_array().unwrap().clone()
    }

    /// One field of every item of a list.
    #[track_caller]
    pub(crate) fn column(self, field: &str) -> Vec<Value> {
        let results = self.results();
        results.into_iter().map(|one| one[field].clone()).collect()
    }
}

/// Somebody with a token that may read and write.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) token: String,
}

impl Person {
    pub(crate) fn id(&self) -> i32 {
        self.user.id.0
    }
}

/// An app and its routes.
pub(crate) struct World {
    pub(crate) app: App,
    router: Router,
    folder: TempDir,
}

impl World {
    /// The golden data set with its users, whose ids are those of the original; without a role one
    /// sees nothing.
    pub(crate) async fn golden() -> Self {
        Self::with(|settings| settings.permissions.default_role = None).await
    }

    /// The golden data set with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("promgen.db");
        std::fs::copy(filled().await, &database).unwrap();
        Self::open(folder, change).await
    }

    async fn open(folder: TempDir, change: impl FnOnce(&mut Settings)) -> Self {
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
        let server = Server::new(app.clone(), &ServeOptions::default());
        Self {
            app,
            router: router(server, None),
            folder,
        }
    }

    /// The same after the program ended and began again.
    pub(crate) async fn opened_again(self) -> Self {
        self.app.close().await;
        Self::open(self.folder, |settings| {
            settings.permissions.default_role = None;
        })
        .await
    }

    /// The users come first and in this order, for their ids; the second one is hidden, as the
    /// technical user of the original is.
    async fn fill(&self) {
        let hidden = self.add_user("admin", "hidden").await;
        let tx = self.app.store().write_tx().await.unwrap();
        let hidden = User {
            active: false,
            ..hidden
        };
        tx.update_user(&hidden).await.unwrap();
        tx.commit().await.unwrap();
        users::create_superuser(&self.app, &operator(), "peer", "peer@example.com", None)
            .await
            .unwrap();
        self.add_user("alertmanager", "nobody").await;
        let tree = std::fs::read_to_string(golden_path("tree.yml")).unwrap();
        self.apply(&tree).await;
    }

    async fn add_user(&self, first: &str, second: &str) -> User {
        self.apply(&format!(
            "promgen: 1\nusers: [{{username: {first}}}, {{username: {second}}}]"
        ))
        .await;
        users::find(&self.app, &operator(), second).await.unwrap()
    }

    /// Applies a tree document, making the users that it names.
    pub(crate) async fn apply(&self, document: &str) {
        let options = ApplyOptions {
            create_users: true,
            ..ApplyOptions::default()
        };
        let applied = tree::apply(&self.app, &operator(), document, options).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Somebody without any role, made where there is nobody of that name.
    pub(crate) async fn person(&self, name: &str) -> Person {
        self.apply(&format!("promgen: 1\nusers: [{{username: {name}}}]"))
            .await;
        self.login(name).await
    }

    /// A superuser: `peer` of the data set.
    pub(crate) async fn superuser(&self) -> Person {
        self.login("peer").await
    }

    /// Somebody with a role of their own.
    pub(crate) async fn with_role(&self, name: &str, role: Role, on: RoleOn) -> Person {
        let person = self.person(name).await;
        self.grant(&person, role, on).await;
        person
    }

    /// Gives somebody a role of their own.
    pub(crate) async fn grant(&self, person: &Person, role: Role, on: RoleOn) {
        let to = Grantee::User(person.user.id);
        let given = roles::assign(&self.app, &operator(), on, to, role).await;
        given.unwrap_or_else(|error| panic!("{error}"));
    }

    /// A token of somebody who exists.
    pub(crate) async fn login(&self, name: &str) -> Person {
        self.with_scopes(name, vec![Scope::Read, Scope::Write])
            .await
    }

    /// A token that may only read, of somebody who exists.
    pub(crate) async fn reader(&self, name: &str) -> Person {
        self.with_scopes(name, vec![Scope::Read]).await
    }

    /// A token with these scopes, of somebody who exists.
    pub(crate) async fn with_scopes(&self, name: &str, scopes: Vec<Scope>) -> Person {
        let token = tokens::create(&self.app, &operator(), name, scopes, None).await;
        let token = token.unwrap().text.reveal().clone();
        let user = users::find(&self.app, &operator(), name).await.unwrap();
        Person { user, token }
    }

    /// The whole tree as a document.
    pub(crate) async fn document(&self) -> String {
        let options = ExportOptions::default();
        let document = tree::export(&self.app, &operator(), &options).await;
        document.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The newest entries of the audit log, the newest first.
    pub(crate) async fn log(&self, limit: u64) -> Vec<AuditEntry> {
        let tx = self.app.store().read_tx().await.unwrap();
        tx.list_audit(limit, None).await.unwrap()
    }

    /// Has somebody hear about the alerts of a service or project.
    pub(crate) async fn subscribe(&self, person: &Person, object: &str) {
        let mut sender = Sender {
            id: SenderId(0),
            driver: USER_DRIVER.to_owned(),
            value: person.user.id.to_string(),
            alias: String::new(),
            owner: SenderOwner::User(person.user.id),
            added_by: Some(person.user.id),
            enabled: true,
            secret: None,
            filters: Vec::new(),
        };
        let tx = self.app.store().write_tx().await.unwrap();
        sender.owner = owner_named(&tx, object).await;
        tx.insert_sender(&sender).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Who hears about the alerts of a service or project, by user name.
    pub(crate) async fn subscribers(&self, object: &str) -> Vec<String> {
        let tx = self.app.store().read_tx().await.unwrap();
        let owner = owner_named(&tx, object).await;
        let mut names = Vec::new();
        for sender in tx.list_senders_of(owner).await.unwrap() {
            if sender.driver == USER_DRIVER {
                let user = tx.load_user(sender.value.parse().unwrap()).await.unwrap();
                names.push(user.unwrap().username);
            }
        }
        names.sort();
        names
    }

    /// How somebody is reached: drivers and values.
    pub(crate) async fn personal(&self, person: &Person) -> Vec<String> {
        let tx = self.app.store().read_tx().await.unwrap();
        let owner = SenderOwner::User(person.user.id);
        let senders = tx.list_senders_of(owner).await.unwrap();
        let mut shown: Vec<String> = senders
            .into_iter()
            .map(|one| format!("{}:{}", one.driver, one.value))
            .collect();
        shown.sort();
        shown
    }

    /// Sends a request; nobody known asks when `who` is none.
    pub(crate) async fn send(
        &self,
        who: Option<&Person>,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "promgen");
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Token {}", who.token));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let (head, text) = self.exchange(request.body(body).unwrap()).await;
        let body = serde_json::from_str(&text).unwrap_or_default();
        let status = head.status.as_u16();
        Answer { status, body }
    }

    /// Asks for a path; answers status, headers and body as one text.
    pub(crate) async fn text(&self, who: Option<&Person>, path: &str) -> String {
        let mut request = Request::get(path).header(header::HOST, "promgen");
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Token {}", who.token));
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let head = format!("{} {:?}", response.status(), response.headers());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        format!("{head}\n{}", String::from_utf8_lossy(&bytes))
    }

    /// Sends a request as it is; answers status, headers and text.
    pub(crate) async fn exchange(&self, request: Request<Body>) -> (http::response::Parts, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (head, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Asks for a path.
    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Some(who), "GET", path, None).await
    }

    /// Sends JSON.
    pub(crate) async fn json(&self, who: &Person, method: &str, path: &str, body: Value) -> Answer {
        self.send(Some(who), method, path, Some(body)).await
    }

    /// Deletes.
    pub(crate) async fn delete(&self, who: &Person, path: &str) -> Answer {
        self.send(Some(who), "DELETE", path, None).await
    }
}

async fn owner_named(tx: &Tx, name: &str) -> SenderOwner {
    if let Some(service) = tx.find_service(name).await.unwrap() {
        return SenderOwner::Service(service.id);
    }
    SenderOwner::Project(tx.find_project(name).await.unwrap().unwrap().id)
}

/// A database with the golden data set, which is filled once and copied for each test.
async fn filled() -> &'static Path {
    static FILLED: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
    let (_, database) = FILLED
        .get_or_init(async || {
            let world = World::open(tempfile::tempdir().unwrap(), |_| {}).await;
            world.fill().await;
            // What is in the log of the database goes into its file.
            world.app.close().await;
            let kept = tempfile::tempdir().unwrap();
            let database = kept.path().join("promgen.db");
            std::fs::copy(world.folder.path().join("promgen.db"), &database).unwrap();
            (kept, database)
        })
        .await;
    database
}

/// The recorded answer of the original to a request below `/rest/v2/`, such as `GET
/// /rest/v2/services/1`; the host in links is the one that is asked here.
#[track_caller]
pub(super) fn recorded(request: &str) -> Answer {
    let text = std::fs::read_to_string(golden_path("rest_v2.json")).unwrap();
    let text = text.replace("127.0.0.1:18000", "promgen");
    let all: Value = serde_json::from_str(&text).unwrap();
    let one = &all[request];
    Answer {
        status: u16::try_from(one["status"].as_u64().unwrap()).unwrap(),
        body: one["body"].clone(),
    }
}
