//! What stands around every page.

use axum::body::Body;
use http::{Request, header};

use super::Pages as _;
use crate::rest::world::World;

#[tokio::test]
async fn the_browser_chooses_the_language() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let request = Request::get("/service").header(header::ACCEPT_LANGUAGE, "ja,en;q=0.5");
    let page = world.browse(Some(&superuser), request, Body::empty()).await;
    assert!(page.html.contains("<html lang=\"ja\">") && page.says("サービス"));
    let page = world.page(&superuser, "/service").await;
    assert!(page.html.contains("<html lang=\"en\">") && page.says("Services"));
}

#[tokio::test]
async fn a_notice_is_shown_once() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let fields = [("name", "Shop"), ("description", "")];
    let founded = world.submit(&superuser, "/new/service", &fields).await;
    let cookie = founded.headers["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let request = Request::get(founded.leads()).header(header::COOKIE, cookie);
    let page = world
        .browse(Some(&superuser), request, Body::empty())
        .await
        .shown();
    assert!(
        page.says("Done: Service Shop is registered."),
        "{}",
        page.text()
    );
    assert!(
        page.html.contains("data-dismiss hidden"),
        "scripts can take it away"
    );
    let taken_back = page.headers["set-cookie"].to_str().unwrap();
    assert!(taken_back.starts_with("promgen_notice=;") && taken_back.contains("Max-Age=0"));
}

#[tokio::test]
async fn pages_are_nobodys_to_keep_and_run_nothing_inline() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/service").await.shown();
    assert_eq!(page.headers["cache-control"], "no-store");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    for inline in [" style=", " onclick=", "<style", "<script>"] {
        assert!(!page.html.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn debug_is_said_on_every_page_and_tells_nothing_else() {
    let quiet = World::golden().await;
    let superuser = quiet.superuser().await;
    assert!(!quiet.page(&superuser, "/service").await.says("DEBUG"));
    let world = World::with(|settings| settings.debug = true).await;
    let superuser = world.superuser().await;
    for path in ["/service", "/profile", "/no/such/page"] {
        let page = world.page(&superuser, path).await;
        assert!(page.says("DEBUG mode"), "{path}: {}", page.text());
    }
    assert!(world.stranger("/login/").await.shown().says("DEBUG mode"));
}
