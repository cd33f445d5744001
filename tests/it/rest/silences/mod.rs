//! Silences against real Alertmanagers: their life through every API, who may silence what, and
//! what happens when one of several is down.

mod life;
mod refusals;
mod rights;
mod several;

use promgen_core::model::Role;
use promgen_tests::http::{Answer, client, send};
use promgen_tests::prometheus::{Server, alertmanager};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::World;

/// Everything goes nowhere.
const ROUTE: &str = "route: {receiver: none}\nreceivers: [{name: none}]\n";

/// A real Alertmanager with a folder of its own.
struct Manager {
    server: Server,
    _folder: TempDir,
}

impl Manager {
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = alertmanager(folder.path(), ROUTE).await?;
        Some(Self {
            server,
            _folder: folder,
        })
    }

    fn url(&self) -> String {
        self.server.url()
    }

    /// Its silences, as it tells them itself.
    async fn silences(&self) -> Vec<Value> {
        let url = format!("{}/api/v2/silences", self.url());
        let answer = promgen_tests::http::get(&url).await.unwrap();
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The one silence of an id.
    async fn silence(&self, id: &str) -> Value {
        let all = self.silences().await;
        let found = all.into_iter().find(|silence| silence["id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not there"))
    }

    /// The states of its silences, sorted.
    async fn states(&self) -> Vec<String> {
        let all = self.silences().await;
        let state = |silence: &Value| silence["status"]["state"].as_str().unwrap().to_owned();
        let mut states: Vec<String> = all.iter().map(state).collect();
        states.sort();
        states
    }

    /// Makes an alert fire.
    async fn fire(&self, labels: Value) {
        let url = format!("{}/api/v2/alerts", self.url());
        let body = json!([{"labels": labels}]).to_string();
        let request = client()
            .post(url)
            .header("content-type", "application/json");
        let answer: Answer = send(request.body(body)).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

/// The golden data set with these Alertmanagers; without a role one sees nothing.
async fn world(urls: &[String]) -> World {
    let urls = urls.to_vec();
    World::with(|settings| {
        settings.alertmanager.urls = urls;
        settings.permissions.default_role = None;
    })
    .await
}

/// A matcher as Alertmanager has it.
fn matcher(name: &str, operator: &str, value: &str) -> Value {
    json!({
        "name": name, "value": value,
        "isRegex": operator.ends_with('~'), "isEqual": operator.starts_with('='),
    })
}

/// A request of an hour.
fn request(matchers: &[Value]) -> Value {
    json!({"matchers": matchers, "duration": "1h", "comment": "deploy"})
}

/// Roles by the words of a table.
fn role(word: &str) -> Role {
    word.parse().unwrap()
}
