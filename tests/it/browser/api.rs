//! The page on which the REST API is tried out: it shows the document of this server.

use promgen_tests::browser::{Browser, Scripts};
use promgen_tests::sample::{PASSWORD, ROOT, quiet};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_api_shows_what_this_server_answers() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let Some(browser) = Browser::start(&web.url, Scripts::On).await else {
        return;
    };
    browser.log_in(ROOT, PASSWORD).await;
    browser.open("/rest/v2/docs/").await;
    browser.says("/rest/v2/alerts/{id}/explain").await;
    browser.says("Who would hear about an alert").await;
}
