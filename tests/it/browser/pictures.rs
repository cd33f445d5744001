//! Pictures of the main pages, in light, in the dark, and as a telephone shows them. `tests/screenshots`
//! has them put into a folder.

use std::path::PathBuf;

use promgen_tests::browser::{Browser, Role, Scheme, Screen};
use promgen_tests::sample::{ROOT, Sample};

use super::browser;

/// The pages: what a picture is called, where to begin, which links to follow from there, and what
/// to add to the address in the end.
const PAGES: [(&str, &str, &[&str], &str); 12] = [
    ("home", "/", &[], ""),
    ("services", "/service", &[], ""),
    ("service", "/service", &["shop"], "#rules"),
    ("project", "/service", &["shop", "checkout"], "#hosts"),
    ("rules", "/rule", &[], ""),
    ("rule", "/rule", &["InstanceDown_shop"], ""),
    ("alerts", "/alert", &[], ""),
    ("silences", "/silence", &[], ""),
    ("datasource", "/datasource", &["east"], ""),
    ("host", "/host/127.0.0.1", &[], ""),
    ("deployment", "/servers", &[], ""),
    ("history", "/audit", &[], ""),
];

/// What a picture is called after, and how it is taken.
const LOOKS: [(&str, Screen, Scheme); 3] = [
    ("light", Screen::Desk, Scheme::Light),
    ("dark", Screen::Desk, Scheme::Dark),
    ("phone", Screen::Phone, Scheme::Light),
];

/// Width of a PNG (its first chunk tells it).
fn width(png: &[u8]) -> u32 {
    assert!(png.starts_with(b"\x89PNG"), "no picture");
    u32::from_be_bytes(png[16..20].try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_pages_can_be_pictured() {
    let kept = std::env::var_os("PROMGEN_SCREENSHOTS").map(PathBuf::from);
    let thrown_away = tempfile::tempdir().unwrap();
    let folder = kept.unwrap_or_else(|| thrown_away.path().to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    let Some(sample) = Sample::start("").await else {
        return;
    };
    sample.alarm().await;
    sample.until_scraped().await;
    let Some(browser) = browser(&sample.web.url, ROOT).await else {
        return;
    };
    for (name, start, links, end) in PAGES {
        browser.on(Screen::Desk).await;
        let place = walked(&browser, start, links).await;
        for (look, screen, scheme) in LOOKS {
            browser.on(screen).await;
            browser.prefer(scheme).await;
            browser.open(&format!("{place}{end}")).await;
            let picture = browser.picture().await;
            assert_eq!(width(&picture), screen.size().0, "{name} {look}");
            std::fs::write(folder.join(format!("{name}-{look}.png")), picture).unwrap();
        }
    }
}

/// Where one gets to by some links.
async fn walked(browser: &Browser, start: &str, links: &[&str]) -> String {
    browser.open(start).await;
    for link in links {
        browser.press(Role::Link, link).await;
    }
    browser.place().await
}
