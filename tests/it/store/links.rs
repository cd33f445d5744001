//! Links that are used once, what a user has set for themselves, and how far an installation is.

use promgen_core::model::*;
use promgen_core::store::{Milestones, Slice, Tx, Visible};

use super::sample;

fn link(kind: LinkKind, user: Option<UserId>, expires: i64) -> OneTimeLink {
    OneTimeLink {
        id: LinkId(0),
        kind,
        user,
        state: user.map(|_| "f".repeat(64)),
        created: Timestamp(1),
        expires: Timestamp(expires),
    }
}

async fn user(tx: &Tx, name: &str, email: &str) -> User {
    let mut user = User {
        email: email.to_owned(),
        ..sample::user(name)
    };
    user.id = tx.insert_user(&user).await.unwrap();
    user
}

on_every_database! {
    async fn links_are_found_by_kind_and_hash_and_used_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = user(&tx, "alice", "").await.id;
        let mut one = link(LinkKind::Reset, Some(alice), 10);
        one.id = tx.insert_link(&one, &[1; 32]).await.unwrap();
        tx.insert_link(&link(LinkKind::Setup, None, 20), &[2; 32]).await.unwrap();
        assert_eq!(tx.find_link(LinkKind::Reset, &[1; 32]).await.unwrap(), Some(one.clone()));
        assert_eq!(tx.find_link(LinkKind::Setup, &[1; 32]).await.unwrap(), None);
        assert_eq!(tx.count_links_of(alice, Timestamp(9)).await.unwrap(), 1);
        assert_eq!(tx.count_links_of(alice, Timestamp(10)).await.unwrap(), 0);
        assert!(tx.use_link(one.id).await.unwrap());
        assert!(!tx.use_link(one.id).await.unwrap());
        tx.delete_links_for(LinkKind::Setup).await.unwrap();
        assert_eq!(tx.find_link(LinkKind::Setup, &[2; 32]).await.unwrap(), None);
    }

    async fn links_go_with_their_user_and_when_they_have_ended(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let (alice, bob) = (user(&tx, "alice", "").await.id, user(&tx, "bob", "").await.id);
        for (number, whose, expires) in [(1, alice, 9), (2, bob, 5), (3, bob, 6), (4, bob, 7)] {
            let new = link(LinkKind::Reset, Some(whose), expires);
            tx.insert_link(&new, &[number; 32]).await.unwrap();
        }
        tx.delete_user(alice).await.unwrap();
        assert_eq!(tx.find_link(LinkKind::Reset, &[1; 32]).await.unwrap(), None);
        let prune = async |now| tx.delete_ended_links(Timestamp(now), 1).await.unwrap();
        assert_eq!([prune(6).await, prune(6).await, prune(6).await], [1, 1, 0]);
        tx.delete_links_of(bob).await.unwrap();
        assert_eq!(tx.find_link(LinkKind::Reset, &[4; 32]).await.unwrap(), None);
    }

    async fn a_way_in_is_a_password_or_an_identity(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut root = User { superuser: true, ..user(&tx, "root", "").await };
        tx.update_user(&root).await.unwrap();
        let mallory = user(&tx, "mallory", "").await;
        tx.set_password(mallory.id, Some("hash")).await.unwrap();
        assert!(!tx.has_superuser_with_a_way_in().await.unwrap());
        tx.set_password(root.id, Some("hash")).await.unwrap();
        assert!(tx.has_superuser_with_a_way_in().await.unwrap());
        tx.set_password(root.id, None).await.unwrap();
        let identity = LinkedIdentity {
            id: IdentityId(0),
            user: root.id,
            backend: "oidc".to_owned(),
            issuer: "https://id.example.com".to_owned(),
            subject: "7".to_owned(),
            created: Timestamp(1),
            last_login: Timestamp(1),
        };
        tx.insert_identity(&identity).await.unwrap();
        assert!(tx.has_superuser_with_a_way_in().await.unwrap());
        root.active = false;
        tx.update_user(&root).await.unwrap();
        assert!(!tx.has_superuser_with_a_way_in().await.unwrap());
    }

    async fn people_are_found_by_their_address_in_any_case(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        for (name, email) in [("alice", "A@Example.com"), ("bob", "b@example.com"), ("eve", "a@example.com")] {
            let user = user(&tx, name, email).await;
            tx.set_password(user.id, Some(name)).await.unwrap();
        }
        let gone = User { active: false, ..user(&tx, "gone", "a@example.com").await };
        tx.set_password(gone.id, Some("x")).await.unwrap();
        tx.update_user(&gone).await.unwrap();
        user(&tx, "no_password", "a@example.com").await;
        let found = async |email: &str, most| {
            let found = tx.list_users_by_email(email, most).await.unwrap();
            found.into_iter().map(|(user, hash)| {
                assert_eq!(user.username, hash);
                hash
            }).collect::<Vec<String>>()
        };
        assert_eq!(found("a@EXAMPLE.com", 9).await, ["alice", "eve"]);
        assert_eq!(found("a@example.com", 1).await, ["alice"]);
        assert_eq!(found("%@example.com", 9).await, Vec::<String>::new());
    }

    async fn what_a_user_has_set_comes_back(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let plain = user(&tx, "alice", "").await;
        assert_eq!(tx.load_user(plain.id).await.unwrap(), Some(plain.clone()));
        let mut set = plain;
        set.timezone = Some(Zone::parse("Asia/Tokyo").unwrap());
        set.language = Some(Language::Japanese);
        tx.update_user(&set).await.unwrap();
        assert!(!tx.is_guide_hidden(set.id).await.unwrap());
        tx.hide_guide(set.id, true).await.unwrap();
        assert!(tx.is_guide_hidden(set.id).await.unwrap());
        assert_eq!(tx.load_user(set.id).await.unwrap(), Some(set));
    }

    async fn milestones_are_reached_one_by_one(database: &TestDatabase) {
        let store = database.migrated().await;
        let since = Timestamp(100);
        let tx = store.read_tx().await.unwrap();
        let none = tx.milestones(since, &["user"]).await.unwrap();
        assert_eq!((none, tx.first_shard().await.unwrap()), (Milestones::default(), None));
        drop(tx);
        let ground = sample::ground(&store).await;
        sample::post(&store, &["{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let at = async || tx.milestones(since, &["user"]).await.unwrap();
        let mut expected = Milestones {
            shard: true,
            service: true,
            project: true,
            alert: true,
            ..Milestones::default()
        };
        assert_eq!(at().await, expected);
        assert_eq!(tx.first_shard().await.unwrap().unwrap().id, ground.shard);
        assert_eq!(tx.first_service().await.unwrap(), Some(ground.service));
        assert_eq!(tx.first_project().await.unwrap(), Some(ground.project));
        let server = Server { id: ServerId(0), shard: ground.shard, host: "p".to_owned(), port: 9090 };
        let server = tx.insert_server(&server).await.unwrap();
        expected.server = true;
        let seen = |at| ServerState { seen_at: Some(Timestamp(at)), ..ServerState::default() };
        tx.save_server_state(server, &seen(99)).await.unwrap();
        assert_eq!(at().await, expected);
        tx.save_server_state(server, &seen(100)).await.unwrap();
        expected.heard = true;
        assert_eq!(at().await, expected);
        for (driver, counts) in [("user", false), ("webhook", true)] {
            let sender = Sender { driver: driver.to_owned(), ..sample::sender("x", SenderOwner::Service(ground.service)) };
            tx.insert_sender(&sender).await.unwrap();
            assert_eq!(at().await.notifier, counts, "{driver}");
        }
    }

    async fn services_of_subscriptions_are_listed_by_name(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let alice = user(&tx, "alice", "").await.id;
        let direct = tx.insert_service(&sample::service("direct")).await.unwrap();
        tx.insert_service(&sample::service("other")).await.unwrap();
        let me = alice.to_string();
        for (owner, driver, value) in [
            (SenderOwner::Service(direct), "user", me.as_str()),
            (SenderOwner::Project(ground.project), "user", &me),
            (SenderOwner::Service(ground.service), "user", "4711"),
            (SenderOwner::Service(ground.service), "webhook", &me),
        ] {
            let sender = Sender { driver: driver.to_owned(), ..sample::sender(value, owner) };
            tx.insert_sender(&sender).await.unwrap();
        }
        let names = async |visible: &Visible| {
            let listed = tx.page_subscribed_services(visible, "user", alice, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|service| service.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&Visible::All).await, ["direct", "shop"]);
        let some = Visible::Some { services: vec![direct], projects: Vec::new() };
        assert_eq!(names(&some).await, ["direct"]);
    }
}
