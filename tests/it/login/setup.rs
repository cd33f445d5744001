//! The first superuser: by a link, once, and by one person.

use std::time::Duration;

use promgen_core::app::login::Origin;
use promgen_core::app::sessions::NewSession;
use promgen_core::app::setup::{self, First};
use promgen_core::app::{Actor, AppError, users};
use promgen_core::model::Secret;

use super::World;
use super::browser::{form_token, location};
use super::world::PASSWORD;

fn first(username: &str) -> First {
    First {
        username: username.to_owned(),
        email: "root@example.com".to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
        host: Some("promgen.example.com:8000".to_owned()),
    }
}

async fn invited(world: &World) -> String {
    let text = setup::invite(&world.app).await.unwrap().unwrap();
    text.reveal().clone()
}

async fn finish(world: &World, text: &str, first: First) -> Result<NewSession, AppError> {
    setup::finish(&world.app, text, first, &Origin::default()).await
}

async fn is_good(world: &World, text: &str) -> bool {
    setup::check(&world.app, text, &Origin::default())
        .await
        .is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_makes_one_superuser_and_no_other() {
    let world = World::start("").await;
    let text = invited(&world).await;
    assert_eq!(text.len(), 64, "256 bits");
    let entered = finish(&world, &text, first("root")).await.unwrap();
    assert!(entered.user.superuser && entered.session.user == entered.user.id);
    let again = finish(&world, &text, first("other")).await;
    assert!(matches!(again, Err(AppError::LinkEnded)), "{again:?}");
    assert!(setup::invite(&world.app).await.unwrap().is_none());
    let mut browser = world.browser();
    assert_eq!(browser.log_in("root", PASSWORD).await.status, 303);
    let tx = world.app.store().read_tx().await.unwrap();
    let site = tx.load_site().await.unwrap();
    assert_eq!(site.domain, "promgen.example.com:8000", "links lead here");
    drop(tx);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_hold_the_link_one_comes_through() {
    let world = World::start("").await;
    let text = invited(&world).await;
    let (one, two) = tokio::join!(
        finish(&world, &text, first("one")),
        finish(&world, &text, first("two"))
    );
    assert_eq!(
        [one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(),
        1
    );
    assert_eq!(world.usernames().await.len(), 1);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_by_time_by_the_next_one_and_by_a_superuser() {
    let world = World::start("").await;
    let old = invited(&world).await;
    let text = invited(&world).await;
    assert!(!is_good(&world, &old).await && is_good(&world, &text).await);
    world.pass(Duration::from_hours(24));
    assert!(!is_good(&world, &text).await);
    let text = invited(&world).await;
    // An account without a way in is nobody who could look after it.
    world.user("service", None).await;
    assert!(is_good(&world, &text).await);
    let operator = Actor::operator("test");
    let password = Secret::new(PASSWORD.to_owned());
    users::create_superuser(&world.app, &operator, "root", "", Some(password))
        .await
        .unwrap();
    assert!(!is_good(&world, &text).await);
    assert!(finish(&world, &text, first("other")).await.is_err());
    for wrong in ["", "x", &"0".repeat(64)] {
        assert!(!is_good(&world, wrong).await, "{wrong}");
    }
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_passwords_there_is_no_link() {
    // Whoever made a password by it could not come in by that.
    let world = World::start(
        "login: {backends: [proxy-header], proxies: [192.0.2.1]}\nproxy-header: {header: X-User}",
    )
    .await;
    assert!(setup::invite(&world.app).await.unwrap().is_none());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_told_at_once_and_leaves_the_link() {
    let world = World::start("").await;
    let text = invited(&world).await;
    let wrong = First {
        username: "ro ot".to_owned(),
        email: "nobody".to_owned(),
        password: Secret::new("1234".to_owned()),
        host: None,
    };
    let Err(AppError::Invalid { problems }) = finish(&world, &text, wrong).await else {
        panic!("refused");
    };
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["username", "email", "password", "password"]);
    assert!(finish(&world, &text, first("root")).await.is_ok());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_links_has_to_wait() {
    let world = World::start("").await;
    let origin = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        agent: String::new(),
    };
    let text = invited(&world).await;
    for _ in 0..30 {
        setup::check(&world.app, &text, &origin).await.unwrap();
    }
    for _ in 0..20 {
        let wrong = setup::check(&world.app, "wrong", &origin).await;
        assert!(matches!(wrong, Err(AppError::LinkEnded)), "{wrong:?}");
    }
    let slow = setup::check(&world.app, &text, &origin).await;
    assert!(matches!(slow, Err(AppError::SlowDown { .. })), "{slow:?}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_opens_the_link_and_is_in() {
    let world = World::start("").await;
    let path = format!("/setup/{}/", invited(&world).await);
    let mut browser = world.browser();
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Make the first superuser"));
    let token = form_token(&page.text());
    let fields = |username, password| {
        [
            ("csrfmiddlewaretoken", token.as_str()),
            ("username", username),
            ("email", "root@example.com"),
            ("password", password),
        ]
    };
    let weak = browser.post(&path, &fields("root", "12345678")).await;
    assert_eq!(weak.status, 200);
    assert!(weak.text().contains("id_password_problems") && weak.text().contains("value=\"root\""));
    let foreign = world.browser().post(&path, &fields("root", PASSWORD)).await;
    assert!(
        foreign.text().contains("load the page again"),
        "{}",
        foreign.text()
    );
    assert!(world.usernames().await.is_empty());
    let made = browser.post(&path, &fields("root", PASSWORD)).await;
    assert_eq!((made.status, location(&made)), (303, "/guide"));
    assert!(browser.is_in().await);
    let guide = browser.get("/guide").await.text();
    assert!(
        guide.contains("Done: </strong>") || guide.contains("Welcome, root"),
        "{guide}"
    );
    for path in [path.as_str(), "/setup/x/"] {
        let over = world.browser().get(path).await;
        assert_eq!(over.status, 404, "{path}");
        assert!(over.text().contains("This link has ended"));
    }
    let tx = world.app.store().read_tx().await.unwrap();
    let site = tx.load_site().await.unwrap();
    assert_eq!(format!("http://{}", site.domain), world.url);
    drop(tx);
    world.finish().await;
}
