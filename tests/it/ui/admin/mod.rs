//! `/admin/`: what superusers alone see.

mod credentials;
mod users;

use promgen_core::model::{
    Role, RoleOn, Sender, SenderId, SenderOwner, ServiceId, Session, SessionId, Timestamp, UserId,
};
use promgen_core::store::DeliveryTally;

use super::Pages as _;
use crate::rest::world::{Person, World};

const PAGES: [&str; 12] = [
    "/admin/",
    "/admin/user",
    "/admin/user/new",
    "/admin/user/1",
    "/admin/user/1/update",
    "/admin/auth/user/merge/",
    "/admin/token",
    "/admin/notifier",
    "/admin/exporter",
    "/admin/role",
    "/admin/site",
    "/admin/plugins",
];

fn at(person: &Person, rest: &str) -> String {
    format!("/admin/user/{}{rest}", person.id())
}

/// Logs somebody in, with a secret that only the test knows.
async fn session(world: &World, user: UserId, number: u8) -> SessionId {
    let now = world.app.now();
    let session = Session {
        id: SessionId(0),
        user,
        backend: "local".to_owned(),
        created: now,
        last_seen: now,
        expires: Timestamp(i64::MAX),
        address: format!("192.0.2.{number}"),
        agent: "Browser <b>".to_owned(),
    };
    let tx = world.app.store().write_tx().await.unwrap();
    let id = tx.insert_session(&session, &[number; 32]).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn sessions(world: &World, user: UserId) -> usize {
    let tx = world.app.store().read_tx().await.unwrap();
    tx.list_sessions(user).await.unwrap().len()
}

#[tokio::test]
async fn everything_there_is_for_superusers_only() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let admin = world
        .with_role("admin-of-one", Role::Admin, RoleOn::Service(ServiceId(1)))
        .await;
    for path in PAGES {
        world.page(&peer, path).await.shown();
        assert_eq!(world.page(&admin, path).await.status, 403, "{path}");
        assert!(
            world.stranger(path).await.leads().starts_with("/login/"),
            "{path}"
        );
    }
    assert!(world.page(&peer, "/admin/").await.links_to("/admin/user"));
}

#[tokio::test]
async fn the_site_is_renamed() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let path = "/admin/site";
    for (domain, name) in [
        ("no domain", "Promgen"),
        ("", "Promgen"),
        ("promgen.example.com", ""),
        (
            "promgen.example.com",
            "a name that is much longer than fifty letters can ever be",
        ),
    ] {
        let page = world
            .submit(&peer, path, &[("domain", domain), ("name", name)])
            .await;
        assert!(
            page.shown().html.contains("aria-invalid"),
            "{domain:?} {name:?}"
        );
    }
    let fields = [("domain", "promgen.example.com:8080"), ("name", "Ours")];
    assert_eq!(world.submit(&peer, path, &fields).await.leads(), "/admin/");
    let page = world.page(&peer, "/admin/").await.shown();
    assert!(
        page.says("Ours · promgen.example.com:8080"),
        "{}",
        page.text()
    );
    assert_eq!(world.log(1).await[0].kind, "site");
}

#[tokio::test]
async fn plugins_are_listed_with_what_they_lack() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let page = world.page(&peer, "/admin/plugins").await.shown();
    assert!(
        page.says("promgen.notification.webhook") && page.says("Ready"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn all_notifiers_are_found_by_driver_state_owner_and_failures() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let mut ids = Vec::new();
    for (service, alias, enabled) in [(1, "chat of one", true), (2, "chat of two", false)] {
        let sender = Sender {
            id: SenderId(0),
            driver: "promgen.notification.webhook".to_owned(),
            value: format!("http://chat.example/{service}"),
            alias: alias.to_owned(),
            owner: SenderOwner::Service(ServiceId(service)),
            added_by: None,
            enabled,
            secret: None,
            filters: Vec::new(),
        };
        let tx = world.app.store().write_tx().await.unwrap();
        ids.push(tx.insert_sender(&sender).await.unwrap());
        tx.commit().await.unwrap();
    }
    let hour = DeliveryTally {
        hour: world.app.now(),
        driver: "promgen.notification.webhook".to_owned(),
        sender: ids[1],
        sent: 0,
        dead: 3,
    };
    let tx = world.app.store().write_tx().await.unwrap();
    tx.tally_deliveries(&[hour]).await.unwrap();
    tx.commit().await.unwrap();
    let seen = async |query: &str| {
        let path = format!("/admin/notifier?driver=promgen.notification.webhook{query}");
        let page = world.page(&peer, &path).await.shown();
        (page.says("chat of one"), page.says("chat of two"))
    };
    assert_eq!(seen("").await, (true, true));
    assert_eq!(seen("&enabled=off").await, (false, true));
    assert_eq!(seen("&q=one").await, (true, false));
    assert_eq!(seen("&failing=1").await, (false, true));
    assert_eq!(seen("&owner=user").await, (false, false));
    let all = world
        .page(&peer, "/admin/notifier?sort=-failures")
        .await
        .shown();
    let at = |text: &str| all.html.find(text).unwrap();
    assert!(at("chat of two") < at("chat of one"));
    assert!(all.links_to("/service/2#notifiers") && all.links_to(&format!("/notifier/{}", ids[0])));
    assert!(
        world
            .page(&peer, "/admin/")
            .await
            .shown()
            .links_to("/admin/notifier")
    );
}
