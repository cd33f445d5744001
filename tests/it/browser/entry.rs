//! Coming in and going, in a browser.

use promgen_tests::browser::{Browser, Role, Scripts};
use promgen_tests::sample::{PASSWORD, ROOT, quiet};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_in_and_goes_with_and_without_scripts() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::start(&web.url, scripts).await else {
            return;
        };
        browser.open("/profile").await;
        browser.gets_to("/login/?next=%2Fprofile").await;
        browser.fill("username", ROOT).await;
        browser.fill("password", "wrong").await;
        browser.press(Role::Button, "Log in").await;
        browser.says("do not belong together").await;
        assert_eq!(
            browser.value("username").await,
            ROOT,
            "what was typed is kept"
        );
        browser.fill("password", PASSWORD).await;
        browser.press(Role::Button, "Log in").await;
        browser.gets_to("/profile").await;
        // The menu is called after whoever is in.
        browser.press(Role::Button, ROOT).await;
        browser.press(Role::Button, "Log out").await;
        browser.gets_to("/login/?next=%2F").await;
        let complaints = browser.complaints().await;
        assert!(
            complaints.iter().all(|one| one.contains("status of 4")),
            "{complaints:?}"
        );
    }
}
