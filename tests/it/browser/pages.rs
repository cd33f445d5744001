//! What every page keeps to, whoever looks at it. Nothing here needs a browser.

use std::collections::BTreeSet;

use promgen_tests::pages::Examiners;
use regex::Regex;

use super::crawl::Page;
use super::everything::{everything, pages};
use super::markup::{forms, tags};

/// Pages that one does not get to by links: mails and other sites lead there, or nobody who is in.
const UNLINKED: [&str; 8] = [
    "/login/",
    "/password_reset/",
    // Prometheus and Alertmanager lead there.
    "/graph",
    // The lists have a slash at the end.
    "/host",
    // Of things in a state in which nothing of the data is: a user who is logged in, a farm of another
    // source, a project without a farm.
    "/admin/user/{id}/sessions/delete",
    "/farm/{id}/convert",
    "/farm/{id}/refresh",
    "/project/{id}/newfarm",
];

fn assert_none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_valid_html() {
    let (Some(all), Some(examiners)) = (everything().await, Examiners::find()) else {
        return;
    };
    let named: Vec<(String, &str)> = pages(all)
        .map(|page| (page.name(), page.html.as_str()))
        .collect();
    let named: Vec<(&str, &str)> = named
        .iter()
        .map(|(name, html)| (name.as_str(), *html))
        .collect();
    assert_none(&examiners.faults(&named));
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_no_page_holds_code_and_each_forbids_it() {
    let Some(all) = everything().await else {
        return;
    };
    let mut wrong = Vec::new();
    for page in pages(all) {
        let policy = page.headers.get("content-security-policy");
        let policy = policy.map_or("", |value| value.to_str().unwrap());
        let strict = policy.contains("default-src 'none'") && policy.contains("base-uri 'none'");
        if !strict || policy.contains("unsafe") || policy.contains("http") || policy.contains('*') {
            wrong.push(format!("{}: {policy:?}", page.name()));
        }
        for tag in tags(&page.html) {
            let code = tag.name == "script" && tag.attribute("src").is_none();
            let inline = tag.attributes.iter().find(|(name, value)| {
                name == "style" || name.starts_with("on") || value.trim().starts_with("javascript:")
            });
            if code || tag.name == "style" || inline.is_some() {
                wrong.push(format!("{}: <{}> {inline:?}", page.name(), tag.name));
            }
        }
    }
    assert_none(&wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_where_whoever_sees_it_may_go() {
    let Some(all) = everything().await else {
        return;
    };
    let dead: Vec<String> = all.iter().flat_map(|crawl| crawl.dead.clone()).collect();
    assert_none(&dead);
    for crawl in all {
        for page in &crawl.pages {
            assert!(page.status < 500, "{}: {}", page.name(), page.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_reached_by_links() {
    let Some(all) = everything().await else {
        return;
    };
    // The superuser may go everywhere.
    let unlinked: BTreeSet<String> = all[0].unlinked.iter().cloned().collect();
    let known: BTreeSet<String> = UNLINKED.map(str::to_owned).into();
    let strange: Vec<String> = unlinked.difference(&known).cloned().collect();
    assert_none(&strange);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_kept_or_framed_by_anybody() {
    let Some(all) = everything().await else {
        return;
    };
    let mut wrong = Vec::new();
    for page in pages(all) {
        for (name, wanted) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
        ] {
            let value = page.headers.get(name).map(|value| value.to_str().unwrap());
            if value != Some(wanted) {
                wrong.push(format!("{}: {name}: {value:?}", page.name()));
            }
        }
    }
    assert_none(&wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_changes_something_bears_the_form_token() {
    let Some(all) = everything().await else {
        return;
    };
    let mut wrong = Vec::new();
    for page in pages(all) {
        for form in forms(&page.html) {
            let token = form
                .fields
                .iter()
                .find(|(name, _)| name == "csrfmiddlewaretoken");
            let marked = token.is_some_and(|(_, value)| value.len() == 64);
            if marked != (form.method == "post") {
                wrong.push(format!("{}: {} {}", page.name(), form.method, form.action));
            }
        }
    }
    assert_none(&wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_a_title_and_a_headline() {
    let Some(all) = everything().await else {
        return;
    };
    let mut wrong = Vec::new();
    for page in pages(all) {
        let tags = tags(&page.html);
        let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
        let english = tags
            .iter()
            .any(|tag| tag.name == "html" && tag.attribute("lang") == Some("en"));
        // What is made to be put into another page has a headline of the second order.
        let heads = count("h1") == 1 || count("h1") == 0 && count("h2") > 0;
        if !heads || count("title") == 0 || count("main") != 1 || !english {
            wrong.push(page.name());
        }
    }
    assert_none(&wrong);
}

/// A piece of a page that was escaped once more stands there as its source. The data of the sample holds
/// no markup.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_shows_its_own_markup() {
    let Some(all) = everything().await else {
        return;
    };
    let markup = Regex::new("&#60;/?(table|div|span|td|bdi)\\b").unwrap();
    let wrong: Vec<String> = pages(all)
        .filter(|page| markup.is_match(&page.html))
        .map(Page::name)
        .collect();
    assert_none(&wrong);
}

/// Ways by which a script makes code or markup of a text.
const ENGINES: [&str; 8] = [
    "eval(",
    "Function(",
    "document.write",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "createContextualFragment",
    "javascript:",
];

#[test]
fn s6_no_script_makes_code_or_markup_of_a_text() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../promgen-http/static");
    let mut scripts = 0;
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "js") {
                let text = std::fs::read_to_string(&path).unwrap();
                let found = ENGINES.iter().find(|engine| text.contains(*engine));
                assert_eq!(found, None, "{}", path.display());
                scripts += 1;
            }
        }
    }
    assert!(scripts > 0, "no scripts");
}
