//! Errors as pages.

use axum::body::Body;
use http::{Request, header};

use super::Pages as _;
use crate::rest::world::World;

#[tokio::test]
async fn a_stranger_is_sent_to_the_login_and_comes_back() {
    let world = World::golden().await;
    let sent = world.stranger("/service/1?x=a%20b").await;
    assert_eq!(sent.leads(), "/login/?next=%2Fservice%2F1%3Fx%3Da%2520b");
}

#[tokio::test]
async fn whoever_takes_json_gets_json() {
    let world = World::golden().await;
    let answer = world.send(None, "GET", "/service", None).await;
    assert_eq!(answer.status, 401);
    assert!(answer.body["detail"].is_string());
    let superuser = world.superuser().await;
    let answer = world.get(&superuser, "/service/999").await;
    assert_eq!(answer.status, 404);
    assert!(answer.body["detail"].is_string());
}

#[tokio::test]
async fn paths_of_programs_stay_json_for_browsers_too() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/rest/v2/services/999").await;
    assert_eq!(page.status, 404);
    assert!(page.html.starts_with('{'), "{}", page.html);
}

#[tokio::test]
async fn what_is_not_there_is_a_page_in_the_frame() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for path in ["/nothing-here", "/service/999", "/service/x"] {
        let page = world.page(&superuser, path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(
            page.says("Nothing is here") && page.links_to("/service"),
            "{path}"
        );
        assert!(
            page.posts_to("/search") && page.says("Look for it by its name"),
            "{path}"
        );
        assert!(
            !page.says("programs") && !page.says("byte by byte"),
            "{}",
            page.text()
        );
    }
}

#[tokio::test]
async fn whoever_may_not_goes_back_and_is_told() {
    let world = World::golden().await;
    let nobody = world.person("nobody-special").await;
    let from = |referer: &str| {
        let request = Request::get("/service/1").header(header::REFERER, referer);
        (request, Body::empty())
    };
    let (request, body) = from("http://promgen/service?page=2");
    let back = world.browse(Some(&nobody), request, body).await;
    assert_eq!(back.leads(), "/service?page=2");
    assert!(back.notices().contains("You do not have permission"));
    for elsewhere in [
        "http://evil/service",
        "http://promgen/service/1",
        "nonsense",
    ] {
        let (request, body) = from(elsewhere);
        let page = world.browse(Some(&nobody), request, body).await;
        assert_eq!(page.status, 403, "{elsewhere}");
        assert!(page.says("You may not do this"), "{elsewhere}");
        assert!(
            page.says("Ask the owner of the service or project"),
            "{}",
            page.text()
        );
        assert!(!page.says("another token"), "{}", page.text());
    }
}
