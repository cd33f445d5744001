//! Every page in a browser: what axe finds, what the browser complains about, and whether the layout
//! holds on every screen.

use std::collections::BTreeSet;

use promgen_tests::browser::{Browser, Scheme, Screen};
use promgen_tests::pages::Examiners;
use promgen_tests::sample::{ROOT, Sample};

use super::crawl::Page;
use super::everything::{SETTINGS, crawl};
use super::markup::tags;
use super::{browser, unanswered_aside};

/// Has axe look at the page that is open, and answers its serious and critical findings.
const EXAMINE: &str = "
    const [only, done] = arguments;
    const options = { resultTypes: ['violations'], ...(only && { runOnly: [only] }) };
    const bad = (one) => ['serious', 'critical'].includes(one.impact);
    const line = (one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.html}`);
    axe.run(document, options).then(
        (found) => done(found.violations.filter(bad).flatMap(line)),
        (error) => done([String(error)]),
    );
";

/// Opens each menu, and answers those whose lists reach over the edge of the window.
const MENUS: &str = "
    const wide = document.documentElement.clientWidth;
    return [...document.querySelectorAll('details.menu')].flatMap((menu) => {
        menu.open = true;
        const list = menu.querySelector('ul').getBoundingClientRect();
        const label = menu.querySelector('summary').textContent.trim();
        menu.open = false;
        const fits = list.left >= 0 && list.right <= wide;
        return fits ? [] : [`menu ${label}: ${list.left} to ${list.right} of ${wide}`];
    });
";

async fn examine(browser: &Browser, only: &str) -> Vec<String> {
    let found = browser.run_until_called(EXAMINE, &[only.into()]).await;
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

/// What a page is made of: pages that are made of the same are examined once.
fn outline(page: &Page) -> (String, BTreeSet<String>) {
    let tags = tags(&page.html).into_iter();
    let parts = tags.map(|tag| {
        let part = |name: &str| tag.attribute(name).unwrap_or_default().to_owned();
        format!(
            "{}.{}[{}]{}",
            tag.name,
            part("class"),
            part("type"),
            part("role")
        )
    });
    (page.route.clone(), parts.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_fits_every_screen() {
    let (Some(examiners), Some(sample)) = (Examiners::find(), Sample::start(SETTINGS).await) else {
        return;
    };
    sample.alarm().await;
    sample.until_scraped().await;
    let site = &sample.web.url;
    let axe = examiners.axe();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for who in [ROOT, "vera"] {
        let found = crawl(site, who).await;
        let Some(browser) = browser(site, who).await else {
            return;
        };
        for page in found.pages.iter().filter(|page| page.status == 200) {
            if seen.insert(outline(page)) {
                let told = look(&browser, page, &axe).await;
                wrong.extend(
                    told.into_iter()
                        .map(|one| format!("{}: {one}", page.name())),
                );
            }
        }
    }
    assert!(seen.len() > 10, "few pages: {}", seen.len());
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

async fn look(browser: &Browser, page: &Page, axe: &str) -> Vec<String> {
    browser.on(Screen::Desk).await;
    browser.prefer(Scheme::Light).await;
    browser.open(&page.path).await;
    let mut wrong: Vec<String> = unanswered_aside(browser.complaints().await).collect();
    browser.run(axe, &[]).await;
    wrong.extend(examine(browser, "").await);
    browser.prefer(Scheme::Dark).await;
    let dark = examine(browser, "color-contrast").await;
    wrong.extend(dark.into_iter().map(|one| format!("in the dark: {one}")));
    for screen in [Screen::Phone, Screen::Tablet, Screen::Desk] {
        browser.on(screen).await;
        if let Some(over) = browser.overhang().await {
            wrong.push(format!("{screen:?}: {over}"));
        }
        let cut = browser.run(MENUS, &[]).await;
        let cut = cut.as_array().cloned().unwrap_or_default();
        wrong.extend(cut.iter().map(|menu| format!("{screen:?}: {menu}")));
    }
    wrong
}
