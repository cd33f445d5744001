//! Home, guide, help and profile.

use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use promgen_core::app::senders::{self, NewSender};
use promgen_core::app::{Actor, people, tokens};
use promgen_core::model::{Language, Role, RoleOn, Scope, SenderOwner, ServiceId};

use super::Pages as _;
use crate::rest::world::{Person, World, operator};

async fn subscribe(world: &World, who: &Person, owner: SenderOwner) {
    let value = who.id().to_string();
    let new = NewSender {
        driver: "promgen.notification.user",
        value: &value,
        alias: "",
        enabled: true,
        secret: None,
        filters: &[("severity".to_owned(), "<b>major</b>".to_owned())],
    };
    senders::create(&world.app, &operator(), owner, &new)
        .await
        .unwrap();
}

#[tokio::test]
async fn strangers_are_sent_to_the_login_and_find_help() {
    let world = World::golden().await;
    for (path, login) in [
        ("/", "/login/?next=%2F"),
        ("/profile", "/login/?next=%2Fprofile"),
        ("/guide", "/login/?next=%2Fguide"),
    ] {
        assert_eq!(world.stranger(path).await.leads(), login);
    }
    let help = world.stranger("/help").await.shown();
    assert!(help.links_to("/api/v1/targets") && help.links_to("/login/"));
    assert!(
        help.says("with a token that has the scope alerts"),
        "{}",
        help.text()
    );
    assert!(!help.links_to("/guide") && help.links_to("/help/changelog"));
    let changes = world.stranger("/help/changelog").await.shown();
    assert!(changes.says("Keep a Changelog") && changes.says("Unreleased"));
    assert_eq!(world.send(None, "GET", "/", None).await.status, 401);
}

#[tokio::test]
async fn home_shows_what_one_is_subscribed_to_and_sees() {
    let world = World::golden().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let empty = world.page(&viewer, "/").await.shown();
    assert!(empty.says("You are subscribed to no service yet"));
    assert!(!empty.links_to("/guide"), "nothing for them to set up");
    for service in [1, 2] {
        let owner = SenderOwner::Service(ServiceId(service));
        subscribe(&world, &viewer, owner).await;
    }
    let home = world.page(&viewer, "/").await.shown();
    assert!(home.links_to("/service/1") && !home.links_to("/service/2"));
    assert!(!home.says("active alert"), "there is no Alertmanager");
    assert!(home.says("1 entry"), "{}", home.text());
    for part in ["projects", "rules", "notifiers"] {
        assert!(home.links_to(&format!("/service/1#{part}")), "{part}");
    }
    let silence = "/silence/new?service=svc-000";
    assert!(!home.links_to(silence), "a viewer silences nothing");
    let superuser = world.superuser().await;
    subscribe(&world, &superuser, SenderOwner::Service(ServiceId(1))).await;
    let home = world.page(&superuser, "/").await.shown();
    assert!(home.links_to(silence) && !home.says("The service has no notifier"));
}

#[tokio::test]
async fn the_guide_ticks_off_what_is_there_and_can_be_put_away() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let home = world.page(&superuser, "/").await.shown();
    assert!(home.links_to("/guide") && home.posts_to("/guide/hide"));
    let guide = world.page(&superuser, "/guide").await.shown();
    let step = |id: &str| {
        let at = guide.html.find(&format!("id=\"{id}\" class=\""));
        let at = at.unwrap_or_else(|| panic!("{id}"));
        guide.html[at..].contains(&format!("id=\"{id}\" class=\"done\""))
    };
    for done in ["shard", "service", "project", "host", "exporter", "rule"] {
        assert!(step(done), "{done}");
    }
    assert!(!step("server") && !step("prometheus") && !step("alertmanager"));
    assert!(!guide.posts_to("/guide/start"), "there is a service");
    assert!(
        guide
            .html
            .contains("/api/v1/targets?shard=Default&#38;server="),
        "{}",
        guide.html
    );
    let hidden = world
        .submit(&superuser, "/guide/hide", &[("hidden", "on")])
        .await;
    assert_eq!(hidden.leads(), "/");
    assert!(!world.page(&superuser, "/").await.shown().links_to("/guide"));
    assert!(
        world
            .page(&superuser, "/guide")
            .await
            .shown()
            .says("Show it on the home page")
    );
    world.submit(&superuser, "/guide/hide", &[]).await;
    assert!(world.page(&superuser, "/").await.shown().links_to("/guide"));
}

#[tokio::test]
async fn the_guide_is_for_superusers() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    assert_eq!(world.page(&maria, "/guide").await.status, 403);
    assert_eq!(world.submit(&maria, "/guide/start", &[]).await.status, 403);
    assert_eq!(world.submit(&maria, "/guide/token", &[]).await.status, 403);
}

/// What the guide's form sends.
fn first_tree<'a>(service: &'a str, hosts: &'a str, port: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("prometheus", "http://prometheus.example.com:9090"),
        ("shard", "fresh"),
        ("service", service),
        ("project", "web <b>"),
        ("hosts", hosts),
        ("job", "node"),
        ("port", port),
    ]
}

#[tokio::test]
async fn one_form_makes_the_first_tree_or_says_all_that_is_wrong() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let wrong = first_tree("svc-000", "a b\nhttp://c", "9100");
    let refused = world
        .submit(&superuser, "/guide/start", &wrong)
        .await
        .shown();
    for field in ["service", "project", "hosts"] {
        let problems = format!("id_{field}_problems");
        assert!(
            refused.html.contains(&problems),
            "{field}: {}",
            refused.html
        );
    }
    assert!(
        refused.html.contains("web &#60;b&#62;"),
        "what was typed is kept"
    );
    let port = first_tree("shop", "a", "x");
    let refused = world
        .submit(&superuser, "/guide/start", &port)
        .await
        .shown();
    assert!(refused.html.contains("id_port_problems"));
    let mut right = first_tree("shop", "web1.example.com, web2.example.com", "9100");
    right[3] = ("project", "web");
    let made = world.submit(&superuser, "/guide/start", &right).await;
    assert_eq!(made.leads(), "/guide#rule");
    let targets = world.get(&superuser, "/api/v1/targets?shard=fresh").await;
    let targets = targets.expect(200);
    assert_eq!(targets[0]["labels"]["service"], "shop");
    let hosts = serde_json::json!(["web1.example.com:9100", "web2.example.com:9100"]);
    assert_eq!(targets[0]["targets"], hosts);
    let again = world
        .submit(&superuser, "/guide/start", &right)
        .await
        .shown();
    assert!(again.says("exists already"));
}

#[tokio::test]
async fn the_first_tree_takes_no_server_away_and_needs_an_enabled_shard() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let mut first = first_tree("shop", "web1.example.com", "9100");
    first[3] = ("project", "web");
    let made = world.submit(&superuser, "/guide/start", &first).await;
    assert_eq!(made.leads(), "/guide#rule");
    // A server of another shard is not taken away from it in passing.
    let mut other = first_tree("other", "web3.example.com", "9100");
    (other[1], other[3]) = (("shard", "elsewhere"), ("project", "other"));
    let refused = world.submit(&superuser, "/guide/start", &other).await;
    assert!(
        refused
            .shown()
            .says("is the server of the shard fresh already")
    );
    world
        .apply("promgen: 1\nshards: [{name: asleep, url: \"\", enabled: false}]")
        .await;
    let mut asleep = first_tree("other", "web3.example.com", "9100");
    asleep[0] = ("prometheus", "http://asleep.example.com:9090");
    (asleep[1], asleep[3]) = (("shard", "asleep"), ("project", "other"));
    let refused = world.submit(&superuser, "/guide/start", &asleep).await;
    assert!(refused.shown().says("shard asleep is disabled"));
}

#[tokio::test]
async fn the_profile_changes_how_pages_are_read() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let fields = |timezone, language| {
        [
            ("email", "maria@example.com"),
            ("first_name", "Mar\"ía"),
            ("last_name", "<script>"),
            ("timezone", timezone),
            ("language", language),
        ]
    };
    let wrong = fields("Mars/Base", "");
    let refused = world
        .submit(&maria, "/profile/account", &wrong)
        .await
        .shown();
    assert!(refused.html.contains("id_timezone_problems") && refused.html.contains("Mars/Base"));
    let right = fields("asia/tokyo", "ja");
    let saved = world.submit(&maria, "/profile/account", &right).await;
    assert_eq!(saved.leads(), "/profile");
    let page = world.page(&maria, "/profile").await.shown();
    assert!(page.html.contains("<html lang=\"ja\">") && page.says("プロフィール"));
    assert!(page.html.contains("value=\"Asia/Tokyo\"") && !page.html.contains("value=\"<script>"));
    // Whatever the browser asks for.
    let request = Request::get("/profile").header(header::ACCEPT_LANGUAGE, "en");
    let page = world.browse(Some(&maria), request, Body::empty()).await;
    assert!(page.html.contains("<html lang=\"ja\">"));
    let actor = Actor::User(maria.user.clone());
    let stored = people::me(&world.app, &actor).await.unwrap();
    assert_eq!(stored.language, Some(Language::Japanese));
    let back = fields("", "");
    world
        .submit(&maria, "/profile/account", &back)
        .await
        .leads();
    let page = world.page(&maria, "/profile").await.shown();
    assert!(page.html.contains("<html lang=\"en\">"), "{}", page.html);
}

#[tokio::test]
async fn a_token_is_made_shown_once_and_revoked() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let form = world.page(&maria, "/profile/token").await.shown();
    assert!(form.posts_to("/profile/token"));
    let none = world
        .submit(&maria, "/profile/token", &[("days", "30")])
        .await
        .shown();
    assert!(none.html.contains("id_scope_problems"), "{}", none.html);
    let odd = [("days", "31"), ("scope", "read")];
    assert!(
        world
            .submit(&maria, "/profile/token", &odd)
            .await
            .shown()
            .html
            .contains("id_days_problems")
    );
    let alerts = [("days", "30"), ("scope", "alerts")];
    assert_eq!(
        world.submit(&maria, "/profile/token", &alerts).await.status,
        403
    );
    let right = [("days", "30"), ("scope", "read")];
    let made = world.submit(&maria, "/profile/token", &right).await.shown();
    let at = made.html.find("<code>pg_").unwrap();
    let text: String = made.html[at + 6..]
        .chars()
        .take_while(|c| *c != '<')
        .collect();
    let own = Person {
        token: text.clone(),
        ..maria.clone()
    };
    assert_eq!(world.get(&own, "/rest/v2/services").await.status, 200);
    let page = world.page(&maria, "/profile").await.shown();
    assert!(!page.html.contains(&text) && page.html.contains(&text[..11]));
    let actor = Actor::User(maria.user.clone());
    let all = tokens::list_own(&world.app, &actor).await.unwrap();
    let token = all
        .iter()
        .find(|token| text.starts_with(&token.prefix))
        .unwrap();
    assert!(token.expires.is_some());
    let revoke = format!("/profile/token/{}/revoke", token.id);
    assert!(page.links_to(&revoke));
    let eve = world.person("eve").await;
    assert_eq!(world.page(&eve, &revoke).await.status, 404);
    assert_eq!(world.submit(&eve, &revoke, &[]).await.status, 404);
    let asked = world.page(&maria, &revoke).await.shown();
    assert!(asked.posts_to(&revoke) && asked.says(&token.prefix));
    assert_eq!(world.get(&own, "/rest/v2/services").await.status, 200);
    assert_eq!(
        world.submit(&maria, &revoke, &[]).await.leads(),
        "/profile#tokens"
    );
    assert_eq!(world.get(&own, "/rest/v2/services").await.status, 401);
}

#[tokio::test]
async fn a_token_that_has_expired_is_not_called_good() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let robot = world.person("robot").await;
    let (scopes, at_once) = (vec![Scope::Read], Some(Duration::ZERO));
    let made = tokens::create(&world.app, &operator(), "robot", scopes, at_once).await;
    let old = made.unwrap().token;
    let revoke = format!("href=\"/admin/token/{}/delete", old.id);
    for path in [
        "/admin/token".to_owned(),
        format!("/admin/user/{}", robot.id()),
    ] {
        let page = world.page(&peer, &path).await.shown();
        assert!(page.says("expired"), "{path}: {}", page.text());
        assert!(
            page.says("active") && !page.html.contains(&revoke),
            "{path}"
        );
    }
    let own = world.page(&robot, "/profile").await.shown();
    assert!(own.says("expired") && own.says(&old.prefix));
    assert!(!own.links_to(&format!("/profile/token/{}/revoke", old.id)));
    let disable = format!("/admin/user/{}/disable", robot.id());
    let asked = world.page(&peer, &disable).await.shown();
    assert!(
        asked.says("1 token is good for nothing"),
        "{}",
        asked.text()
    );
}

#[tokio::test]
async fn the_profile_shows_what_reaches_one() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    subscribe(&world, &maria, SenderOwner::Service(ServiceId(1))).await;
    let sender = "promgen.notification.webhook";
    let value = "http://hooks.example.com/x?secret=s3cret";
    let fields = |value| {
        [
            ("sender", sender),
            ("value", value),
            ("alias", "my <b>hook</b>"),
        ]
    };
    let made = world.submit(&maria, "/profile", &fields(value)).await;
    assert_eq!(made.leads(), "/profile#notifiers");
    let refused = world.submit(&maria, "/profile", &fields("nonsense")).await;
    assert!(refused.shown().html.contains("aria-invalid"));
    let page = world.page(&maria, "/profile").await.shown();
    assert!(page.links_to("/service/1") && page.says("severity"));
    assert!(page.html.contains("&#60;b&#62;major"), "{}", page.html);
    assert!(page.html.contains("my &#60;b&#62;hook") && !page.html.contains("s3cret"));
    assert!(
        !page.says("promgen.discovery"),
        "plugins are for superusers"
    );
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/profile").await.shown();
    assert!(page.says(sender) && page.html.contains("id=\"plugins\""));
}
