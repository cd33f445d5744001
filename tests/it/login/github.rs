//! GitHub, by a strict stand-in for its API.

use promgen_tests::github::{CLIENT, GitHub, SECRET};
use serde_json::json;

use super::World;
use super::browser::location;

async fn world(github: &GitHub) -> World {
    let url = &github.url;
    // In the words of the original's settings, but for the addresses.
    World::start(&format!(
        "django:\n  \
           AUTHENTICATION_BACKENDS: [social_core.backends.github_enterprise.GithubEnterpriseOAuth2]\n  \
           SOCIAL_AUTH_GITHUB_ENTERPRISE_URL: {url}\n  \
           SOCIAL_AUTH_GITHUB_ENTERPRISE_API_URL: {url}/api/v3/\n  \
           SOCIAL_AUTH_GITHUB_ENTERPRISE_KEY: {CLIENT}\n  \
           SOCIAL_AUTH_GITHUB_ENTERPRISE_SECRET: {SECRET}\n"
    ))
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_a_person_keeps_the_account_whatever_they_are_called() {
    let github = GitHub::start().await;
    let world = world(&github).await;
    let mut told = Vec::new();
    for (id, login) in [(1, "maria"), (1, "mariana"), (2, "maria")] {
        let emails = json!([{"email": "m@example.com", "primary": true, "verified": true, "visibility": null}]);
        github.sign_in(json!({"id": id, "login": login, "name": null}), emails);
        let mut browser = world.browser();
        assert!(
            !browser.get("/login/").await.text().contains("<form"),
            "no password backend"
        );
        let begun = browser.get("/login/github/?next=/shard/1").await;
        let back = github.agree(location(&begun));
        assert!(
            back.starts_with(&format!("{}/complete/github/?", world.url)),
            "{back}"
        );
        let entered = browser.get(&back).await;
        assert_eq!(
            (entered.status, location(&entered)),
            (303, "/shard/1"),
            "{}",
            entered.text()
        );
        told.push(world.usernames().await);
    }
    assert_eq!(
        told,
        [vec!["maria"], vec!["maria"], vec!["maria", "maria2"]]
    );
    assert_eq!(world.find("maria").await.email, "m@example.com");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once() {
    let github = GitHub::start().await;
    let world = world(&github).await;
    github.sign_in(json!({"id": 1, "login": "maria"}), json!([]));
    let mut browser = world.browser();
    let begun = browser.get("/login/github/").await;
    let kept = browser.cookie("promgen_login").to_owned();
    let back = github.agree(location(&begun));
    assert_eq!(browser.get(&back).await.status, 303);
    let mut replay = world.browser();
    replay.plant("promgen_login", &kept);
    let refused = replay.get(&back).await;
    assert_eq!(refused.status, 422);
    assert!(
        !refused.text().contains("bad_verification_code"),
        "the log has the reason"
    );
    world.finish().await;
}
