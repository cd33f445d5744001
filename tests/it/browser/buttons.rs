//! Whoever sees a button may press it, and whoever may do something finds the button for it.

use std::collections::BTreeSet;

use http::Method;
use promgen_http::route_rows;
use promgen_tests::http::{client, encoded};
use promgen_tests::sample::{ROOT, quiet};

use super::crawl::{Crawl, Page, is_for_programs, is_of};
use super::everything::SETTINGS;
use super::markup::{forms, links, tags};
use super::visitor;

/// Actions without a button on a page of somebody who is logged in to an installation that is in use:
/// of those who are not in, of whoever is new, and of whoever came in by another site; and those that
/// are there for things in a state in which nothing of the data is: a user who is disabled, a source of
/// farms that answers, a delivery that was given up, an Alertmanager.
const FOR_OTHERS: [&str; 10] = [
    "/admin/user/{id}/enable",
    "/alert/{id}/again",
    "/project/{id}/link/{source}",
    "/silence/{id}/edit",
    "/silence/{id}/expire",
    "/login/",
    "/password_reset/{token}/",
    "/setup/{token}/",
    "/guide/start",
    "/disconnect/{backend}/",
];

/// What takes which role on the service `shop`: an address, and who finds it on the page of the
/// service or the project `checkout`.
const SHOWN: [(&str, &[&str]); 6] = [
    ("/service/{id}/update", &[ROOT, "olga", "adam", "edith"]),
    ("/service/{id}/delete", &[ROOT, "olga"]),
    ("/service/{id}/new", &[ROOT, "olga", "adam", "edith"]),
    ("/service/{id}/notifier", &[ROOT, "olga", "adam", "edith"]),
    ("/project/{id}/exporter", &[ROOT, "olga", "adam", "edith"]),
    ("/project/{id}/delete", &[ROOT, "olga"]),
];

/// Everything that a page leads to or posts to, with the page itself for forms without an address.
fn actions(page: &Page) -> BTreeSet<String> {
    if page.status != 200 {
        return BTreeSet::new();
    }
    let mut found: BTreeSet<String> = links(&page.html).into_iter().collect();
    for tag in tags(&page.html) {
        let named = ["action", "formaction"].into_iter();
        found.extend(named.filter_map(|name| tag.attribute(name).map(str::to_owned)));
    }
    found.insert(page.path.clone());
    let path = |action: String| {
        action
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    found.into_iter().map(path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_a_form_may_send_it() {
    let installation = quiet(SETTINGS).await;
    let web = installation.web(&["--no-worker"]).await;
    let mut wrong = Vec::new();
    // The least first: what the others take away is no longer there afterwards.
    for who in ["noel", "vera", "edith", "adam"] {
        let mut somebody = visitor(&web.url, who).await;
        let found = Crawl::of(&mut somebody, who).await;
        for page in &found.pages {
            for form in forms(&page.html) {
                let action = if form.action.is_empty() {
                    &page.path
                } else {
                    &form.action
                };
                // The last word about what is sent belongs to other tests; and who may do what is not to
                // be changed on the way.
                if form.method != "post"
                    || action == "/logout/"
                    || action.contains("password")
                    || action.starts_with("/permission/")
                {
                    continue;
                }
                let request = client()
                    .post(format!("{}{action}", web.url))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(encoded(&form.pairs()));
                let answer = somebody.send(request).await;
                if [403, 405, 500].contains(&answer.status) {
                    wrong.push(format!("{}: {action}: {}", page.name(), answer.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_has_a_button() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let mut root = visitor(&web.url, ROOT).await;
    // Another session and a token, so that both can be ended.
    visitor(&web.url, ROOT).await;
    installation.ok(&["token", "create", "--user", ROOT, "--scope", "read"]);
    let found = Crawl::of(&mut root, ROOT).await;
    let shown: BTreeSet<String> = found.pages.iter().flat_map(actions).collect();
    let rows = route_rows()
        .into_iter()
        .filter(|row| row.method == Method::POST);
    let missing: Vec<String> = rows
        .map(|row| row.path)
        .filter(|route| !is_for_programs(route) && !FOR_OTHERS.contains(&route.as_str()))
        .filter(|route| !shown.iter().any(|action| is_of(route, action)))
        .collect();
    assert!(
        missing.is_empty(),
        "no button leads to\n{}",
        missing.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_is_shown_what_it_may_do() {
    let installation = quiet(SETTINGS).await;
    let web = installation.web(&["--no-worker"]).await;
    let mut wrong = Vec::new();
    for who in [ROOT, "olga", "adam", "edith", "vera", "noel"] {
        let mut somebody = visitor(&web.url, who).await;
        let found = Crawl::of(&mut somebody, who).await;
        let all: BTreeSet<String> = found.pages.iter().flat_map(actions).collect();
        for (route, whom) in SHOWN {
            let shown = all.iter().any(|action| is_of(route, action));
            if shown != whom.contains(&who) {
                wrong.push(format!("{who}: {route}: {shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
