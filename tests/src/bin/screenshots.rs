//! Takes pictures of the main pages, in light, in the dark, and as a telephone shows them:
//! `tests/screenshots [FOLDER]` builds what this needs and runs it.

#![recursion_limit = "256"]

use std::path::{Path, PathBuf};

use promgen_tests::browser::{Browser, Role, Scheme, Screen, Scripts};
use promgen_tests::sample::{PASSWORD, ROOT, Sample};

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
    ("profile", "/profile", &[], ""),
    ("history", "/audit", &[], ""),
];

/// What a picture is called after, and how it is taken.
const LOOKS: [(&str, Screen, Scheme); 3] = [
    ("light", Screen::Desk, Scheme::Light),
    ("dark", Screen::Desk, Scheme::Dark),
    ("phone", Screen::Phone, Scheme::Light),
];

#[tokio::main]
#[expect(clippy::print_stderr, reason = "it says what it lacks")]
async fn main() -> std::process::ExitCode {
    let folder = std::env::args().nth(1).unwrap_or("screenshots".to_owned());
    if take_all(Path::new(&folder)).await.is_none() {
        eprintln!(
            "tests/run installs chromium, chromium-driver, prometheus and prometheus-alertmanager"
        );
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}

#[expect(
    clippy::expect_used,
    reason = "a picture that cannot be kept is a failure"
)]
#[expect(clippy::print_stdout, reason = "what was made is the result")]
async fn take_all(folder: &Path) -> Option<()> {
    let sample = Sample::start("").await?;
    sample.alarm().await;
    sample.until_scraped().await;
    let browser = Browser::start(&sample.web.url, Scripts::On).await?;
    browser.log_in(ROOT, PASSWORD).await;
    std::fs::create_dir_all(folder).expect("a folder for the pictures");
    for (name, start, links, end) in PAGES {
        for (look, screen, scheme) in LOOKS {
            browser.on(screen).await;
            browser.prefer(scheme).await;
            browser.open(start).await;
            for link in links {
                browser.press(Role::Link, link).await;
            }
            let place = browser.place().await;
            browser.open(&format!("{place}{end}")).await;
            let file: PathBuf = folder.join(format!("{name}-{look}.png"));
            std::fs::write(&file, browser.picture().await).expect("a picture");
            println!("{}", file.display());
        }
    }
    Some(())
}
