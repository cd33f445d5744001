//! Rules of the site, where they are overridden and where they hold.

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::World;

const FIELDS: [(&str, &str); 4] = [
    ("name", "Down"),
    ("clause", "up{<exclude>} == 0"),
    ("duration", "5m"),
    ("enabled", "on"),
];

#[tokio::test]
async fn a_rule_of_the_site_is_overridden_by_name() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let made = world.submit(&superuser, "/site/1/rule", &FIELDS).await;
    let site = made.leads().to_owned();
    let derive = format!("{site}/override");

    let page = world.page(&editor, &site).await.shown();
    assert!(page.posts_to(&derive));
    assert!(page.html.contains("<option value=\"svc-000\">"));
    assert!(page.html.contains("<option value=\"prj-000-00\">"));
    assert!(
        !page.html.contains("svc.001"),
        "what one may not edit is not offered"
    );
    let page = world.page(&viewer, &site).await.shown();
    assert!(!page.posts_to(&derive), "a viewer overrides nothing");

    let by_name = [("content_type", "service"), ("object_name", " svc-000 ")];
    let made = world.submit(&editor, &derive, &by_name).await;
    let service = made.leads().to_owned();
    let by_id = [("content_type", "service"), ("object_id", "1")];
    assert_eq!(
        world.submit(&editor, &derive, &by_id).await.leads(),
        service
    );
    let by_name = [("content_type", "project"), ("object_name", "prj-000-00")];
    let made = world.submit(&editor, &derive, &by_name).await;
    assert_ne!(made.leads(), service);
    for hidden in ["svc.001", "nothing"] {
        let fields = [("content_type", "service"), ("object_name", hidden)];
        let refused = world.submit(&editor, &derive, &fields).await;
        assert_eq!(refused.leads(), format!("{site}#override"));
        assert!(refused.notices().contains("does not exist, or you may not"));
    }
    let fields = [("content_type", "service"), ("object_name", "svc-000")];
    assert_eq!(world.submit(&viewer, &derive, &fields).await.status, 403);
}

#[tokio::test]
async fn a_host_shows_rules_of_the_site_last() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    world
        .submit(&superuser, "/site/1/rule", &FIELDS)
        .await
        .leads();
    let on = RoleOn::Project(ProjectId(1));
    let viewer = world.with_role("viewer-of-project", Role::Viewer, on).await;
    let page = world
        .page(&viewer, "/host/host-000-00-000.example.com")
        .await
        .shown();
    let group = page
        .html
        .find("<details class=\"above\" id=\"site-rules\">");
    let group = group.unwrap_or_else(|| panic!("{}", page.html));
    assert!(page.html[group..].contains(">Down</bdi>"));
    assert!(!page.html[..group].contains(">Down</bdi>"));
}
