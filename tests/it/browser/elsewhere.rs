//! S7: wherever a page asks to go next, nobody is sent to another site (CVE-2021-29622,
//! CVE-2025-4123). The login is asked in `login/password.rs`; here every form and every page is.

use std::collections::BTreeSet;

use promgen_tests::http::{client, encoded};
use promgen_tests::sample::{ROOT, quiet};
use url::Url;

use super::crawl::{Crawl, Page};
use super::markup::{Form, forms, tags};
use super::visitor;

/// Addresses that are read as another host by one parser or another.
const HOSTILE: [&str; 14] = [
    "//evil.example.com/",
    "https://evil.example.com/",
    "/\\evil.example.com/",
    "\\\\evil.example.com/",
    "///evil.example.com/",
    "/\t/evil.example.com/",
    "\n//evil.example.com/",
    "https:evil.example.com",
    "/%2f%2fevil.example.com/",
    "/%5cevil.example.com/",
    "/%09/evil.example.com/",
    "//evil.example.com@127.0.0.1/",
    "javascript:location='//evil.example.com'",
    "/.//evil.example.com/",
];

/// Whether a browser that is on the site stays there.
fn stays(site: &str, to: &str) -> bool {
    let site = Url::parse(site).unwrap();
    site.join(to).is_ok_and(|url| url.origin() == site.origin())
}

/// Every form that changes something, once; those that take something away come last.
fn all_forms(pages: &[Page]) -> Vec<(String, Form)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for page in pages {
        for form in forms(&page.html) {
            let action = if form.action.is_empty() {
                page.path.clone()
            } else {
                form.action.clone()
            };
            let posts = form.method == "post" && action != "/logout/";
            if posts && seen.insert((action.clone(), form.fields.clone())) {
                found.push((action, form));
            }
        }
    }
    let takes_away = |action: &str| {
        ["delete", "remove", "revoke", "merge"]
            .iter()
            .any(|word| action.contains(word))
    };
    found.sort_by_key(|(action, _)| takes_away(action));
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_no_form_sends_anybody_to_another_site() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let mut root = visitor(&web.url, ROOT).await;
    let found = Crawl::of(&mut root, ROOT).await;
    let mut wrong = Vec::new();
    let forms = all_forms(&found.pages);
    for (number, (action, form)) in forms.iter().enumerate() {
        let next = HOSTILE[number % HOSTILE.len()];
        let form = form.clone().with("next", next);
        let request = client()
            .post(format!("{}{action}", web.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded(&form.pairs()));
        let answer = root.send(request).await;
        let to = answer
            .headers
            .get("location")
            .map_or("/", |to| to.to_str().unwrap());
        if !stays(&web.url, to) || answer.status == 500 {
            wrong.push(format!("{action} with {next:?}: {} {to}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_no_page_has_a_link_to_where_it_is_told_to_go_next() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let mut root = visitor(&web.url, ROOT).await;
    let found = Crawl::of(&mut root, ROOT).await;
    let mut wrong = Vec::new();
    for (number, page) in found.pages.iter().enumerate() {
        let next = HOSTILE[number % HOSTILE.len()];
        let mark = if page.path.contains('?') { '&' } else { '?' };
        let path = format!("{}{mark}{}", page.path, encoded(&[("next", next)]));
        let answer = root.get(&path).await;
        let to = answer
            .headers
            .get("location")
            .map_or("/", |to| to.to_str().unwrap());
        let mut addresses = vec![to.to_owned()];
        for tag in tags(&answer.text()) {
            let named = ["href", "action", "formaction", "src"].into_iter();
            addresses.extend(named.filter_map(|name| tag.attribute(name).map(str::to_owned)));
        }
        let strange = addresses
            .into_iter()
            .find(|to| to.contains("evil") && !stays(&web.url, to));
        wrong.extend(strange.map(|to| format!("{path}: {to}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
