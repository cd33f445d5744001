//! What another site makes somebody's browser send changes nothing, on any route.

use http::Method;
use promgen_http::{RouteRow, route_rows};
use promgen_tests::http::client;
use promgen_tests::sample::{ROOT, quiet};

use super::{Visitor, visitor};

/// Routes that change nothing for whoever is known by a session, and are asked by `POST` because
/// questions can be long, with what they answer.
fn is_question(row: &RouteRow) -> bool {
    row.path.starts_with("/proxy/v1/query") || row.path.starts_with("/proxy/v1/series")
}

/// How a route may refuse: the login has a token without a session, and is for whoever has none.
fn refuses(row: &RouteRow, status: u16) -> bool {
    let before_login = ["/login/", "/password_reset/", "/setup/"];
    let before_login = before_login.iter().any(|path| row.path.starts_with(path));
    // A form of somebody who is not in yet is shown again, and says why. That nothing was changed is
    // looked at in the end.
    status == 403 || before_login && (status == 200 || (400..500).contains(&status))
}

fn path(row: &RouteRow) -> String {
    let parts = row
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// What is kept of a change.
async fn changes(visitor: &mut Visitor) -> String {
    let answer = visitor.get("/rest/v2/logs?page_size=1").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_changes_anything_for_another_site() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let mut root = visitor(&web.url, ROOT).await;
    let other = visitor(&web.url, "vera")
        .await
        .cookie("csrftoken")
        .to_owned();
    let own = root.cookie("csrftoken").to_owned();
    let before = changes(&mut root).await;
    let rows = route_rows()
        .into_iter()
        .filter(|row| row.method != Method::GET);
    let rows: Vec<RouteRow> = rows.filter(|row| !is_question(row)).collect();
    assert!(rows.len() > 50, "few routes: {}", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        for (what, token, origin) in [
            ("without a token", "", web.url.as_str()),
            ("with the token of another session", &other, &web.url),
            ("from another site", &own, "http://evil.example.com"),
            ("from nowhere", &own, "null"),
        ] {
            let request = client()
                .request(row.method.clone(), format!("{}{}", web.url, path(row)))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", origin)
                .body(format!("name=x&csrfmiddlewaretoken={token}"));
            let answer = root.send(request).await;
            if !refuses(row, answer.status) {
                wrong.push(format!(
                    "{} {} {what}: {}",
                    row.method, row.path, answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(changes(&mut root).await, before, "something was changed");
}
