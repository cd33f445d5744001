//! `OpenID` Connect, with a real provider.
//!
//! What no honest provider sends (wrong signatures, audiences, nonces, times) is tried in
//! `promgen-plugins/src/auth/oidc/tests.rs`.

use promgen_core::app::Actor;
use promgen_core::app::login;
use promgen_tests::oidc::{CLIENT, Provider, SECRET};
use reqwest::Url;
use serde_json::json;

use super::browser::location;
use super::world::PASSWORD;
use super::{Browser, World};

/// A provider, and a Promgen that knows it.
struct Both {
    provider: Provider,
    world: World,
}

impl Both {
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let provider = Provider::start(folder.path()).await?;
        let world = World::in_folder(folder, &settings(&provider.issuer)).await;
        Some(Self { provider, world })
    }

    /// A browser in which somebody has agreed at the provider: the address to come back to.
    async fn agreed(&self, browser: &mut Browser, sub: &str, next: &str) -> String {
        let begun = browser.get(&format!("/login/oidc/?next={next}")).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        // The provider has cookies of its own.
        let mut there = Browser::new(&self.provider.issuer);
        let asked = there.get(location(&begun)).await;
        let form = location(&asked).to_owned();
        let fields = [("prompt", "login"), ("login", sub), ("password", "any")];
        let signed_in = there.post(&form, &fields).await;
        let back = there.get(location(&signed_in)).await;
        location(&back).to_owned()
    }

    async fn log_in(&self, browser: &mut Browser, sub: &str) -> u16 {
        let back = self.agreed(browser, sub, "/").await;
        browser.get(&back).await.status
    }
}

fn settings(issuer: &str) -> String {
    format!(
        "login: {{backends: [oidc, password]}}\n\
         promgen.auth.oidc: {{issuer: '{issuer}', client_id: {CLIENT}, client_secret: {SECRET}}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_in_by_a_real_provider() {
    let Some(both) = Both::start().await else {
        return;
    };
    let world = &both.world;
    world.group("ops").await;
    let claims = json!({
        "preferred_username": "maria", "email": "maria@example.com", "email_verified": true,
        "given_name": "Maria", "family_name": "de Souza", "groups": ["ops"],
    });
    both.provider.account("sub-1", &claims).await;
    let mut browser = world.browser();
    let page = browser.get("/login/").await.text();
    assert!(
        page.contains("Sign in with OpenID Connect") && page.contains("<form"),
        "{page}"
    );
    let back = both.agreed(&mut browser, "sub-1", "/service/1").await;
    let entered = browser.get(&back).await;
    assert_eq!(
        (entered.status, location(&entered)),
        (303, "/service/1"),
        "{}",
        entered.text()
    );
    assert!(browser.is_in().await);
    assert_eq!(browser.cookie("promgen_login"), "", "it has served");
    let maria = world.find("maria").await;
    assert_eq!(maria.email, "maria@example.com");
    assert_eq!(
        (maria.first_name.as_str(), maria.last_name.as_str()),
        ("Maria", "de Souza")
    );
    assert_eq!(world.groups_of("maria").await, ["ops"]);
    both.provider
        .account(
            "sub-1",
            &json!({"preferred_username": "renamed", "groups": []}),
        )
        .await;
    assert_eq!(both.log_in(&mut world.browser(), "sub-1").await, 303);
    assert_eq!(
        world.usernames().await,
        ["maria"],
        "the subject is the same"
    );
    assert!(world.groups_of("maria").await.is_empty());
    both.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_an_address_of_somebody_else_opens_no_account() {
    let Some(both) = Both::start().await else {
        return;
    };
    let world = &both.world;
    let root = world.user("root", Some(PASSWORD)).await;
    let mut with_address = root.clone();
    with_address.email = "root@example.com".to_owned();
    let tx = world.app.store().write_tx().await.unwrap();
    tx.update_user(&with_address).await.unwrap();
    tx.commit().await.unwrap();
    for (sub, verified, email) in [("sub-1", true, "root@example.com"), ("sub-2", false, "")] {
        let claims = json!({
            "preferred_username": "root", "email": "root@example.com", "email_verified": verified,
        });
        both.provider.account(sub, &claims).await;
        assert_eq!(both.log_in(&mut world.browser(), sub).await, 303);
        let made = world.find(if verified { "root2" } else { "root3" }).await;
        assert!(!made.superuser);
        assert_eq!(made.email, email, "what is not verified is not kept");
    }
    assert_eq!(world.sessions_of(root.id).await, 0);
    both.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_browser_that_began_completes_and_only_once() {
    let Some(both) = Both::start().await else {
        return;
    };
    let world = &both.world;
    both.provider
        .account("sub-1", &json!({"preferred_username": "maria"}))
        .await;
    let mut browser = world.browser();
    let back = both.agreed(&mut browser, "sub-1", "/").await;
    let mut stranger = world.browser();
    assert_eq!(stranger.get(&back).await.status, 422, "another browser");
    let mut wrong = Url::parse(&back).unwrap();
    let kept = browser.cookie("promgen_login").to_owned();
    let query: Vec<(String, String)> = wrong.query_pairs().into_owned().collect();
    wrong
        .query_pairs_mut()
        .clear()
        .extend_pairs(query.iter().map(|(name, value)| {
            let value = if name == "state" { "x" } else { value };
            (name, value)
        }));
    assert_eq!(
        browser.get(wrong.as_str()).await.status,
        422,
        "another state"
    );
    assert!(world.usernames().await.is_empty());
    browser.plant("promgen_login", &kept);
    assert_eq!(browser.get(&back).await.status, 303);
    let mut replay = world.browser();
    replay.plant("promgen_login", &kept);
    assert_eq!(
        replay.get(&back).await.status,
        422,
        "the provider takes a code once"
    );
    // A code of one login does not fit the proof (PKCE) and the nonce of another.
    let (mut mine, mut theirs) = (world.browser(), world.browser());
    let code = both.agreed(&mut theirs, "sub-1", "/").await;
    let own = both.agreed(&mut mine, "sub-1", "/").await;
    let part = |url: &str, name: &str| -> String {
        let url = Url::parse(url).unwrap();
        let mut pairs = url.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .unwrap()
            .1
            .into_owned()
    };
    let mixed = own.replace(&part(&own, "code"), &part(&code, "code"));
    assert_eq!(
        mine.get(&mixed).await.status,
        422,
        "the code of another login"
    );
    both.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_takes_too_long_begins_again() {
    let Some(both) = Both::start().await else {
        return;
    };
    let mut browser = both.world.browser();
    let back = both.agreed(&mut browser, "sub-1", "/").await;
    both.world.pass(std::time::Duration::from_mins(11));
    let late = browser.get(&back).await;
    assert_eq!(late.status, 422);
    assert!(late.text().contains("too long ago"), "{}", late.text());
    both.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_under_another_name_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(provider) = Provider::start(folder.path()).await else {
        return;
    };
    let other_name = provider.issuer.replace("127.0.0.1", "localhost");
    let world = World::in_folder(folder, &settings(&other_name)).await;
    let failed = world.browser().get("/login/oidc/").await;
    assert_eq!(failed.status, 502, "{}", failed.text());
    drop(provider);
    let gone = world.browser().get("/login/oidc/").await;
    assert_eq!(gone.status, 502);
    assert!(gone.text().contains("<form"), "the other ways stay open");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_in_links_an_identity_and_takes_it_back() {
    let Some(both) = Both::start().await else {
        return;
    };
    let world = &both.world;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    browser.log_in("maria", PASSWORD).await;
    assert_eq!(both.log_in(&mut browser, "sub-1").await, 303);
    assert_eq!(world.usernames().await, ["maria"], "no second account");
    let actor = Actor::User(maria.clone());
    let linked = login::identities(&world.app, &actor).await.unwrap();
    assert_eq!(
        (linked[0].issuer.as_str(), linked[0].subject.as_str()),
        (both.provider.issuer.as_str(), "sub-1")
    );
    assert_eq!(both.log_in(&mut world.browser(), "sub-1").await, 303);
    let mut eve = world.browser();
    world.user("eve", Some(PASSWORD)).await;
    eve.log_in("eve", PASSWORD).await;
    assert_eq!(both.log_in(&mut eve, "sub-1").await, 422, "it is Maria's");
    assert_eq!(
        world.browser().post("/disconnect/oidc/", &[]).await.status,
        401
    );
    let mut browser = world.browser();
    browser.log_in("maria", PASSWORD).await;
    assert_eq!(
        browser.post("/disconnect/oidc/", &[]).await.status,
        403,
        "no form token"
    );
    let token = browser.cookie("csrftoken").to_owned();
    let fields = [("csrfmiddlewaretoken", token.as_str())];
    let profile = browser.get("/profile").await;
    assert!(profile.text().contains("href=\"/disconnect/oidc/\""));
    let asked = browser.get("/disconnect/oidc/").await;
    let named = format!("{}: sub-1", both.provider.issuer);
    assert!(asked.text().contains("action=\"/disconnect/oidc/\"") && asked.text().contains(&named));
    let done = browser.post("/disconnect/oidc/", &fields).await;
    assert_eq!(done.status, 303);
    assert_eq!(location(&done), "/profile#identities");
    let profile = browser.get("/profile").await;
    assert!(
        profile
            .text()
            .contains("href=\"/login/oidc/?next=%2Fprofile\"")
    );
    assert_eq!(login::identities(&world.app, &actor).await.unwrap(), []);
    assert_eq!(browser.post("/disconnect/oidc/", &fields).await.status, 404);
    assert_eq!(browser.get("/disconnect/oidc/").await.status, 404);
    both.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_backends_that_are_none_lead_nowhere() {
    let world = World::start("").await;
    for path in [
        "/login/oidc/",
        "/login/password/",
        "/login/nonsense/",
        "/complete/oidc/?code=x&state=y",
        "/complete/x%3b%20Domain=evil/",
    ] {
        assert_eq!(world.browser().get(path).await.status, 404, "{path}");
    }
    world.finish().await;
}
