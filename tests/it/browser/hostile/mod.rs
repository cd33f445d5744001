//! S5: what people and alerts say is text, wherever it is shown (CVE-2023-40577, CVE-2026-40179,
//! CVE-2019-10215: labels of alerts became scripts), and S6: nothing in it is run as a template
//! (line/promgen#498 to #506).
//!
//! Every text that anything holds is hostile here. Whoever gets something to run sets
//! `window.__owned`, or says what 1234 times 5678 is.

mod data;

use promgen_tests::browser::{Browser, Screen};
use promgen_tests::prometheus::{Server, alertmanager};
use promgen_tests::promgen::Installation;
use promgen_tests::sample::{ROOT, prepare_with};

use super::crawl::Page;
use super::everything::crawl;
use super::markup::tags;
use super::{browser, unanswered_aside};
use data::{PRODUCT, TEXT};

/// Pages that show what is asked for, with the name of the parameter at the end.
const ASKED: [&str; 9] = [
    "/search?search=",
    "/alert?search=",
    "/alert?service=",
    "/audit?user=",
    "/rule?search=",
    "/host/?search=",
    "/graph?g0.tab=0&g0.expr=",
    "/service?page=",
    "/service?sort=",
];

/// Lets handlers run that only wait for somebody to come by.
const COME_BY: &str = "
    for (const element of document.querySelectorAll('*')) {
        for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle', 'animationstart']) {
            element.dispatchEvent(new Event(kind));
        }
    }
    return window.__owned ?? null;
";

struct World {
    installation: Installation,
    _alertmanager: Server,
}

impl World {
    async fn start() -> Option<Self> {
        let installation = Installation::new(None, "");
        let route = "route: {receiver: none}\nreceivers: [{name: none}]\n";
        let alertmanager = alertmanager(installation.folder(), route).await?;
        let settings = format!("alertmanager: {{url: '{}'}}\n", alertmanager.url());
        installation.write("promgen.yml", &settings);
        prepare_with(&installation, &data::tree().to_string()).await;
        data::people(&installation).await;
        data::silence(&alertmanager.url()).await;
        Some(Self {
            installation,
            _alertmanager: alertmanager,
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_s6_hostile_texts_do_nothing_in_a_browser() {
    let Some(world) = World::start().await else {
        return;
    };
    let web = world.installation.web(&[]).await;
    data::alerts(&world.installation, &web.url).await;
    let found = crawl(&web.url, ROOT).await;
    let Some(browser) = browser(&web.url, ROOT).await else {
        return;
    };
    let mut wrong = Vec::new();
    for page in &found.pages {
        wrong.extend(read(page));
        wrong.extend(look(&browser, &page.path).await);
    }
    let asked: String = form_urlencoded::byte_serialize(TEXT.as_bytes()).collect();
    for path in ASKED {
        wrong.extend(look(&browser, &format!("{path}{asked}")).await);
    }
    assert!(found.pages.len() > 10, "few pages: {}", found.pages.len());
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with a page before a browser has it.
fn read(page: &Page) -> Vec<String> {
    let mut wrong = Vec::new();
    if page.status >= 500 {
        wrong.push(format!("{}: {}", page.path, page.status));
    }
    for tag in tags(&page.html) {
        let runs = |(name, value): &&(String, String)| {
            let value = value.trim().to_ascii_lowercase();
            let scheme = value.split(':').next().unwrap_or_default();
            ["href", "src", "action", "formaction"].contains(&name.as_str())
                && ["javascript", "data", "vbscript"].contains(&scheme)
        };
        if let Some(attribute) = tag.attributes.iter().find(runs) {
            wrong.push(format!("{}: <{}> {attribute:?}", page.path, tag.name));
        }
    }
    wrong
}

/// What is wrong with a page in a browser.
async fn look(browser: &Browser, path: &str) -> Vec<String> {
    browser.on(Screen::Desk).await;
    browser.open(path).await;
    let mut wrong = Vec::new();
    let owned = browser.run(COME_BY, &[]).await;
    if !owned.is_null() {
        wrong.push(format!("{path}: ran {owned}"));
    }
    if browser.text().await.contains(PRODUCT) {
        wrong.push(format!("{path}: a template was run"));
    }
    for screen in [Screen::Phone, Screen::Desk] {
        browser.on(screen).await;
        if let Some(over) = browser.overhang().await {
            wrong.push(format!("{path}: {screen:?}: {over}"));
        }
    }
    let complaints = unanswered_aside(browser.complaints().await);
    wrong.extend(complaints.map(|one| format!("{path}: {one}")));
    wrong
}
