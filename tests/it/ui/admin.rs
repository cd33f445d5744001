//! `/admin/`

use promgen_core::app::tokens;
use promgen_core::model::{
    Role, RoleOn, Scope, Sender, SenderId, SenderOwner, ServiceId, Session, SessionId, Timestamp,
    Token, TokenId, UserId,
};
use promgen_core::store::DeliveryTally;

use super::Pages as _;
use crate::rest::world::{Person, World, operator};

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
#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn users_are_made_found_and_changed() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let new = "/admin/user/new";
    let fields = [
        ("username", "robot"),
        ("email", "robot@example.com"),
        ("first_name", "Ro <i>"),
        ("last_name", "Bot"),
    ];
    for (extra, told) in [
        (("email", "nonsense"), "email"),
        (("password", "abc12"), "password"),
    ] {
        let mut fields = fields.to_vec();
        fields.push(extra);
        let page = world.submit(&peer, new, &fields).await.shown();
        assert!(
            page.html.contains(&format!("id_{told}_problems")),
            "{told}: {}",
            page.html
        );
        assert!(page.html.contains("value=\"robot\"") && !page.html.contains("abc12"));
    }
    let made = world.submit(&peer, new, &fields).await;
    let path = made.leads().to_owned();
    let page = world.page(&peer, &path).await.shown();
    assert!(page.says("Ro <i> Bot") && page.says("none: no login by password"));
    assert!(
        world
            .log(2)
            .await
            .iter()
            .any(|entry| entry.body == "Created User robot")
    );

    let found = world
        .page(&peer, "/admin/user?q=Ro+%3Ci&active=yes&superuser=no")
        .await
        .shown();
    assert!(
        found.links_to(&path) && found.says("1 entry"),
        "{}",
        found.text()
    );
    let none = world
        .page(&peer, "/admin/user?q=robot&superuser=yes")
        .await
        .shown();
    assert!(!none.links_to(&path));

    let update = format!("{path}/update");
    let fields = [
        ("email", "r@example.com"),
        ("superuser", "on"),
        ("active", "on"),
    ];
    assert_eq!(world.submit(&peer, &update, &fields).await.leads(), path);
    let page = world.page(&peer, &path).await.shown();
    assert!(
        page.says("Superuser") && page.says("r@example.com"),
        "{}",
        page.text()
    );
    let password = format!("{path}/password");
    let weak = world
        .submit(&peer, &password, &[("password", "12345678")])
        .await
        .shown();
    assert!(weak.html.contains("id_password_problems") && !weak.html.contains("12345678"));
    let good = [("password", "correct horse battery")];
    assert_eq!(world.submit(&peer, &password, &good).await.leads(), path);
    assert!(world.page(&peer, &path).await.says("is set"));
}

#[tokio::test]
async fn a_link_lets_somebody_set_their_first_password() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let fields = [("username", "maria"), ("link", "on")];
    let made = world
        .submit(&peer, "/admin/user/new", &fields)
        .await
        .shown();
    assert_eq!(made.headers["cache-control"], "no-store");
    let text = made.text();
    let mut words = text.split(' ');
    let link = words
        .find(|word| word.contains("/password_reset/"))
        .unwrap();
    let path = link.split_once("://").unwrap().1;
    let path = &path[path.find('/').unwrap()..];
    let form = world.stranger(path).await.shown();
    assert!(form.says("maria") && form.posts_to(path), "{}", form.html);
    assert!(world.log(1).await.first().is_some_and(
        |entry| entry.after.contains("link handed out") && !entry.after.contains(path)
    ));
    // With a password of another way, the link is good for nothing.
    let maria = world.login("maria").await;
    let set = [("password", "correct horse battery")];
    world
        .submit(&peer, &at(&maria, "/password"), &set)
        .await
        .leads();
    assert_ne!(world.stranger(path).await.status, 200);
    world
        .submit(&peer, &at(&maria, "/disable"), &[])
        .await
        .leads();
    let refused = world.submit(&peer, &at(&maria, "/link"), &[]).await;
    assert_ne!(refused.status, 200);
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_can_come_back() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    session(&world, maria.user.id, 1).await;
    let disable = at(&maria, "/disable");
    let asked = world.page(&peer, &disable).await.shown();
    assert!(asked.says("1 session ends") && asked.says("1 token is good for nothing"));
    assert_eq!(
        world.submit(&peer, &disable, &[]).await.leads(),
        at(&maria, "")
    );
    assert_eq!(sessions(&world, maria.user.id).await, 0);
    assert_eq!(world.get(&maria, "/rest/v2/users/me").await.status, 401);
    assert!(world.page(&peer, &at(&maria, "")).await.says("Inactive"));
    world
        .submit(&peer, &at(&maria, "/enable"), &[])
        .await
        .leads();
    assert_eq!(world.get(&maria, "/rest/v2/users/me").await.status, 200);
}

#[tokio::test]
async fn nobody_shuts_the_last_superuser_out() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let own = world.submit(&peer, &at(&peer, "/disable"), &[]).await;
    assert!(own.notices().contains("would shut you out yourself"));
    assert!(
        !world
            .page(&peer, &at(&peer, ""))
            .await
            .links_to(&at(&peer, "/disable"))
    );
    let fields = [("email", "peer@example.com"), ("active", "on")];
    let own = world
        .submit(&peer, &at(&peer, "/update"), &fields)
        .await
        .shown();
    assert!(own.html.contains("id_superuser_problems"), "{}", own.text());
    // Two who do it to each other at once: the one who comes second acts as who they were.
    let maria = world.person("maria").await;
    let raise = [("superuser", "on"), ("active", "on")];
    world
        .submit(&peer, &at(&maria, "/update"), &raise)
        .await
        .leads();
    let stale = promgen_core::app::Actor::User(promgen_core::model::User {
        superuser: true,
        ..maria.user.clone()
    });
    world
        .submit(&peer, &at(&maria, "/disable"), &[])
        .await
        .leads();
    let shut = promgen_core::app::people::UserChange {
        active: Some(false),
        ..Default::default()
    };
    let refused = promgen_core::app::people::update(&world.app, &stale, peer.user.id, shut).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("last active superuser")
    );
    let merged =
        promgen_core::app::people::merge(&world.app, &stale, peer.user.id, maria.user.id).await;
    assert!(
        merged
            .unwrap_err()
            .to_string()
            .contains("last active superuser")
    );
}

#[tokio::test]
async fn sessions_of_others_are_ended_one_by_one_or_all() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(session(&world, maria.user.id, number).await);
    }
    let page = world.page(&peer, &at(&maria, "")).await.shown();
    assert!(
        page.says("192.0.2.2") && page.says("Browser <b>"),
        "{}",
        page.text()
    );
    let end = at(&maria, "/sessions/delete");
    let one = ids[1].to_string();
    let ended = world.submit(&peer, &end, &[("session", &one)]).await;
    assert_eq!(ended.leads(), at(&maria, "#sessions"));
    assert_eq!(sessions(&world, maria.user.id).await, 2);
    for nonsense in ["x", "", one.as_str()] {
        assert_eq!(
            world
                .submit(&peer, &end, &[("session", nonsense)])
                .await
                .status,
            404
        );
    }
    assert!(world.page(&peer, &end).await.shown().says("2 sessions end"));
    world.submit(&peer, &end, &[]).await.leads();
    assert_eq!(sessions(&world, maria.user.id).await, 0);
    assert_eq!(
        world.log(1).await[0].body,
        "Removed sessions from User maria"
    );
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn tokens_are_made_shown_once_and_revoked() {
    let world = World::golden().await;
    // Whoever asks by a token gives no more than that has.
    let scopes = vec![Scope::Read, Scope::Write, Scope::Alerts];
    let peer = world.with_scopes("peer", scopes).await;
    let robot = world.person("robot").await;
    let new = "/admin/token/new";
    let form = world
        .page(&peer, &format!("{new}?username=robot"))
        .await
        .shown();
    assert!(form.html.contains("value=\"robot\"") && form.says("hand in alerts"));
    for (fields, told) in [
        (
            vec![("username", "ghost"), ("scopes", "alerts")],
            "there is no user",
        ),
        (
            vec![("username", "robot")],
            "the token could be used for nothing",
        ),
        (
            vec![("username", "robot"), ("scopes", "alerts"), ("days", "-1")],
            "is no number of days",
        ),
    ] {
        let page = world.submit(&peer, new, &fields).await.shown();
        assert!(page.says(told), "{told}: {}", page.text());
    }
    let fields = [("username", "robot"), ("scopes", "alerts"), ("days", "90")];
    let made = world.submit(&peer, new, &fields).await.shown();
    assert_eq!(made.headers["cache-control"], "no-store");
    let listed = tokens::list(&world.app, &operator()).await.unwrap();
    let (token, _) = listed.last().unwrap();
    assert_eq!(
        (token.scopes.clone(), token.user),
        (vec![Scope::Alerts], robot.user.id)
    );
    assert!(token.expires.is_some());
    let text = made.text();
    let text = text
        .split(' ')
        .find(|word| word.starts_with(&token.prefix))
        .unwrap();
    assert_eq!(text.len(), 67);

    let list = world.page(&peer, "/admin/token?scope=alerts").await.shown();
    assert!(list.says(&token.prefix) && list.says("2 entries") && !list.says(text));
    let delete = format!("/admin/token/{}/delete", token.id);
    let asked = world
        .page(&peer, &format!("{delete}?next=//evil"))
        .await
        .shown();
    assert!(
        asked.html.contains("name=\"next\" value=\"/\""),
        "{}",
        asked.html
    );
    world.submit(&peer, &delete, &[]).await.leads();
    let list = world.page(&peer, "/admin/token?scope=alerts").await.shown();
    assert!(list.says("1 entry") && !list.says(&token.prefix));
    assert!(world.page(&peer, &at(&robot, "")).await.says("revoked"));
    let person = Person {
        token: text.to_owned(),
        ..robot
    };
    assert_eq!(world.get(&person, "/rest/v2/users/me").await.status, 401);
}

#[tokio::test]
async fn users_are_merged_by_their_names() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let old = world
        .with_role("old", Role::Admin, RoleOn::Service(ServiceId(1)))
        .await;
    let kept = world.person("kept").await;
    let path = "/admin/auth/user/merge/";
    let form = world.page(&peer, &format!("{path}?from=old")).await.shown();
    assert!(form.html.contains("value=\"old\""));
    let fields = |from, into| [("user_to_merge_from", from), ("user_to_merge_into", into)];
    for (from, into, field) in [
        ("ghost", "kept", "user_to_merge_from"),
        ("old", "ghost", "user_to_merge_into"),
        ("old", "old", "user_to_merge_into"),
    ] {
        let page = world.submit(&peer, path, &fields(from, into)).await.shown();
        let problems = format!("id_{field}_problems");
        assert!(
            page.html.contains(&problems),
            "{from} {into}: {}",
            page.text()
        );
    }
    let own = world
        .submit(&peer, path, &fields("peer", "kept"))
        .await
        .shown();
    assert!(own.says("this would delete you yourself"));
    let by = operator();
    let token = tokens::create(&world.app, &by, "old", vec![Scope::Write], None);
    let token = token.await.unwrap().token;
    let asked = world
        .submit(&peer, path, &fields("old", "kept"))
        .await
        .shown();
    for told in [
        "Merge old into kept?",
        "The password and the sessions of old end.",
        "1 role on a service or project: svc-000 Admin",
        "2 tokens are good for nothing:",
        &format!("{}… write", token.prefix),
    ] {
        assert!(asked.says(told), "{told}: {}", asked.text());
    }
    assert!(asked.links_to("/service/1"));
    world.page(&peer, &at(&old, "")).await.shown();
    let sure = [&fields("old", "kept")[..], &[("sure", "1")]].concat();
    let merged = world.submit(&peer, path, &sure).await;
    assert_eq!(merged.leads(), "/admin/user");
    assert!(merged.notices().contains("old is merged into kept."));
    assert_eq!(world.page(&peer, &at(&old, "")).await.status, 404);
    assert!(
        world
            .page(&peer, &at(&kept, ""))
            .await
            .links_to("/service/1")
    );
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
async fn tokens_that_ended_long_ago_are_kept_out_of_the_way() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let now = world.app.now();
    let day = std::time::Duration::from_hours(24);
    for (prefix, number, days) in [("pg_old", 1, 31), ("pg_young", 2, 29)] {
        let token = Token {
            id: TokenId(0),
            user: peer.user.id,
            scopes: vec![Scope::Read],
            prefix: prefix.to_owned(),
            created: now,
            expires: Some(now.minus(day * days)),
            last_used: None,
            revoked: None,
        };
        let tx = world.app.store().write_tx().await.unwrap();
        tx.insert_token(&token, &[number; 32]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let page = world.page(&peer, "/admin/token").await.shown();
    assert!(
        page.says("pg_young") && !page.says("pg_old"),
        "{}",
        page.text()
    );
    let all = world.page(&peer, "/admin/token?ended=yes").await.shown();
    assert!(all.says("pg_young") && all.says("pg_old"), "{}", all.text());
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
