//! A server of Promgen with shards, people, and servers of the past.

use std::collections::BTreeMap;
use std::sync::Arc;

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, tokens, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{
    Grant, GrantId, Grantee, Role, RoleOn, Scope, Secret, SystemClock, Timestamp, User, UserId,
};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{Bind, ServeError, ServeOptions, serve};
use promgen_tests::http::{Answer, get_with, post_form, send};
use promgen_tests::prometheus::{Server, history, prometheus};
use promgen_tests::wait::free_port;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Services and projects; the shards come with each test.
const TREE: &str = "
services:
  - {name: a, projects: [{name: a1, shard: s0}, {name: a2, shard: s0}]}
  - {name: b, projects: [{name: b1, shard: s0}, {name: b2, shard: s0}]}
";

/// A server that answers on a free port.
pub(super) struct World {
    pub(super) app: App,
    url: String,
    token: String,
    _folder: TempDir,
    _serving: JoinSet<Result<(), ServeError>>,
}

impl World {
    /// With shards `s0`, `s1` … at these addresses, all of them proxied and none enabled.
    pub(super) async fn new(urls: &[String]) -> Self {
        Self::with(urls, |_| {}).await
    }

    /// The same with other settings.
    pub(super) async fn with(urls: &[String], change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("promgen.db");
        let mut settings = Settings {
            database: DatabaseUrl(Secret::new(format!("sqlite://{}", database.display()))),
            ..Settings::default()
        };
        change(&mut settings);
        let options = Options {
            settings,
            registry: Registry::linked().unwrap(),
            clock: Arc::new(SystemClock),
            create: Create::IfMissing,
            schema: SchemaPolicy::Migrate,
        };
        let app = App::open(options).await.unwrap();
        let shard = |(number, url): (usize, &String)| {
            format!(
                "  - {{name: s{number}, url: '{url}', proxy: true, enabled: false, \
                 authorization: 'Bearer shard-{number}'}}\n"
            )
        };
        let shards: String = urls.iter().enumerate().map(shard).collect();
        let shards = if urls.is_empty() {
            "  - {name: s0}\n".to_owned()
        } else {
            shards
        };
        let document = format!("promgen: 1\nshards:\n{shards}{TREE}");
        let operator = Actor::operator("test");
        let applied = tree::apply(&app, &operator, &document, ApplyOptions::default()).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
        users::create_superuser(&app, &operator, "root", "", None)
            .await
            .unwrap();
        let token = token(&app, "root", Scope::Read).await;

        let bind: Bind = "127.0.0.1:0".parse().unwrap();
        let listener = bind.listen().await.unwrap();
        let url = format!("http://{}", listener.address().unwrap());
        let mut serving = JoinSet::new();
        let stop = CancellationToken::new();
        serving.spawn(serve(
            app.clone(),
            vec![listener],
            stop,
            ServeOptions::default(),
        ));
        Self {
            app,
            url,
            token,
            _folder: folder,
            _serving: serving,
        }
    }

    /// Its address.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Asks as a superuser.
    pub(super) async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        self.get_as(&self.token, path, parameters).await
    }

    /// Asks with a token.
    pub(super) async fn get_as(
        &self,
        token: &str,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Answer {
        let request = get_with(&format!("{}{path}", self.url), parameters);
        send(request.bearer_auth(token)).await.unwrap()
    }

    /// Asks with a form, as a superuser.
    pub(super) async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let request = post_form(&format!("{}{path}", self.url), parameters);
        send(request.bearer_auth(&self.token)).await.unwrap()
    }

    /// The token of somebody who has the role of a viewer on these services and projects, by their
    /// names.
    pub(super) async fn viewer(&self, name: &str, services: &[&str], projects: &[&str]) -> String {
        let tx = self.app.store().write_tx().await.unwrap();
        let user = User {
            id: UserId(0),
            username: name.to_owned(),
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            superuser: false,
            active: true,
            created: Timestamp(0),
            timezone: None,
            language: None,
        };
        let user = tx.insert_user(&user).await.unwrap();
        let mut on = Vec::new();
        for service in services {
            let service = tx.find_service(service).await.unwrap().unwrap();
            on.push(RoleOn::Service(service.id));
        }
        for project in projects {
            let project = tx.find_project(project).await.unwrap().unwrap();
            on.push(RoleOn::Project(project.id));
        }
        for on in on {
            let grant = Grant {
                id: GrantId(0),
                on,
                to: Grantee::User(user),
                role: Role::Viewer,
            };
            tx.insert_grant(&grant).await.unwrap();
        }
        tx.commit().await.unwrap();
        token(&self.app, name, Scope::Read).await
    }
}

/// A token of a user.
pub(super) async fn token(app: &App, user: &str, scope: Scope) -> String {
    let made = tokens::create(app, &Actor::operator("test"), user, vec![scope], None).await;
    made.unwrap().text.reveal().clone()
}

/// The JSON of an answer that is a success.
pub(super) fn success(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers["content-type"], "application/json");
    let json: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(json["status"], "success");
    json
}

/// The type and text of an error in the shape of Prometheus.
pub(super) fn error(answer: &Answer, status: u16) -> (String, String) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let json: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(json["status"], "error");
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    (text("errorType"), text("error"))
}

/// The warnings of an answer.
pub(super) fn warnings(answer: &Value) -> Vec<String> {
    let warnings = answer["warnings"].as_array().cloned().unwrap_or_default();
    let text = |warning: &Value| warning.as_str().unwrap().to_owned();
    warnings.iter().map(text).collect()
}

/// A list without its order.
pub(super) fn sorted(list: &Value) -> Vec<String> {
    let mut items: Vec<String> = list
        .as_array()
        .unwrap_or_else(|| panic!("{list} is no list"))
        .iter()
        .map(ToString::to_string)
        .collect();
    items.sort();
    items
}

/// Minutes of the past, one sample each, that end an hour ago.
pub(super) struct Past {
    pub(super) end: i64,
}

/// How many minutes there are.
pub(super) const MINUTES: i64 = 30;

impl Past {
    pub(super) fn new() -> Self {
        use promgen_core::model::Clock as _;
        let now = SystemClock.now().0 / 1000;
        Self {
            end: now - now % 60 - 3600,
        }
    }

    /// A Prometheus in which these series have been; each is a name with labels.
    pub(super) async fn server(&self, series: &[&str]) -> Option<(Server, TempDir)> {
        let folder = tempfile::tempdir().unwrap();
        let mut by_metric: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in series {
            by_metric
                .entry(one.split('{').next()?)
                .or_default()
                .push(one);
        }
        let mut lines = Vec::new();
        for (metric, series) in by_metric {
            lines.push(format!("# TYPE {metric} gauge"));
            for one in series {
                // Each series has values of its own, wherever it is kept.
                let own: i64 = one.bytes().map(i64::from).sum();
                lines.extend((0..=MINUTES).map(|minute| {
                    let at = self.end - (MINUTES - minute) * 60;
                    format!("{one} {} {at}", own + minute * (own % 7))
                }));
            }
        }
        lines.push("# EOF\n".to_owned());
        let text = lines.join("\n");
        history(folder.path(), &text)?;
        let server = prometheus(folder.path(), free_port(), "").await?;
        Some((server, folder))
    }
}

/// What a real Prometheus answers.
pub(super) async fn asked(server: &Server, path: &str, parameters: &[(&str, &str)]) -> Value {
    let request = get_with(&format!("{}{path}", server.url()), parameters);
    success(&send(request).await.unwrap())
}
