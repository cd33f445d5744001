//! S11: an account is found by issuer and subject, and by nothing else.

use promgen_core::app::Actor;
use promgen_core::app::login::{self, Origin};
use promgen_core::plugin::{HeaderRequest, Peer};
use promgen_core::testing::HeaderCase;

use super::World;
use super::world::PASSWORD;

const SETTINGS: &str = "login: {backends: [proxy-header, password]}\n\
    promgen.auth.proxy-header: {from: [unix]}\n";

fn named(user: &str, email: &str) -> HeaderCase {
    HeaderCase::from(Peer::Unix)
        .header("remote-user", user)
        .header("remote-email", email)
}

async fn enter(world: &World, request: &dyn HeaderRequest) -> String {
    let entered = login::by_header(&world.app, request, &Origin::default()).await;
    entered.unwrap().unwrap().user.username
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_neither_name_nor_address_leads_to_an_account() {
    let world = World::start(SETTINGS).await;
    let root = world.user("root", Some(PASSWORD)).await;
    let mut changed = root.clone();
    changed.email = "root@example.com".to_owned();
    let tx = world.app.store().write_tx().await.unwrap();
    tx.update_user(&changed).await.unwrap();
    tx.commit().await.unwrap();
    for (name, account) in [
        ("root", "root2"),
        ("ROOT", "ROOT3"),
        ("ｒｏｏｔ", "ｒｏｏｔ4"),
    ] {
        assert_eq!(
            enter(&world, &named(name, "root@example.com")).await,
            account
        );
        assert_eq!(
            enter(&world, &named(name, "root@example.com")).await,
            account,
            "again"
        );
    }
    assert!(!world.find("root2").await.superuser);
    assert_eq!(world.sessions_of(root.id).await, 0);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_none_become_some() {
    let world = World::start(SETTINGS).await;
    assert_eq!(
        enter(&world, &named("maria de souza/ops", "")).await,
        "maria_de_souza_ops"
    );
    let long = "x".repeat(255);
    assert_eq!(
        enter(&world, &named(&long, "not an address")).await,
        "x".repeat(140)
    );
    assert_eq!(world.find(&"x".repeat(140)).await.email, "");
    let endless = "x".repeat(256);
    let refused = login::by_header(&world.app, &named(&endless, ""), &Origin::default()).await;
    assert!(refused.is_err());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_accounts_are_made_strangers_stay_out() {
    let settings = SETTINGS.replace("{backends", "{create_users: false, backends");
    let world = World::start(&settings).await;
    let refused = login::by_header(&world.app, &named("maria", ""), &Origin::default()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("no accounts are made"), "{refused}");
    assert!(world.usernames().await.is_empty());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_cannot_be_taken_back() {
    let world = World::start(SETTINGS).await;
    enter(&world, &named("maria", "")).await;
    let maria = world.find("maria").await;
    let actor = Actor::User(maria.clone());
    let refused = login::disconnect(&world.app, &actor, "proxy-header")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("the only way in"), "{refused}");
    assert!(
        login::disconnect(&world.app, &actor, "github")
            .await
            .is_err()
    );
    let secret = promgen_core::model::Secret::new(PASSWORD.to_owned());
    let operator = Actor::operator("test");
    promgen_core::app::users::change_password(&world.app, &operator, "maria", secret)
        .await
        .unwrap();
    enter(&world, &named("maria", "")).await;
    assert_eq!(
        login::identities(&world.app, &actor).await.unwrap().len(),
        1
    );
    login::disconnect(&world.app, &actor, "proxy-header")
        .await
        .unwrap();
    assert_eq!(login::identities(&world.app, &actor).await.unwrap(), []);
    assert_eq!(world.sessions_of(maria.id).await, 0);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_first_logins_at_once_make_one_account() {
    let world = World::start(SETTINGS).await;
    let logins = (0..8).map(|_| async { enter(&world, &named("maria", "")).await });
    let names = futures_util::future::join_all(logins).await;
    assert!(names.iter().all(|name| name == "maria"), "{names:?}");
    assert_eq!(world.usernames().await, ["maria"]);
    world.finish().await;
}
