//! What a browser is made to send by another site changes nothing.

use promgen_core::app::{Actor, tokens};
use promgen_core::model::Scope;
use promgen_tests::http::{Answer, client};
use serde_json::json;

use super::browser::form_token;
use super::world::PASSWORD;
use super::{Browser, World};

/// Makes a token, the way a script of a page does, with these headers.
async fn change(world: &World, browser: &mut Browser, headers: &[(&str, &str)]) -> Answer {
    let mut request = client()
        .post(format!("{}/rest/v2/tokens", world.url))
        .header("content-type", "application/json")
        .body(json!({"scopes": ["read"]}).to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request).await
}

async fn logged_in(world: &World) -> Browser {
    let mut browser = world.browser();
    assert_eq!(browser.log_in("maria", PASSWORD).await.status, 303);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_changes_things_only_with_its_own_form_token() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let mut browser = logged_in(&world).await;
    let other = logged_in(&world).await.cookie("csrftoken").to_owned();
    let own = browser.cookie("csrftoken").to_owned();
    assert_ne!(own, other);
    assert_eq!(
        browser.get("/rest/v2/tokens").await.status,
        200,
        "looking is free"
    );
    for wrong in [
        &[][..],
        &[("x-csrftoken", "")],
        &[("x-csrftoken", other.as_str())],
    ] {
        let refused = change(&world, &mut browser, wrong).await;
        assert_eq!(refused.status, 403, "{wrong:?}");
        assert!(refused.text().contains("X-CSRFToken"), "{}", refused.text());
    }
    let done = change(&world, &mut browser, &[("x-csrftoken", &own)]).await;
    assert_eq!(done.status, 201, "{}", done.text());
    // A planted cookie is no session's token.
    browser.plant("csrftoken", &other);
    let planted = change(&world, &mut browser, &[("x-csrftoken", &other)]).await;
    assert_eq!(planted.status, 403);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_changes_nothing_with_any_token() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let mut browser = logged_in(&world).await;
    let own = browser.cookie("csrftoken").to_owned();
    let with = [("x-csrftoken", own.as_str())];
    for (name, value) in [
        ("origin", "http://evil.example.com"),
        ("origin", "null"),
        ("referer", "http://evil.example.com/page"),
    ] {
        let headers = [&with[..], &[(name, value)]].concat();
        let refused = change(&world, &mut browser, &headers).await;
        assert_eq!(refused.status, 403, "{name}: {value}");
        assert!(refused.text().contains("Origin"), "{}", refused.text());
    }
    let headers = [&with[..], &[("origin", world.url.as_str())]].concat();
    assert_eq!(change(&world, &mut browser, &headers).await.status, 201);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_header_needs_no_form_token_and_goes_before_the_session() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let (operator, scopes) = (Actor::operator("test"), vec![Scope::Read, Scope::Write]);
    let token = tokens::create(&world.app, &operator, "maria", scopes, None).await;
    let bearer = format!("Bearer {}", token.unwrap().text.reveal());
    let with = [("authorization", bearer.as_str())];
    assert_eq!(
        change(&world, &mut world.browser(), &with).await.status,
        201
    );
    let mut browser = logged_in(&world).await;
    assert_eq!(change(&world, &mut browser, &with).await.status, 201);
    let wrong = [("authorization", "Bearer wrong")];
    assert_eq!(change(&world, &mut browser, &wrong).await.status, 401);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_logged_in_or_out_by_another_site() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let mut victim = world.browser();
    let fields = [("username", "maria"), ("password", PASSWORD)];
    assert_eq!(
        victim.post("/login/", &fields).await.status,
        400,
        "no page was loaded"
    );
    victim.get("/login/").await;
    let theirs = form_token(&world.browser().get("/login/").await.text());
    let forged = [&fields[..], &[("csrfmiddlewaretoken", theirs.as_str())]].concat();
    let refused = victim.post("/login/", &forged).await;
    assert_eq!(refused.status, 400, "the token is another browser's");
    assert!(
        refused.text().contains("load the page again")
            || refused.text().contains("login page of this browser")
    );
    assert_eq!(world.sessions_of(maria.id).await, 0);
    let mut browser = logged_in(&world).await;
    assert_eq!(browser.post("/logout/", &[]).await.status, 403);
    assert!(browser.is_in().await);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_too_old_is_told_so_in_words_of_a_browser() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let mut browser = logged_in(&world).await;
    for (origin, told) in [
        (None, "This form is too old"),
        (
            Some("http://evil.example"),
            "This form was sent by another site",
        ),
    ] {
        let mut request = client()
            .post(format!("{}/logout/", world.url))
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("csrfmiddlewaretoken=0123");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let refused = browser.send(request).await;
        assert_eq!(refused.status, 403);
        let text = refused.text();
        assert!(text.contains(told), "{text}");
        assert!(
            !text.contains("X-CSRFToken") && !text.contains("superuser"),
            "{text}"
        );
    }
    world.finish().await;
}
