//! `/search` and `/graph`

use promgen_core::model::{Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::World;

#[tokio::test]
async fn anything_is_found_by_a_part_of_its_name() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let found = world.page(&superuser, "/search?search=SVC").await.shown();
    for link in ["/service/1", "/service/2"] {
        assert!(found.links_to(link), "{link}");
    }
    assert!(
        found.says("Services") && found.says("Rules"),
        "{}",
        found.text()
    );
    let found = world
        .page(&superuser, "/search?search=host-000-00")
        .await
        .shown();
    assert!(
        found.links_to("/host/host%2D000%2D00%2D000%2Eexample%2Ecom")
            || found.links_to("/host/host-000-00-000.example.com"),
        "{}",
        found.html
    );
    let none = world
        .page(&superuser, "/search?search=nothing-like-it")
        .await
        .shown();
    assert!(none.says("Nothing was found."));
    let blank = world.page(&superuser, "/search?search=+").await.shown();
    assert!(blank.says("No search parameters provided."));
    let hostile = world
        .page(&superuser, "/search?search=%3Cscript%3E%25_!%27%22")
        .await
        .shown();
    assert!(!hostile.html.contains("<script>%"));
}

#[tokio::test]
async fn projects_and_farms_are_found_with_what_they_have() {
    let world = World::golden().await;
    let on = RoleOn::Service(ServiceId(1));
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    let found = world
        .page(&editor, "/search?var-project=prj-000-00")
        .await
        .shown();
    for text in ["Exporters", "Notifiers", "Datasource", "svc-000"] {
        assert!(found.says(text), "{text}: {}", found.text());
    }
    let silence = "href=\"/silence/new?service=svc-000&#38;project=prj-000-00&#38;";
    assert!(found.html.contains(silence), "{}", found.html);
    let farm = world.page(&editor, "/farm/1").await.shown();
    let name = regex::Regex::new("<h1><bdi>([^<]*)</bdi>").unwrap();
    let name = name.captures(&farm.html).unwrap()[1].to_owned();
    let found = world
        .page(&editor, &format!("/search?var-farm={name}"))
        .await
        .shown();
    assert!(found.says("host-000-00-000"), "{}", found.text());
}

#[tokio::test]
async fn only_kinds_that_are_asked_for_are_looked_for() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let found = world
        .page(&superuser, "/search?var-service=svc&var-farm=")
        .await
        .shown();
    assert!(found.links_to("/service/1") && !found.html.contains("href=\"/rule/"));
}

#[tokio::test]
async fn one_finds_what_one_sees_and_rules_of_the_site() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let viewer = world
        .with_role("viewer-of-two", Role::Viewer, RoleOn::Service(ServiceId(2)))
        .await;
    let fields = [
        ("name", "SvcEverywhere"),
        ("clause", "up == 0"),
        ("duration", "5m"),
    ];
    let made = world.submit(&superuser, "/site/1/rule", &fields).await;
    let found = world.page(&viewer, "/search?search=svc").await.shown();
    assert!(found.links_to("/service/2") && !found.links_to("/service/1"));
    assert!(found.links_to(made.leads()), "{}", found.text());
}

#[tokio::test]
async fn a_host_is_silenced_for_a_project_by_who_may_edit_that() {
    let world = World::golden().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    let link = "/silence/new?service=svc-000&#38;project=prj-000-00\
                &#38;instance=host-000-00-000%5C.example%5C.com%3A";
    let path = "/search?search=host-000-00-000";
    let back = "&#38;next=%2Fsearch%3Fsearch%3Dhost-000-00-000\"";
    let found = world.page(&editor, path).await.shown().html;
    assert!(found.contains(link) && found.contains(back), "{found}");
    let seen = world.page(&viewer, path).await.shown();
    assert!(seen.says("host-000-00-000") && !seen.html.contains("/silence/new"));
}

#[tokio::test]
async fn a_graph_is_handed_over_with_its_parameters() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let asked = "/graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=0&nodots&a.b.c=1&g1.x.y=2&.=&g0=";
    let page = world.page(&superuser, asked).await.shown();
    assert!(
        page.says("up{a=\"b\"}") && page.says("x.y"),
        "{}",
        page.text()
    );
    assert!(!page.says("nodots"));
    for stray in ["/graph", "/graph?x", "/graph?g0.expr", "/graph?....=1"] {
        world.page(&superuser, stray).await.shown();
    }
    let sent = world.stranger("/graph?g0.expr=up").await;
    assert!(
        sent.leads().starts_with("/login/?next="),
        "links in alerts come back after the login"
    );
}
