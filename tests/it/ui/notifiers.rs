//! Notifiers: registered by forms that drivers describe, filtered, switched, tried, deleted.

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::{Role, RoleOn, SenderOwner, ServiceId};

use super::Pages as _;
use crate::rest::world::{Person, World};

const WEBHOOK: &str = "promgen.notification.webhook";

async fn cast(world: &World) -> (Person, Person) {
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    (viewer, editor)
}

/// The newest notifier of service 1, as it is stored.
async fn newest(world: &World) -> promgen_core::model::Sender {
    let tx = world.app.store().read_tx().await.unwrap();
    let owner = SenderOwner::Service(ServiceId(1));
    tx.list_senders_of(owner).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn every_driver_has_its_form_and_a_refused_one_is_shown_again() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let path = "/service/1/notifier";
    let page = world.page(&editor, path).await.shown();
    for driver in world.app.registry().notifiers() {
        assert!(
            page.html.contains(&format!("value=\"{}\"", driver.key)),
            "{}",
            driver.key
        );
    }
    assert_eq!(world.page(&viewer, path).await.status, 403);
    let fields = [
        ("sender", WEBHOOK),
        ("value", "no <url>"),
        ("alias", "on-call"),
    ];
    let refused = world.submit(&editor, path, &fields).await.shown();
    assert!(
        refused.html.contains("aria-invalid=\"true\"") && refused.html.contains("no &#60;url&#62;")
    );
    assert!(
        refused.html.contains("value=\"on-call\""),
        "what was typed is kept"
    );
    assert_eq!(world.submit(&viewer, path, &fields).await.status, 403);

    let fields = [
        ("sender", WEBHOOK),
        ("value", "https://hook.example/secret"),
        ("alias", "<b>on-call</b>"),
        ("filter.name", "severity"),
        ("filter.value", "critical"),
    ];
    let made = world.submit(&editor, path, &fields).await;
    assert_eq!(made.leads(), "/service/1#notifiers");
    let sender = newest(&world).await;
    assert_eq!((sender.driver.as_str(), sender.filters.len()), (WEBHOOK, 1));
    let page = world.page(&viewer, "/service/1").await.shown();
    assert!(
        page.says("<b>on-call</b>") && page.says("severity"),
        "{}",
        page.text()
    );
    assert!(
        !page.html.contains("hook.example"),
        "the alias hides the value"
    );
    assert!(!page.posts_to(&format!("/notifier/{}/toggle", sender.id)));
}

#[tokio::test]
async fn a_user_is_chosen_by_name() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    let maria = world.person("maria").await;
    let user = |name| [("sender", "promgen.notification.user"), ("value", name)];
    let made = world
        .submit(&editor, "/service/1/notifier", &user("maria"))
        .await;
    assert_eq!(made.leads(), "/service/1#notifiers");
    assert_eq!(newest(&world).await.value, maria.user.id.to_string());
    let refused = world
        .submit(&editor, "/service/1/notifier", &user("nobody-there"))
        .await;
    assert!(refused.shown().says("there is no active user"));
}

#[tokio::test]
async fn a_user_whose_name_is_a_number_is_chosen_by_it() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    let maria = world.person("maria").await;
    let number = maria.user.id.to_string();
    let user = |name| [("sender", "promgen.notification.user"), ("value", name)];
    let path = "/service/1/notifier";
    assert!(
        world
            .page(&editor, path)
            .await
            .shown()
            .html
            .contains("<option value=\"maria\"")
    );
    world.submit(&editor, path, &user(&number)).await.leads();
    assert_eq!(newest(&world).await.value, number, "an id, as ever");
    let named = world.person(&number).await;
    world.submit(&editor, path, &user(&number)).await.leads();
    assert_eq!(newest(&world).await.value, named.user.id.to_string());
}

#[tokio::test]
async fn users_are_shown_by_their_names() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let maria = world.person("maria").await;
    let user = [("sender", "promgen.notification.user"), ("value", "maria")];
    for path in ["/service/1/notifier", "/project/1/notifier"] {
        world.submit(&superuser, path, &user).await.leads();
    }
    let host = "/host/host-000-00-000.example.com";
    for path in ["/service/1", "/project/1", host] {
        let page = world.page(&superuser, path).await.shown();
        assert!(page.says("maria"), "{path}: {}", page.text());
        let number = format!("user: {}", maria.user.id);
        assert!(!page.says(&number), "{path}: {}", page.text());
    }
    let sender = format!("/notifier/{}", newest(&world).await.id);
    assert!(world.page(&superuser, &sender).await.shown().says("maria"));
}

#[tokio::test]
async fn more_notifiers_than_a_page_has_come_on_the_next() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    for number in 0..51 {
        let value = format!("https://hook.example/{number}");
        let alias = format!("hook-{number:02}");
        let fields = [("sender", WEBHOOK), ("value", &*value), ("alias", &*alias)];
        world
            .submit(&editor, "/service/1/notifier", &fields)
            .await
            .leads();
    }
    let first = world.page(&editor, "/service/1").await.shown();
    assert!(first.links_to("/service/1?notifiers=2#notifiers") && !first.says("hook-50"));
    let path = "/service/1?notifiers=2";
    let second = world.page(&editor, path).await.shown();
    assert!(second.says("hook-50"), "{}", second.text());
    assert!(
        second
            .html
            .contains("name=\"next\" value=\"/service/1?notifiers=2#notifiers\""),
        "a switch leads back to its page"
    );
    // The table on the page of a project has pages of its own.
    let project = world.page(&editor, "/project/1").await.shown();
    assert!(project.links_to("/project/1?above=2#notifiers"));
    let further = world.page(&editor, "/project/1?above=2").await.shown();
    assert!(further.says("hook-50"), "{}", further.text());
}

#[tokio::test]
async fn two_clicks_on_one_switch_do_what_the_first_said() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    let toggle = format!("/notifier/{}/toggle", newest(&world).await.id);
    for _ in 0..2 {
        world
            .submit(&editor, &toggle, &[("enabled", "off")])
            .await
            .leads();
        assert!(!newest(&world).await.enabled);
    }
    world
        .submit(&editor, &toggle, &[("enabled", "on")])
        .await
        .leads();
    assert!(newest(&world).await.enabled);
}

#[tokio::test]
async fn filters_alias_and_switch_are_changed_on_its_page() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let id = newest(&world).await.id;
    let path = format!("/notifier/{id}");
    let add = [("filter.name", "team"), ("filter.value", "<red>")];
    assert_eq!(world.submit(&editor, &path, &add).await.leads(), path);
    let page = world.page(&editor, &path).await.shown();
    assert!(page.says("team") && page.says("<red>"), "{}", page.text());
    let bad = [("filter.name", "no label"), ("filter.value", "x")];
    let refused = world.submit(&editor, &path, &bad).await.shown();
    assert!(refused.html.contains("class=\"bad\"") && refused.html.contains("value=\"no label\""));
    let filter = newest(&world).await.filters[0].id.to_string();
    world
        .submit(&editor, &path, &[("filter.pk", &filter)])
        .await
        .leads();
    assert!(newest(&world).await.filters.is_empty());

    world
        .submit(&editor, &path, &[("alias", "mail")])
        .await
        .leads();
    assert_eq!(newest(&world).await.alias, "mail");
    let refused = world.submit(&editor, &path, &[("alias", "")]).await.shown();
    assert!(refused.says("cannot be taken away"), "{}", refused.text());

    let toggle = format!("{path}/toggle");
    assert_eq!(
        world.submit(&editor, &toggle, &[]).await.leads(),
        "/service/1#notifiers"
    );
    assert!(!newest(&world).await.enabled);
    let back = world
        .submit(&editor, &toggle, &[("next", "//evil.example/")])
        .await;
    assert_eq!(back.leads(), "/", "nowhere but here");
    assert!(newest(&world).await.enabled);
    for change in [&path, &toggle] {
        assert_eq!(
            world.submit(&viewer, change, &add).await.status,
            403,
            "{change}"
        );
    }
    let seen = world.page(&viewer, &path).await.shown();
    assert!(!seen.posts_to(&toggle) && !seen.posts_to(&path));
}

#[tokio::test]
async fn whoever_takes_json_is_told_where_to_go() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    let path = format!("/notifier/{}/toggle", newest(&world).await.id);
    let answer = world
        .json(&editor, "POST", &path, serde_json::json!({}))
        .await;
    assert_eq!(answer.expect(200)["redirect"], "/service/1#notifiers");
}

#[tokio::test]
async fn a_test_shows_what_came_of_it() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    // The guard of outgoing requests keeps this one from being made.
    world
        .submit(
            &editor,
            "/service/1/notifier",
            &[("sender", WEBHOOK), ("value", "http://127.0.0.1:1/nobody")],
        )
        .await
        .leads();
    let path = format!("/notifier/{}/test", newest(&world).await.id);
    let page = world.submit(&editor, &path, &[]).await.shown();
    assert!(
        page.says("failed") && page.links_to("/service/1#notifiers"),
        "{}",
        page.text()
    );
    assert_eq!(world.submit(&viewer, &path, &[]).await.status, 403);
}

#[tokio::test]
async fn deleting_asks_first() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let sender = newest(&world).await;
    let path = format!("/notifier/{}/delete", sender.id);
    let asked = world.page(&editor, &path).await.shown();
    assert!(asked.says("Delete this notifier?") && asked.posts_to(&path));
    assert_eq!(world.page(&viewer, &path).await.status, 403);
    assert_eq!(world.submit(&viewer, &path, &[]).await.status, 403);
    assert_eq!(
        world.submit(&editor, &path, &[]).await.leads(),
        "/service/1#notifiers"
    );
    assert_ne!(newest(&world).await.id, sender.id);
}

#[tokio::test]
async fn whoever_sees_a_service_subscribes_and_ends_that() {
    let world = World::golden().await;
    let (viewer, _) = cast(&world).await;
    let page = world.page(&viewer, "/service/1").await.shown();
    assert_eq!(
        page.html.matches("action=\"/service/1/subscribe\"").count(),
        2,
        "in the menu, and in the tab"
    );
    let done = world.submit(&viewer, "/service/1/subscribe", &[]).await;
    assert_eq!(done.leads(), "/service/1#notifiers");
    assert!(
        world
            .page(&viewer, "/service/1")
            .await
            .shown()
            .says("Unsubscribe")
    );
    let own = newest(&world).await;
    assert_eq!(own.value, viewer.user.id.to_string());
    // Their own they may change, try, switch and delete, without the role that takes for others.
    let path = format!("/notifier/{}", own.id);
    let listed = world.page(&viewer, "/service/1").await.shown();
    let off = format!("{path}/toggle?next=%2Fservice%2F1%23notifiers");
    assert!(listed.links_to(&off) && listed.posts_to(&format!("{path}/test")));
    let shown = world.page(&viewer, &path).await.shown();
    assert!(shown.posts_to(&path) && shown.posts_to(&format!("{path}/test")));
    world.page(&viewer, &off).await.shown();
    let add = [("filter.name", "team"), ("filter.value", "red")];
    world.submit(&viewer, &path, &add).await.leads();
    assert_eq!(newest(&world).await.filters.len(), 1);
    let off = [("enabled", "off")];
    world
        .submit(&viewer, &format!("{path}/toggle"), &off)
        .await
        .leads();
    assert!(!newest(&world).await.enabled);
    world
        .submit(&viewer, &format!("{path}/test"), &[])
        .await
        .shown();
    let profile = world.page(&viewer, "/profile").await.shown();
    assert!(profile.links_to(&path) && profile.posts_to(&format!("{path}/test")));
    let delete = format!("/notifier/{}/delete", own.id);
    assert!(world.page(&viewer, &delete).await.shown().posts_to(&delete));
    world
        .submit(&viewer, "/service/1/subscribe", &[("end", "1")])
        .await
        .leads();
    assert_ne!(newest(&world).await.id, own.id);
    assert_eq!(
        world
            .submit(&viewer, "/service/2/subscribe", &[])
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn personal_notifiers_are_ones_own() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let page = world.page(&viewer, "/profile/notifier").await.shown();
    assert!(
        !page.html.contains("value=\"promgen.notification.user\""),
        "no user behind a user"
    );
    let mail = [
        ("sender", "promgen.notification.email"),
        ("value", "me@example.com"),
    ];
    let made = world.submit(&viewer, "/profile/notifier", &mail).await;
    assert_eq!(made.leads(), "/profile#notifiers");
    let tx = world.app.store().read_tx().await.unwrap();
    let own = tx
        .list_senders_of(SenderOwner::User(viewer.user.id))
        .await
        .unwrap();
    drop(tx);
    let path = format!("/notifier/{}", own.last().unwrap().id);
    assert!(
        world
            .page(&viewer, &path)
            .await
            .shown()
            .says("me@example.com")
    );
    assert_eq!(world.page(&editor, &path).await.status, 403);
}

#[tokio::test]
async fn a_toggle_by_a_script_gets_the_page_again() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    let path = format!("/notifier/{}/toggle", newest(&world).await.id);
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, "http://promgen/service/1");
    let answer = world.browse(Some(&editor), request, Body::empty()).await;
    assert_eq!(answer.leads(), "/service/1#notifiers");
}

#[tokio::test]
async fn what_is_there_already_is_not_told_as_new() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let path = "/service/1/notifier";
    let fields = [("sender", WEBHOOK), ("value", "https://hook.example/x")];
    let made = world.submit(&editor, path, &fields).await;
    assert!(made.notices().contains("\"success\""), "{}", made.notices());
    let again = world.submit(&editor, path, &fields).await;
    let told = again.notices();
    assert!(
        told.contains("\"info\"") && told.contains("is there already"),
        "{told}"
    );
    for word in ["success", "info"] {
        let done = world.submit(&viewer, "/service/1/subscribe", &[]).await;
        assert!(done.notices().contains(word), "{}", done.notices());
    }
}

#[tokio::test]
async fn a_form_without_a_driver_comes_back_with_a_word() {
    let world = World::golden().await;
    let (_, editor) = cast(&world).await;
    for (driver, word) in [
        (None, "no driver is chosen"),
        (Some("no.such.driver"), "is no driver of this program"),
    ] {
        let fields: Vec<_> = driver.into_iter().map(|key| ("sender", key)).collect();
        let refused = world
            .submit(&editor, "/service/1/notifier", &fields)
            .await
            .shown();
        assert!(refused.says(word), "{}", refused.text());
    }
}

#[tokio::test]
async fn filters_are_changed_in_the_row_and_taken_away_after_asking() {
    let world = World::golden().await;
    let (viewer, editor) = cast(&world).await;
    let path = format!("/notifier/{}", newest(&world).await.id);
    let add = [
        ("filter.name", "team"),
        ("filter.value", "red"),
        ("next", "/service/1#notifiers"),
    ];
    let page = world.page(&editor, "/service/1").await.shown();
    assert!(page.posts_to(&path), "a form in the row");
    assert_eq!(
        world.submit(&editor, &path, &add).await.leads(),
        "/service/1#notifiers"
    );
    let filter = newest(&world).await.filters[0].id;
    let ask = format!("{path}/filters/{filter}");
    let page = world.page(&editor, "/service/1").await.shown();
    let link = format!("{ask}?next=%2Fservice%2F1%23notifiers");
    assert!(page.links_to(&link), "{}", page.html);
    assert!(
        !world
            .page(&viewer, "/service/1")
            .await
            .shown()
            .links_to(&link)
    );
    let asked = world.page(&editor, &link).await.shown();
    assert!(
        asked.posts_to(&path) && asked.says("team: red") && asked.says("gets every alert"),
        "{}",
        asked.text()
    );
    assert_eq!(world.page(&viewer, &ask).await.status, 403);
    assert!(
        !newest(&world).await.filters.is_empty(),
        "it was only asked"
    );
    let shown = world.page(&editor, &path).await.shown();
    assert!(shown.links_to(&ask), "on its page too");
    let pk = filter.to_string();
    world
        .submit(&editor, &path, &[("filter.pk", &pk)])
        .await
        .leads();
    assert_eq!(world.page(&editor, &ask).await.status, 404);
}
