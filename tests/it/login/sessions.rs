//! Sessions: always fresh, seen and ended by their owner, and over in time.

use std::time::Duration;

use promgen_core::app::{Actor, sessions, users};

use super::World;
use super::world::PASSWORD;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_knows_beforehand_is_never_used() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let planted = "a".repeat(64);
    let mut victim = world.browser();
    victim.plant("promgen_session", &planted);
    victim.log_in("maria", PASSWORD).await;
    assert_ne!(victim.cookie("promgen_session"), planted);
    assert!(victim.is_in().await);
    let mut attacker = world.browser();
    attacker.plant("promgen_session", &planted);
    assert!(!attacker.is_in().await);
    // A session that is real and another's ends when its browser comes in anew.
    let before = victim.cookie("promgen_session").to_owned();
    let token = victim.cookie("csrftoken").to_owned();
    let fields = [
        ("csrfmiddlewaretoken", token.as_str()),
        ("username", "maria"),
        ("password", PASSWORD),
    ];
    assert_eq!(victim.post("/login/", &fields).await.status, 303);
    assert_ne!(victim.cookie("promgen_session"), before);
    attacker.plant("promgen_session", &before);
    assert!(!attacker.is_in().await);
    assert_eq!(world.sessions_of(maria.id).await, 1);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_is_not_used_or_too_old() {
    let hour = Duration::from_hours(1);
    let world = World::start("login: {session: 5h, idle: 2h}").await;
    world.user("maria", Some(PASSWORD)).await;
    let mut idle = world.browser();
    idle.log_in("maria", PASSWORD).await;
    world.pass(hour);
    assert!(idle.is_in().await);
    world.pass(hour + hour);
    assert!(!idle.is_in().await, "two hours without use");
    let mut busy = world.browser();
    busy.log_in("maria", PASSWORD).await;
    for _ in 0..4 {
        world.pass(hour);
        assert!(busy.is_in().await);
    }
    world.pass(hour);
    assert!(!busy.is_in().await, "five hours, however often it was used");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn their_owner_sees_sessions_and_ends_them() {
    let world = World::start("login: {idle: 2h}").await;
    let maria = Actor::User(world.user("maria", Some(PASSWORD)).await);
    let eve = Actor::User(world.user("eve", Some(PASSWORD)).await);
    let (mut one, mut two) = (world.browser(), world.browser());
    one.added
        .push(("user-agent".to_owned(), "Browser One".to_owned()));
    one.log_in("maria", PASSWORD).await;
    two.log_in("maria", PASSWORD).await;
    let listed = sessions::list(&world.app, &maria).await.unwrap();
    assert_eq!(listed.len(), 2);
    let first = listed
        .iter()
        .find(|session| session.agent == "Browser One")
        .unwrap();
    assert_eq!(
        (first.address.as_str(), first.backend.as_str()),
        ("127.0.0.1", "password")
    );
    assert!(sessions::list(&world.app, &eve).await.unwrap().is_empty());
    assert!(sessions::revoke(&world.app, &eve, first.id).await.is_err());
    assert!(
        sessions::revoke(&world.app, &Actor::Anonymous, first.id)
            .await
            .is_err()
    );
    assert!(one.is_in().await);
    sessions::revoke(&world.app, &maria, first.id)
        .await
        .unwrap();
    assert!(!one.is_in().await && two.is_in().await);
    world.pass(Duration::from_hours(3));
    assert!(sessions::list(&world.app, &maria).await.unwrap().is_empty());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_is_out_at_once() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    browser.log_in("maria", PASSWORD).await;
    assert!(browser.is_in().await);
    let operator = Actor::operator("test");
    users::set_active(&world.app, &operator, "maria", false)
        .await
        .unwrap();
    assert!(!browser.is_in().await);
    assert_eq!(world.sessions_of(maria.id).await, 0);
    users::set_active(&world.app, &operator, "maria", true)
        .await
        .unwrap();
    assert!(!browser.is_in().await, "what has ended does not come back");
    assert!(
        users::set_active(&world.app, &Actor::User(maria), "maria", true)
            .await
            .is_ok()
    );
    assert!(
        users::set_active(&world.app, &Actor::Anonymous, "maria", false)
            .await
            .is_err()
    );
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_shows_sessions_and_ends_them() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let (mut one, mut two, mut three) = (world.browser(), world.browser(), world.browser());
    two.added
        .push(("user-agent".to_owned(), "Two <script>".to_owned()));
    for browser in [&mut one, &mut two, &mut three] {
        browser.log_in("maria", PASSWORD).await;
    }
    let page = one.get("/profile").await.text();
    assert!(page.contains("Two &#60;script&#62;") && !page.contains("<script>"));
    assert_eq!(page.matches("<strong>this one</strong>").count(), 1);
    let listed = sessions::list(&world.app, &Actor::User(maria.clone())).await;
    let second = listed
        .unwrap()
        .into_iter()
        .find(|one| one.agent.starts_with("Two"));
    let end = format!("/profile/session/{}/end", second.unwrap().id);
    assert!(page.contains(&format!("action=\"{end}\"")));
    let token = one.cookie("csrftoken").to_owned();
    let fields = [("csrfmiddlewaretoken", token.as_str())];
    assert_eq!(
        one.post(&end, &[]).await.status,
        403,
        "without its form token"
    );
    assert_eq!(one.post(&end, &fields).await.status, 303);
    assert!(one.is_in().await && !two.is_in().await && three.is_in().await);
    assert_eq!(one.post("/profile/sessions/end", &fields).await.status, 303);
    assert!(one.is_in().await && !three.is_in().await);
    assert_eq!(world.sessions_of(maria.id).await, 1);
    world.finish().await;
}
