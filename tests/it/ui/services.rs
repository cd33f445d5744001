//! `/service`

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::{Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::World;

#[tokio::test]
async fn one_sees_the_services_on_which_one_has_a_role() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let viewer = world
        .with_role("viewer-of-one", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    let all = world.page(&superuser, "/service").await.shown();
    let some = world.page(&viewer, "/service").await.shown();
    assert!(all.links_to("/service/1") && all.links_to("/service/2"));
    assert!(some.links_to("/service/1") && !some.links_to("/service/2"));
    assert!(some.says("1 entry"), "{}", some.text());
    assert_eq!(world.page(&viewer, "/service/2").await.status, 403);
    assert_eq!(world.page(&viewer, "/service/999").await.status, 404);
}

#[tokio::test]
async fn a_service_is_founded_changed_and_deleted_by_forms() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    assert!(
        world
            .page(&maria, "/new/service")
            .await
            .shown()
            .posts_to("/new/service")
    );
    let fields = [("name", "Shop & <b>"), ("description", "sells")];
    let refused = world.submit(&maria, "/new/service", &fields).await.shown();
    assert!(refused.says("Shop & <b>") || refused.html.contains("Shop &#38; &#60;b&#62;"));
    assert!(
        refused.html.contains("aria-invalid=\"true\""),
        "{}",
        refused.html
    );

    let fields = [("name", "Shop"), ("description", "sells")];
    let founded = world.submit(&maria, "/new/service", &fields).await;
    let path = founded.leads().to_owned();
    assert!(founded.notices().contains("Service Shop is registered."));
    let page = world.page(&maria, &path).await.shown();
    assert!(page.says("sells") && page.links_to(&format!("{path}/delete")));

    let update = format!("{path}/update");
    let fields = [("name", "Store"), ("description", "sells more")];
    assert_eq!(world.submit(&maria, &update, &fields).await.leads(), path);
    assert!(world.page(&maria, &path).await.shown().says("sells more"));

    let links = [("description", "see https://shop.example/a?b=c&d\nfor more")];
    world.submit(&maria, &update, &links).await.leads();
    for page in [path.as_str(), "/service", "/"] {
        let shown = world.page(&maria, page).await.shown();
        let link = "https://shop.example/a?b=c&#38;d";
        assert!(shown.links_to(link), "{page}: {}", shown.html);
    }

    let delete = format!("{path}/delete");
    let asked = world.page(&maria, &delete).await.shown();
    assert!(asked.says("Delete service Store?") && asked.posts_to(&delete));
    assert_eq!(world.submit(&maria, &delete, &[]).await.leads(), "/service");
    assert_eq!(world.page(&maria, &path).await.status, 404);
}

#[tokio::test]
async fn superusers_choose_the_owner_and_nobody_else_does() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let maria = world.person("maria").await;
    let fields = |name, owner| [("name", name), ("description", ""), ("owner", owner)];
    let made = world
        .submit(&superuser, "/new/service", &fields("hers", "maria"))
        .await;
    let page = world.page(&maria, made.leads()).await.shown();
    assert!(page.says("Owner: maria") && page.links_to(&format!("{}/delete", made.leads())));
    let refused = world
        .submit(&maria, "/new/service", &fields("his", "peer"))
        .await;
    assert!(
        refused
            .shown()
            .says("you do not have permission to choose the owner")
    );
    let nul = world
        .submit(&maria, "/new/service", &fields("a\0b", ""))
        .await;
    assert_eq!(nul.status, 400);
    assert!(nul.says("holds a NUL character"));
}

#[tokio::test]
async fn buttons_are_for_those_who_may_use_them() {
    let world = World::golden().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    let seen = world.page(&viewer, "/service/1").await.shown();
    assert!(!seen.links_to("/service/1/update") && !seen.links_to("/service/1/delete"));
    let edited = world.page(&editor, "/service/1").await.shown();
    assert!(edited.links_to("/service/1/update") && !edited.links_to("/service/1/delete"));
    assert_eq!(world.page(&viewer, "/service/1/update").await.status, 403);
    assert_eq!(world.page(&editor, "/service/1/delete").await.status, 403);
    let refused = world
        .submit(&viewer, "/service/1/update", &[("name", "Mine")])
        .await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn the_owner_is_named_by_user_name_and_must_exist() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    world.person("maria").await;
    let fields = |owner| [("name", "renamed"), ("description", ""), ("owner", owner)];
    let refused = world
        .submit(&superuser, "/service/1/update", &fields("nobody-there"))
        .await;
    assert!(refused.shown().html.contains("id_owner_problems"));
    let taken = world
        .submit(&superuser, "/service/1/update", &fields("maria"))
        .await;
    assert_eq!(taken.leads(), "/service/1");
    let page = world.page(&superuser, "/service/1").await.shown();
    assert!(page.says("Owner: maria"), "{}", page.text());
}

#[tokio::test]
async fn rules_that_still_mention_the_old_name_are_linked() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let mut rules = Vec::new();
    for number in 0..4 {
        let name = format!("Mentions{number}");
        let fields = [
            ("name", name.as_str()),
            ("clause", "up{service=\"svc-000\",job=~\"svc-000.*\"} == 0"),
            ("duration", "5m"),
            ("enabled", "on"),
        ];
        let made = world.submit(&superuser, "/service/1/rule", &fields).await;
        rules.push((made.leads().to_owned(), format!("{name} (1:")));
    }
    let fields = [
        ("name", "Labelled"),
        ("clause", "up == 0"),
        ("duration", "5m"),
        ("enabled", "on"),
        ("labels-TOTAL_FORMS", "1"),
        ("labels-0-key", "queue"),
        ("labels-0-value", "pages of svc-000"),
    ];
    let made = world.submit(&superuser, "/service/1/rule", &fields).await;
    rules.push((
        made.leads().to_owned(),
        "Labelled (labels.queue)".to_owned(),
    ));
    let fields = [("name", "store"), ("description", "")];
    let saved = world.submit(&superuser, "/service/1/update", &fields).await;
    let cookie = saved.headers["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let request = Request::get(saved.leads()).header(header::COOKIE, cookie);
    let page = world
        .browse(Some(&superuser), request, Body::empty())
        .await
        .shown();
    let told = "These rules still mention svc-000; look whether that should be store:";
    assert!(page.says(told), "{}", page.text());
    for (link, told) in rules {
        assert!(page.links_to(&link), "{link}: {}", page.html);
        assert!(page.says(&told), "{told}: {}", page.text());
    }
}
