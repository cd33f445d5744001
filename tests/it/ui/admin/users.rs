//! `/admin/user`: accounts.

use promgen_core::app::tokens;
use promgen_core::model::{Role, RoleOn, Scope, ServiceId};

use super::{at, session, sessions};
use crate::rest::world::{World, operator};
use crate::ui::Pages as _;

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
