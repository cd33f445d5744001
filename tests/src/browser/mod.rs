//! A real browser: Chromium without a screen, led by `chromedriver`.
//!
//! The protocol is a dozen of JSON requests; a client library would bring two dozen crates along.
//! Tests find things as a person does, by what they are and what they are called, and wait for what
//! they expect.

mod driver;
mod screen;

pub use screen::{Scheme, Screen};

use serde_json::{Value, json};

use crate::wait::until;
use driver::Driver;

/// Under this key the driver hands over an element (W3C `WebDriver`, 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The tabulator (W3C `WebDriver`, 17.4.2).
pub const TAB: &str = "\u{e004}";

/// The key that sends a form.
pub const ENTER: &str = "\u{e007}";

/// Whether an element leads to a page when it is pressed and no script is in the way. The page that it is
/// on is marked then.
const LEADS: &str = "
    const [one] = arguments;
    const here = (url) => url.split('#')[0] === location.href.split('#')[0];
    const link = one.matches('a[href]') && !(one.hash && here(one.href));
    const sends = one.form && one.type === 'submit'
        && (one.form.noValidate || one.formNoValidate || one.form.checkValidity());
    const leads = Boolean(link || sends);
    if (leads) document.documentElement.dataset.left = '';
    return leads;
";

/// Whether a page is there that is not the one that was marked.
const ARRIVED: &str = "
    return document.readyState === 'complete' && !('left' in document.documentElement.dataset);
";

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As most browsers.
    On,
    /// As some people's.
    Off,
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// Something that leads elsewhere.
    Link,
    /// Something to fill in.
    Field,
    /// What a part is called.
    Heading,
    /// One of a list.
    Option,
    /// What chooses a part of a page.
    Tab,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Field => "field",
            Self::Heading => "heading",
            Self::Option => "option",
            Self::Tab => "tab",
        }
    }
}

/// A browser that looks at one site. It ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
    site: String,
    scripts: Scripts,
}

/// A browser for a site, `http://HOST:PORT`; `None` where none is installed.
impl Browser {
    /// Starts one.
    ///
    /// # Panics
    /// When it does not start; in CI, when none is installed.
    pub async fn start(site: &str, scripts: Scripts) -> Option<Self> {
        Some(Self {
            driver: Driver::start(scripts).await?,
            site: site.trim_end_matches('/').to_owned(),
            scripts,
        })
    }

    /// Goes to a path and waits until it is loaded.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.ask("POST", "/url", json!({"url": url})).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.ask("POST", "/refresh", json!({})).await;
    }

    /// Goes back to where it was before.
    pub async fn back(&self) {
        self.ask("POST", "/back", json!({})).await;
    }

    /// Where it is: path, query, and hash.
    pub async fn place(&self) -> String {
        let url = self.ask("GET", "/url", Value::Null).await;
        let url = url.as_str().unwrap_or_default();
        url.strip_prefix(&self.site).unwrap_or(url).to_owned()
    }

    /// Waits until it is at a place.
    pub async fn gets_to(&self, place: &str) {
        self.until(&format!("the browser to be at {place}"), async || {
            (self.place().await == place).then_some(())
        })
        .await;
    }

    /// What can be read on the page now; nothing while the next one comes.
    pub async fn text(&self) -> String {
        let text = self.run("return document.body?.innerText ?? ''", &[]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something can be read.
    pub async fn says(&self, words: &str) {
        let said = async || self.text().await.contains(words).then_some(());
        self.until(&format!("the page to say {words:?}"), said)
            .await;
    }

    /// Waits until something can be read no more.
    pub async fn no_longer_says(&self, words: &str) {
        let gone = async || (!self.text().await.contains(words)).then_some(());
        self.until(&format!("{words:?} to be gone"), gone).await;
    }

    /// Whether something of that name is there now.
    pub async fn has(&self, role: Role, name: &str) -> bool {
        self.find_now(role, name, "").await.is_some()
    }

    /// Presses a button or follows a link, once it is there. Without scripts, what leads to another page
    /// is followed until that page is there: what comes next would otherwise happen on the page that
    /// is about to go. With scripts, a page decides for itself what becomes of a press; say what is
    /// expected then.
    ///
    /// # Panics
    /// When it does not come, or cannot be pressed.
    pub async fn press(&self, role: Role, name: &str) {
        self.press_near(role, name, "").await;
    }

    /// The same, in the row or part of the page that says something.
    ///
    /// # Panics
    /// When it does not come, or cannot be pressed.
    pub async fn press_near(&self, role: Role, name: &str, near: &str) {
        let leads = self.scripts == Scripts::Off && {
            let found = self.find(role, name, near).await;
            self.run(LEADS, &[found]).await == true
        };
        self.to((role, name, near), "click", json!({})).await;
        if leads {
            self.until(&format!("{name:?} to lead to a page"), async || {
                (self.run(ARRIVED, &[]).await == true).then_some(())
            })
            .await;
        }
    }

    /// Puts a text into a field, in the place of what is there.
    ///
    /// # Panics
    /// When it does not come, or takes no text.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = (Role::Field, label, "");
        self.to(field, "clear", json!({})).await;
        self.to(field, "value", json!({"text": text})).await;
    }

    /// What stands in a field.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn value(&self, label: &str) -> String {
        let field = (Role::Field, label, "");
        let value = self.to(field, "property/value", Value::Null).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Chooses an option of a list by its text.
    ///
    /// # Panics
    /// When the list or the option does not come.
    pub async fn choose(&self, label: &str, option: &str) {
        self.to((Role::Option, option, label), "click", json!({}))
            .await;
    }

    /// Runs a script in the page, which also works where pages may run none.
    ///
    /// # Panics
    /// When it fails.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({"script": script, "args": arguments});
        self.ask("POST", "/execute/sync", body).await
    }

    /// Runs a script that calls its last argument with its result.
    ///
    /// # Panics
    /// When it fails.
    pub async fn run_until_called(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({"script": script, "args": arguments});
        self.ask("POST", "/execute/async", body).await
    }

    /// What the browser complained about since it was last asked: errors of scripts, files that are
    /// not there, and what the content security policy forbade.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self
            .ask("POST", "/se/log", json!({"type": "browser"}))
            .await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let told = entries.iter().filter(|one| one["level"] == "SEVERE");
        told.map(|one| one["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let stroke = |key: char| {
            ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key.to_string()}))
        };
        let strokes: Vec<Value> = keys.chars().flat_map(stroke).collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.ask("POST", "/actions", json!({"actions": [keyboard]}))
            .await;
    }

    /// Logs in with the form, and goes to a path afterwards.
    ///
    /// # Panics
    /// When the login is refused.
    pub async fn log_in(&self, username: &str, password: &str) {
        self.open("/login/").await;
        self.fill("username", username).await;
        self.fill("password", password).await;
        self.keys(ENTER).await;
        let what = format!("{username} to be logged in");
        self.until(&what, async || {
            (!self.place().await.starts_with("/login")).then_some(())
        })
        .await;
    }

    /// Forgets who is logged in.
    pub async fn forget(&self) {
        self.cdp("Network.clearBrowserCookies", json!({})).await;
    }

    async fn until<T>(&self, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        until(&format!("{what}, seen from {}", self.place().await), ask).await
    }

    /// Does something to an element once it is there, or asks for something of it when there is nothing
    /// to do it with. A page may be about to change, or be covered for a moment: then it is looked for
    /// again.
    #[expect(clippy::panic, reason = "a browser that refuses is a failed test")]
    async fn to(&self, (role, name, near): (Role, &str, &str), act: &str, with: Value) -> Value {
        let what = format!("the {} {name:?} {near:?} to take a {act}", role.word());
        let method = if with.is_null() { "GET" } else { "POST" };
        self.until(&what, async || {
            let found = self.find_now(role, name, near).await?;
            let path = format!("/element/{}/{act}", id(&found));
            match self.driver.ask(method, &path, with.clone()).await {
                Ok(value) => Some(value),
                Err(refusal) if refusal.passes() => None,
                Err(refusal) => panic!("{what}: {}: {}", refusal.error, refusal.message),
            }
        })
        .await
    }

    async fn find(&self, role: Role, name: &str, near: &str) -> Value {
        let what = format!("the {} {name:?} {near:?}", role.word());
        self.until(&what, async || self.find_now(role, name, near).await)
            .await
    }

    async fn find_now(&self, role: Role, name: &str, near: &str) -> Option<Value> {
        let arguments = [json!(role.word()), json!(name), json!(near)];
        let found = self.run(include_str!("found.js"), &arguments).await;
        found.is_object().then_some(found)
    }

    /// A command of the developer tools.
    async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.ask("POST", "/goog/cdp/execute", body).await
    }

    #[expect(clippy::panic, reason = "a browser that refuses is a failed test")]
    async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        match self.driver.ask(method, path, body).await {
            Ok(value) => value,
            Err(refusal) => panic!("{method} {path}: {}: {}", refusal.error, refusal.message),
        }
    }
}

/// The id by which the driver knows an element.
fn id(found: &Value) -> String {
    found[ELEMENT].as_str().unwrap_or_default().to_owned()
}
