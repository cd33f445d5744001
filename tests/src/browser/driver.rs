//! `chromedriver`, and what is said to it: JSON over HTTP, as W3C `WebDriver` has it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::Scripts;
use crate::http::{client, send};
use crate::process::{Running, command, needed};
use crate::wait::{free_port, until};

/// Of a browser that has no screen, no profile of its own, and nothing to ask for elsewhere. Over a
/// pipe, it ends with the driver, however that ends.
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=en",
    "--remote-debugging-pipe",
];

/// How long the browser looks for an element before it says that there is none, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// How long a browser may take to go.
const FAREWELL: Duration = Duration::from_secs(10);

/// What the driver refused.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// Its kind, such as `no such element`.
    pub(super) error: String,
    /// The first line of what it says.
    pub(super) message: String,
}

impl Refusal {
    /// Whether it can be otherwise in a moment.
    pub(super) fn passes(&self) -> bool {
        let kinds = [
            "stale element reference",
            "element click intercepted",
            "element not interactable",
            "detached shadow root",
        ];
        kinds.contains(&self.error.as_str())
    }
}

/// A driver with one browser. Both end when it is dropped.
#[derive(Debug)]
pub(super) struct Driver {
    address: String,
    session: String,
    // Dropped in this order: the folder goes when nobody writes into it any more.
    _process: Running,
    folder: TempDir,
}

impl Driver {
    /// Starts both; `None` where they are not installed.
    ///
    /// # Panics
    /// When they do not get ready; in CI, when they are not installed.
    #[expect(
        clippy::expect_used,
        reason = "without a browser there is nothing to test"
    )]
    pub(super) async fn start(scripts: Scripts) -> Option<Self> {
        let program = needed(&["chromedriver"])?;
        needed(&["chromium", "chromium-browser", "google-chrome"])?;
        let folder = TempDir::new().expect("a folder");
        let address = format!("127.0.0.1:{}", free_port());
        let port = address.replace("127.0.0.1:", "--port=");
        let log = folder.path().join("chromedriver.log");
        let process = Running::start(&mut command(&program, &[port]), &log);
        until("chromedriver", async || {
            let status = crate::http::get(&format!("http://{address}/status")).await?;
            (status.status == 200).then_some(())
        })
        .await;
        let mut driver = Self {
            address,
            session: String::new(),
            _process: process,
            folder,
        };
        let wanted = driver.wanted(scripts);
        let begun = driver.ask("POST", "", wanted).await;
        let begun = begun.expect("a browser starts");
        driver.session = text(&begun["sessionId"]);
        Some(driver)
    }

    fn wanted(&self, scripts: Scripts) -> Value {
        let profile = self.folder.path().join("profile");
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).into();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        // 1 allows, 2 forbids.
        let allowed = if scripts == Scripts::On { 1 } else { 2 };
        let preferences = json!({
            "profile.managed_default_content_settings.javascript": allowed,
            "intl.accept_languages": "en",
        });
        json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"implicit": PATIENCE_MS, "script": 60_000, "pageLoad": 60_000},
        }}})
    }

    /// Says something below the session, such as `POST /url`.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Value,
    ) -> Result<Value, Refusal> {
        let Self {
            address, session, ..
        } = self;
        let below = if session.is_empty() { "" } else { "/" };
        let url = format!("http://{address}/session{below}{session}{path}");
        let request = match method {
            "GET" => client().get(url),
            _ => client().post(url).body(body.to_string()),
        };
        let answer = send(request).await.ok_or_else(|| Refusal {
            error: "no answer".to_owned(),
            message: format!("the driver does not answer {method} {path}"),
        })?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let value = body.get("value").cloned().unwrap_or_default();
        if answer.status == 200 {
            return Ok(value);
        }
        let message = text(&value["message"]);
        Err(Refusal {
            error: text(&value["error"]),
            message: message.lines().next().unwrap_or_default().to_owned(),
        })
    }
}

impl Drop for Driver {
    /// Asks the browser to go, so that it leaves its folder in peace.
    fn drop(&mut self) {
        let Self {
            address, session, ..
        } = self;
        let Ok(mut stream) = TcpStream::connect(address.as_str()) else {
            return;
        };
        let request = format!(
            "DELETE /session/{session} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        );
        stream.set_read_timeout(Some(FAREWELL)).ok();
        stream.write_all(request.as_bytes()).ok();
        // The answer comes when the browser has gone; the driver keeps the connection.
        stream.read_exact(&mut [0; 1]).ok();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
