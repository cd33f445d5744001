//! Switches: whoever switches something off is asked first; programs are not.

use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::json;

use super::Pages as _;
use crate::rest::world::{Person, World};

async fn editor(world: &World) -> Person {
    let on = RoleOn::Service(ServiceId(1));
    world.with_role("editor-of-one", Role::Editor, on).await
}

/// A rule, an exporter and a notifier of service 1: where it is listed, its path, and a name in the
/// question about it.
async fn things(world: &World, editor: &Person) -> Vec<(&'static str, String, &'static str)> {
    let first = async |kind: &str, listed: &str| {
        let one = world.get(editor, listed).await.results()[0].clone();
        assert_eq!(one["enabled"], true, "{listed}: {one}");
        format!("/{kind}/{}", one["id"])
    };
    let rule = first("rule", "/rest/v2/services/1/rules").await;
    let exporter = first("exporter", "/rest/v2/exporters?project_id=1").await;
    let notifier = first("notifier", "/rest/v2/services/1/notifiers").await;
    vec![
        ("/service/1#rules", rule, "Rule0000_svc_000"),
        ("/project/1#exporters", exporter, "prj-000-00"),
        ("/service/1#notifiers", notifier, "svc-000"),
    ]
}

#[tokio::test]
async fn switching_off_asks_first_and_switching_on_does_not() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let viewer = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, viewer).await;
    for (listed, path, name) in things(&world, &editor).await {
        let toggle = format!("{path}/toggle");
        let encoded = listed.replace('/', "%2F").replace('#', "%23");
        let ask = format!("{toggle}?next={encoded}");
        let page = world.page(&editor, listed).await.shown();
        assert!(page.links_to(&ask), "{ask}: {}", page.html);
        assert!(!page.posts_to(&toggle), "{toggle}: nothing acts at once");

        let asked = world.page(&editor, &ask).await.shown();
        assert!(
            asked.posts_to(&toggle) && asked.says("Switch off"),
            "{toggle}"
        );
        assert!(asked.says(name), "{name}: {}", asked.text());
        assert!(asked.links_to(listed), "whoever says no goes back");
        let still = world.page(&editor, listed).await.shown();
        assert!(still.links_to(&ask), "{toggle}: it was only asked");
        assert_eq!(world.page(&viewer, &toggle).await.status, 403, "{toggle}");

        let off = [("enabled", "off"), ("next", listed)];
        assert_eq!(
            world.submit(&editor, &toggle, &off).await.leads(),
            listed,
            "{toggle}"
        );
        let page = world.page(&editor, listed).await.shown();
        assert!(
            page.posts_to(&toggle) && !page.links_to(&ask),
            "{toggle}: on goes at once"
        );
    }
}

#[tokio::test]
async fn programs_switch_without_a_question_and_are_told_where_to_go() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    for (listed, path, _) in things(&world, &editor).await {
        let toggle = format!("{path}/toggle");
        let told = world.json(&editor, "POST", &toggle, json!({})).await;
        let to = told.expect(200)["redirect"].as_str().unwrap().to_owned();
        let own = if path.starts_with("/rule/") {
            &path
        } else {
            listed
        };
        assert_eq!(to, own);
        let page = world.page(&editor, listed).await.shown();
        assert!(page.posts_to(&toggle), "{toggle}: it is off");
    }
}
