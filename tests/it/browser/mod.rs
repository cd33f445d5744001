//! The pages: every one as everybody sees it, and in a real browser.
//!
//! `pages` looks at the HTML of everything that links lead to, `accessible` opens it in a browser.

mod accessible;
mod api;
mod buttons;
mod comfort;
mod crawl;
mod elsewhere;
mod entry;
mod everything;
mod files;
mod forgery;
mod hostile;
mod markup;
mod newcomer;
mod pages;
mod pictures;
mod silences;

use promgen_tests::browser::{Browser, Scripts};
use promgen_tests::sample::PASSWORD;

use crate::login::browser::Browser as Visitor;

/// Nobody known, without a browser.
fn stranger(site: &str) -> Visitor {
    let mut visitor = Visitor::new(site);
    let wanted = ("accept".to_owned(), "text/html".to_owned());
    visitor.added.push(wanted);
    visitor
}

/// Somebody known, without a browser.
async fn visitor(site: &str, username: &str) -> Visitor {
    let mut visitor = stranger(site);
    let entry = visitor.log_in(username, PASSWORD).await;
    assert_eq!(entry.status, 303, "{username}: {}", entry.text());
    visitor
}

/// Somebody known, with a browser; `None` where none is installed.
async fn browser(site: &str, username: &str) -> Option<Browser> {
    let browser = Browser::start(site, Scripts::On).await?;
    browser.log_in(username, PASSWORD).await;
    Some(browser)
}

/// What a browser complained about, but for answers that were errors: tests look at the status of pages
/// themselves, and a shard that does not answer has no load to show.
fn unanswered_aside(complaints: Vec<String>) -> impl Iterator<Item = String> {
    let answered = |one: &String| !one.contains("the server responded with a status of");
    complaints.into_iter().filter(answered)
}
