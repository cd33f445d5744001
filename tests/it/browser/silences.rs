//! Silences by the pages: made from a service, previewed, seen by others, and ended; with scripts and
//! without.

use promgen_tests::browser::{Browser, Role, Scripts};
use promgen_tests::sample::{PASSWORD, Sample};
use promgen_tests::wait::until;

/// Somebody in a browser, on the page of the service `shop`.
async fn at_shop(sample: &Sample, who: &str, scripts: Scripts) -> Option<Browser> {
    let browser = Browser::start(&sample.web.url, scripts).await?;
    browser.log_in(who, PASSWORD).await;
    browser.open("/service").await;
    browser.press(Role::Link, "shop").await;
    browser.says("Where customers buy.").await;
    Some(browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_silences_a_service_and_a_viewer_sees_it() {
    let Some(sample) = Sample::start("").await else {
        return;
    };
    sample.alarm().await;
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(edith) = at_shop(&sample, "edith", scripts).await else {
            return;
        };
        let comment = format!("deploy with scripts {scripts:?}");
        edith.press(Role::Link, "Silence").await;
        edith.fill("duration", "nonsense").await;
        edith.fill("comment", &comment).await;
        edith.press(Role::Button, "Create silence").await;
        edith.says("is not a duration").await;
        assert_eq!(
            edith.value("comment").await,
            comment,
            "what was typed is kept"
        );
        edith.fill("duration", "2h").await;
        edith.press(Role::Button, "Preview").await;
        edith.says("It would hide 1 alert that fires now").await;
        assert_eq!(
            edith.value("comment").await,
            comment,
            "the form is still there"
        );
        edith.press(Role::Button, "Create silence").await;
        edith.says("The silence is made").await;
        let Some(vera) = at_shop(&sample, "vera", scripts).await else {
            return;
        };
        let script = "return document.querySelector('main a[href^=\"/silence/new\"]') !== null";
        assert_eq!(
            vera.run(script, &[]).await,
            false,
            "a viewer may not silence"
        );
        vera.open("/silence").await;
        vera.says(&comment).await;
        assert!(!vera.has(Role::Link, "Expire").await);
        edith.open("/silence").await;
        edith.press_near(Role::Link, "Expire", &comment).await;
        edith.says("Expire this silence?").await;
        edith.press(Role::Button, "Expire").await;
        edith.says("The silence is over").await;
        edith.no_longer_says(&comment).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_and_go_and_hosts_have_to_be_chosen() {
    let Some(sample) = Sample::start("").await else {
        return;
    };
    let Some(edith) = at_shop(&sample, "edith", Scripts::On).await else {
        return;
    };
    edith.press(Role::Link, "checkout").await;
    let script = "const button = document.querySelector('button[data-chosen]');\n\
        if (!button || document.readyState !== 'complete') return null;\n\
        const before = button.disabled;\n\
        document.querySelector('input[name=instance]').click();\n\
        return [before, button.disabled];";
    let chosen = until("the page of the project", async || {
        let chosen = edith.run(script, &[]).await;
        (!chosen.is_null()).then_some(chosen)
    });
    assert_eq!(chosen.await, serde_json::json!([true, false]));

    edith.open("/silence/new?service=shop&instance=a").await;
    assert!(!edith.has(Role::Button, "More rows").await);
    edith.press(Role::Button, "Add matcher").await;
    let names = "return [...document.querySelectorAll('#matchers input[name$=-name]')]\n\
        .map((one) => one.value)";
    let now = edith.run(names, &[]).await;
    assert_eq!(now, serde_json::json!(["service", "instance", "", ""]));
    let remove = "document.querySelectorAll('[data-remove-row]')[1].click()";
    edith.run(remove, &[]).await;
    let now = edith.run(names, &[]).await;
    assert_eq!(now, serde_json::json!(["service", "", ""]));
    edith.press(Role::Button, "Create silence").await;
    edith.says("The silence is made").await;
    edith.no_longer_says("instance").await;
    assert_eq!(edith.complaints().await, Vec::<String>::new());
}
