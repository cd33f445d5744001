//! An app on `SQLite` with the golden data set, and who asks it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, header};
use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, tokens, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{
    Grant, GrantId, Grantee, Role, RoleOn, Scope, Secret, SystemClock, User,
};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{ServeOptions, Server, router};
use promgen_tests::golden::golden_path;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Whoever sets a test up.
pub(super) fn operator() -> Actor {
    Actor::operator("test")
}

/// An answer: its status, and its JSON (null where there is none).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// The body of an answer of that status.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The items of a list.
    #[track_caller]
    pub(super) fn results(self) -> Vec<Value> {
        let body = self.expect(200);
        body["results"].as_array().unwrap().clone()
    }

    /// One field of every item of a list.
    #[track_caller]
    pub(super) fn column(self, field: &str) -> Vec<Value> {
        let results = self.results();
        results.into_iter().map(|one| one[field].clone()).collect()
    }
}

/// Somebody with a token that may read and write.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user: User,
    pub(super) token: String,
}

impl Person {
    pub(super) fn id(&self) -> i32 {
        self.user.id.0
    }
}

/// An app and its routes.
pub(super) struct World {
    pub(super) app: App,
    router: Router,
    _folder: TempDir,
}

impl World {
    /// The golden data set with its users, whose ids are those of the original; without a role one
    /// sees nothing.
    pub(super) async fn golden() -> Self {
        Self::with(|settings| settings.permissions.default_role = None).await
    }

    /// The golden data set with other settings.
    pub(super) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
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
        let server = Server::new(app.clone(), &ServeOptions::default());
        let world = Self {
            app,
            router: router(server, None),
            _folder: folder,
        };
        world.fill().await;
        world
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
    pub(super) async fn apply(&self, document: &str) {
        let options = ApplyOptions {
            create_users: true,
            ..ApplyOptions::default()
        };
        let applied = tree::apply(&self.app, &operator(), document, options).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Somebody without any role, made where there is nobody of that name.
    pub(super) async fn person(&self, name: &str) -> Person {
        self.apply(&format!("promgen: 1\nusers: [{{username: {name}}}]"))
            .await;
        self.login(name).await
    }

    /// A superuser: `peer` of the data set.
    pub(super) async fn superuser(&self) -> Person {
        self.login("peer").await
    }

    /// Somebody with a role of their own.
    pub(super) async fn with_role(&self, name: &str, role: Role, on: RoleOn) -> Person {
        let person = self.person(name).await;
        let grant = Grant {
            id: GrantId(0),
            on,
            to: Grantee::User(person.user.id),
            role,
        };
        let tx = self.app.store().write_tx().await.unwrap();
        tx.insert_grant(&grant).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// A token of somebody who exists.
    pub(super) async fn login(&self, name: &str) -> Person {
        let scopes = vec![Scope::Read, Scope::Write];
        let token = tokens::create(&self.app, &operator(), name, scopes, None).await;
        let token = token.unwrap().text.reveal().clone();
        let user = users::find(&self.app, &operator(), name).await.unwrap();
        Person { user, token }
    }

    /// Sends a request; nobody known asks when `who` is none.
    pub(super) async fn send(
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
    pub(super) async fn text(&self, who: Option<&Person>, path: &str) -> String {
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
    pub(super) async fn exchange(&self, request: Request<Body>) -> (http::response::Parts, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (head, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Asks for a path.
    pub(super) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Some(who), "GET", path, None).await
    }

    /// Sends JSON.
    pub(super) async fn json(&self, who: &Person, method: &str, path: &str, body: Value) -> Answer {
        self.send(Some(who), method, path, Some(body)).await
    }

    /// Deletes.
    pub(super) async fn delete(&self, who: &Person, path: &str) -> Answer {
        self.send(Some(who), "DELETE", path, None).await
    }
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
