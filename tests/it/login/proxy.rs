//! A proxy in front of Promgen that says who asks.

use super::browser::location;
use super::{Browser, World};

const SETTINGS: &str = "login: {backends: [proxy-header, password]}\n\
    promgen.auth.proxy-header: {from: [127.0.0.1]}\n";

fn behind_proxy(world: &World, user: &str) -> Browser {
    let mut browser = world.browser();
    browser
        .added
        .push(("remote-user".to_owned(), user.to_owned()));
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_trusted_proxy_names_comes_in() {
    let world = World::start(SETTINGS).await;
    let mut browser = behind_proxy(&world, "maria");
    browser
        .added
        .push(("remote-email".to_owned(), "maria@example.com".to_owned()));
    let entered = browser.get("/login/?next=/service/1").await;
    assert_eq!((entered.status, location(&entered)), (303, "/service/1"));
    assert!(browser.is_in().await);
    let maria = world.find("maria").await;
    assert_eq!(
        (maria.email.as_str(), maria.superuser),
        ("maria@example.com", false)
    );
    let again = behind_proxy(&world, "maria").get("/login/").await;
    assert_eq!(again.status, 303);
    assert_eq!(world.usernames().await, ["maria"]);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s13_the_header_of_a_stranger_lets_nobody_in() {
    let elsewhere = SETTINGS.replace("127.0.0.1", "127.0.0.2");
    let world = World::start(&elsewhere).await;
    let mut browser = behind_proxy(&world, "maria");
    browser
        .added
        .push(("x-forwarded-for".to_owned(), "127.0.0.2".to_owned()));
    assert_eq!(browser.get("/login/").await.status, 200);
    assert!(world.usernames().await.is_empty());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_the_name_that_the_proxy_gives() {
    let world = World::start(SETTINGS).await;
    let mut browser = behind_proxy(&world, "maria");
    browser.get("/login/").await;
    let status = async |browser: &mut Browser| browser.get("/rest/v2/tokens").await.status;
    assert_eq!(status(&mut browser).await, 200);
    browser.added.clear();
    assert_eq!(
        status(&mut browser).await,
        401,
        "the proxy names nobody any more"
    );
    browser
        .added
        .push(("remote-user".to_owned(), "eve".to_owned()));
    assert_eq!(
        status(&mut browser).await,
        401,
        "the proxy names somebody else"
    );
    browser
        .added
        .push(("remote-user".to_owned(), "maria".to_owned()));
    assert_eq!(status(&mut browser).await, 401, "the proxy names two");
    world.finish().await;
}
