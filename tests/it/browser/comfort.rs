//! What scripts add: tabs, dialogs, switches without reloading, filters, sorting; and the same way
//! without any script.

use promgen_tests::browser::{Browser, ENTER, Role, Scripts, TAB};
use promgen_tests::promgen::{Installation, Web};
use promgen_tests::sample::{PASSWORD, ROOT, quiet};
use serde_json::Value;

use super::visitor;

struct World {
    web: Web,
    _installation: Installation,
}

impl World {
    async fn start() -> Self {
        let installation = quiet("").await;
        let web = installation.web(&["--no-worker"]).await;
        Self {
            web,
            _installation: installation,
        }
    }

    /// The superuser in a browser that is on the page of the service `shop`.
    async fn at_shop(&self, scripts: Scripts) -> Option<Browser> {
        let browser = Browser::start(&self.web.url, scripts).await?;
        browser.log_in(ROOT, PASSWORD).await;
        browser.open("/service").await;
        browser.press(Role::Link, "shop").await;
        browser.says("Where customers buy.").await;
        Some(browser)
    }

    /// What the REST API says about the rule of a name.
    async fn rule(&self, name: &str) -> Value {
        let mut root = visitor(&self.web.url, ROOT).await;
        let answer = root.get(&format!("/rest/v2/rules?name={name}")).await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["results"][0].clone()
    }
}

/// A page that is loaded anew has forgotten this mark.
async fn mark(browser: &Browser) {
    browser.run("window.__same = true", &[]).await;
}

async fn is_same(browser: &Browser) -> bool {
    browser.run("return window.__same === true", &[]).await == Value::Bool(true)
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_stay_in_the_address() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::On).await else {
        return;
    };
    let page = browser.place().await;
    mark(&browser).await;
    browser.says("checkout").await;
    browser.press(Role::Tab, "Rules").await;
    browser.gets_to(&format!("{page}#rules")).await;
    browser.says("InstanceDown_shop").await;
    browser.no_longer_says("checkout").await;
    browser.press(Role::Tab, "Notifiers").await;
    browser.says("shop team").await;
    assert!(is_same(&browser).await, "the page was loaded anew");
    browser.back().await;
    browser.gets_to(&format!("{page}#rules")).await;
    browser.says("InstanceDown_shop").await;
    browser.reload().await;
    browser.says("InstanceDown_shop").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_shows_a_form_keeps_what_was_typed_and_leads_on() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::On).await else {
        return;
    };
    let page = browser.place().await;
    mark(&browser).await;
    browser.press(Role::Link, "Edit service").await;
    assert_eq!(browser.value("name").await, "shop");
    browser.press(Role::Link, "Cancel").await;
    browser.press(Role::Link, "Edit service").await;
    browser.fill("name", "a/b").await;
    browser.fill("description", "kept").await;
    browser.press(Role::Button, "Save service").await;
    browser.says("a name cannot hold").await;
    assert_eq!(browser.value("description").await, "kept");
    assert_eq!(browser.value("name").await, "a/b");
    assert!(is_same(&browser).await, "the page was left");
    browser.fill("name", "market").await;
    browser.press(Role::Button, "Save service").await;
    browser.says("Service market is saved").await;
    browser.gets_to(&page).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_switched_without_loading_the_page() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::On).await else {
        return;
    };
    browser.press(Role::Tab, "Rules").await;
    mark(&browser).await;
    // Off it goes after a question only.
    for answer in [(Role::Link, "Cancel"), (Role::Button, "Switch off")] {
        assert_eq!(world.rule("InstanceDown_shop").await["enabled"], true);
        browser
            .press_near(Role::Link, "On: InstanceDown_shop", "InstanceDown_shop")
            .await;
        browser.says("Switch off rule InstanceDown_shop?").await;
        browser.press(answer.0, answer.1).await;
    }
    browser.says("Rule InstanceDown_shop is off").await;
    assert!(is_same(&browser).await, "the page was loaded anew");
    assert_eq!(world.rule("InstanceDown_shop").await["enabled"], false);
    browser
        .press_near(Role::Button, "Off: InstanceDown_shop", "InstanceDown_shop")
        .await;
    browser.says("Rule InstanceDown_shop is on.").await;
    assert!(is_same(&browser).await, "the page was loaded anew");
    assert_eq!(world.rule("InstanceDown_shop").await["enabled"], true);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_sorted_and_filtered_as_one_types() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::On).await else {
        return;
    };
    browser.open("/service").await;
    let names = async || {
        let script = "return [...document.querySelectorAll('tbody tr')].map((row) => row.cells[0].innerText.trim())";
        let names = browser.run(script, &[]).await;
        serde_json::from_value::<Vec<String>>(names).unwrap()
    };
    // A list of pages is sorted by the server; a click leads to the list in another order.
    browser.open("/service?sort=projects").await;
    browser.press(Role::Link, "Name").await;
    browser.gets_to("/service?sort=name").await;
    let up = names().await;
    browser.press(Role::Link, "Name").await;
    browser.gets_to("/service?sort=-name").await;
    let mut down = names().await;
    assert!(up.len() > 2 && up.is_sorted(), "{up:?}");
    down.reverse();
    assert_eq!(up, down);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// What can be reached by the keyboard, and was not yet.
const UNREACHED: &str = "
    const able = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const open = (one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !one.dataset.seen;
    return [...document.querySelectorAll(able)].filter(open).map((one) => one.outerHTML);
";

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_gets_everywhere() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::On).await else {
        return;
    };
    browser.reload().await;
    browser.keys(TAB).await;
    let focus = "return document.activeElement.textContent.trim()";
    assert_eq!(browser.run(focus, &[]).await, "Skip to content");
    browser.keys(ENTER).await;
    let main = browser.run("return document.activeElement.id", &[]).await;
    assert_eq!(main, "main", "what is skipped to has the focus");
    browser.reload().await;
    let all = browser.run(UNREACHED, &[]).await;
    let all = all.as_array().unwrap().len();
    for _ in 0..all {
        browser.keys(TAB).await;
        browser
            .run("document.activeElement.dataset.seen = 1", &[])
            .await;
    }
    assert!(all > 20, "few things to reach: {all}");
    assert_eq!(browser.run(UNREACHED, &[]).await, serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_without_scripts() {
    let world = World::start().await;
    let Some(browser) = world.at_shop(Scripts::Off).await else {
        return;
    };
    // All tabs are there, one below the other.
    for part in ["checkout", "InstanceDown_shop", "shop team"] {
        browser.says(part).await;
    }
    browser.press(Role::Link, "Edit service").await;
    browser.fill("name", "a/b").await;
    browser.press(Role::Button, "Save service").await;
    browser.says("a name cannot hold").await;
    assert_eq!(browser.value("name").await, "a/b");
    browser.fill("name", "market").await;
    browser.press(Role::Button, "Save service").await;
    browser.says("Service market is saved").await;
    // Register a project, an exporter and a rule.
    browser.press(Role::Link, "Register project").await;
    browser.fill("name", "stalls").await;
    browser.press(Role::Field, "east").await;
    browser.press(Role::Button, "Register project").await;
    browser.says("Project stalls is registered").await;
    browser.press(Role::Link, "Register exporter").await;
    browser.fill("job", "app").await;
    browser.fill("port", "8080").await;
    browser.press(Role::Button, "Register exporter").await;
    browser.says("registered").await;
    browser.press(Role::Link, "Register rule").await;
    browser.fill("name", "Stalled").await;
    browser.fill("clause", "up ==").await;
    browser.fill("duration", "5m").await;
    browser.press(Role::Button, "Save rule").await;
    assert_eq!(
        browser.value("clause").await,
        "up ==",
        "what was typed is kept"
    );
    browser.fill("clause", "up == 0").await;
    browser.press(Role::Button, "Save rule").await;
    browser.says("Rule Stalled is registered").await;
    assert_eq!(world.rule("Stalled").await["clause"], "up == 0");
    // Take it away again: one is asked first.
    browser.press(Role::Button, "Actions").await;
    browser.press(Role::Link, "Delete").await;
    browser.says("Delete rule Stalled?").await;
    browser.press(Role::Button, "Delete").await;
    browser.says("Rule Stalled is deleted").await;
    assert_eq!(world.rule("Stalled").await, Value::Null);
}
