//! `/audit`

use promgen_core::app::people;
use promgen_core::app::services::{self, ServiceChange};
use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId, Timestamp};
use regex::Regex;

use super::Pages as _;
use crate::rest::world::{World, operator};

async fn describe(world: &World, description: &str) {
    let change = ServiceChange {
        description: Some(description),
        ..ServiceChange::default()
    };
    let done = services::update(&world.app, &operator(), ServiceId(1), change).await;
    done.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn changes_are_shown_field_by_field() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    describe(&world, "one <script>").await;
    describe(&world, "one\ntwo").await;
    let page = world.page(&peer, "/audit").await.shown();
    assert!(page.says("Updated Service svc-000") && page.links_to("/service/1"));
    assert!(page.says("cli:test"), "{}", page.text());
    assert!(
        page.html.contains("+ two") && !page.html.contains("<script>"),
        "{}",
        page.html
    );
    let id = world.log(1).await[0].id;
    let alone = world.page(&peer, &format!("/audit/{id}")).await.shown();
    for page in [&page, &alone] {
        assert!(!page.html.contains("&#60;table"), "{}", page.html);
    }
    assert!(alone.says("description") && alone.says("+ two") && !alone.says("group"));
}

#[tokio::test]
async fn ids_and_times_are_told_as_a_reader_knows_them() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    world.person("otto").await;
    let page = world.page(&peer, "/audit?project=1").await.shown();
    let text = page.text();
    for path in ["/service/1", "/datasource/", "/farm/1"] {
        let link = format!("<span class=\"added lines\"><a href=\"{path}");
        assert!(page.html.contains(&link), "{link}: {}", page.html);
    }
    assert!(
        text.contains("service svc-000") && text.contains("farm farm-000-00"),
        "{text}"
    );
    let log = world.log(50).await;
    let made = log.iter().find(|one| one.body == "Created User otto");
    let made = made.unwrap();
    let user: serde_json::Value = serde_json::from_str(&made.after).unwrap();
    let millis = user["created"].as_i64().unwrap();
    let alone = world.page(&peer, &format!("/audit/{}", made.id)).await;
    let alone = alone.shown();
    let time = format!("lines\"><time datetime=\"{}\"", Timestamp(millis).rfc3339());
    assert!(alone.html.contains(&time), "{}", alone.html);
    assert!(!alone.says(&millis.to_string()), "{}", alone.text());
}

#[tokio::test]
async fn what_one_may_not_see_keeps_its_id() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(1));
    let pia = world.with_role("pia", Role::Viewer, on).await;
    let page = world.page(&pia, "/audit?project=1").await.shown();
    let text = page.text();
    assert!(text.contains("Created Project prj-000-00"), "{text}");
    assert!(text.contains("farm farm-000-00"), "{text}");
    assert!(
        text.contains("service 1 ") && !text.contains("svc-000"),
        "{text}"
    );
    assert!(!page.html.contains("href=\"/service/1\""), "{}", page.html);
}

#[tokio::test]
async fn filters_are_chips_that_can_be_taken_away() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world
        .with_role("maria", Role::Admin, RoleOn::Service(ServiceId(1)))
        .await;
    let fields = [("name", "svc-000"), ("description", "by maria")];
    world
        .submit(&maria, "/service/1/update", &fields)
        .await
        .leads();
    let path = format!("/audit?service=1&user={}", maria.id());
    let page = world.page(&peer, &path).await.shown();
    assert!(
        page.says("Service svc-000") && page.says("User maria"),
        "{}",
        page.text()
    );
    assert!(page.links_to("/audit?service=1"), "{}", page.html);
    assert!(page.links_to(&format!("/audit?user={}", maria.id())));
    assert!(page.says("1 entry"), "{}", page.text());
    let other = world.page(&peer, "/audit?service=2").await.shown();
    assert!(!other.says("svc-000"), "{}", other.text());
    // Projects of a service belong to its history.
    let below = world.page(&peer, "/audit?service=1").await.shown();
    assert!(below.says("Created Project prj-000-00"), "{}", below.text());
}

#[tokio::test]
async fn entries_tell_which_object_they_are_about() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    world
        .apply(
            "promgen: 1\nservices: [{name: svc-000, senders: [\
             {driver: promgen.notification.webhook, value: \"http://hook.example/one\", alias: on-call}, \
             {driver: promgen.notification.webhook, value: \"http://hook.example/two\"}]}]",
        )
        .await;
    world.person("otto").await;
    let made = world.submit(&peer, "/group/new", &[("name", "ops")]).await;
    let group = made.leads().to_owned();
    let fields = [("permission", "group_member"), ("users", "otto")];
    let added = world
        .submit(&peer, &format!("{group}/add-member"), &fields)
        .await;
    added.leads();
    let raise = [("permission", "group_admin"), ("username", "otto")];
    let raised = world
        .submit(&peer, &format!("{group}/update-member"), &raise)
        .await;
    raised.leads();
    let page = world.page(&peer, "/audit").await.shown();
    for text in [
        "Created Sender promgen.notification.webhook on-call of service svc-000",
        "Created Sender promgen.notification.webhook of service svc-000",
        "Updated Role group_admin of otto in ops",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    let bodies: Vec<String> = world.log(50).await.into_iter().map(|it| it.body).collect();
    assert!(!bodies.iter().any(|body| body.contains("hook.example")));
}

#[tokio::test]
async fn one_sees_the_history_of_what_one_sees() {
    let world = World::golden().await;
    let maria = world
        .with_role("maria", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    describe(&world, "mine").await;
    let entry = world.log(1).await[0].id;
    let page = world.page(&maria, "/audit").await.shown();
    assert!(page.says("Updated Service svc-000"), "{}", page.text());
    assert!(
        !page.says("Created User") && !page.says("svc.001"),
        "{}",
        page.text()
    );
    assert!(!page.html.contains("/admin/user/"));
    // The name of what one may not see is not told.
    let foreign = world.page(&maria, "/audit?service=2").await.shown();
    assert!(foreign.says("Service #2") && !foreign.says("svc.001"));
    world.page(&maria, &format!("/audit/{entry}")).await.shown();
    let stranger = world.person("stranger").await;
    assert_eq!(
        world
            .page(&stranger, &format!("/audit/{entry}"))
            .await
            .status,
        404
    );
    assert!(
        !world
            .page(&stranger, "/audit")
            .await
            .shown()
            .says("svc-000")
    );
}

#[tokio::test]
async fn long_histories_come_in_pages_and_large_changes_on_their_own() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    describe(&world, &"long line\n".repeat(500)).await;
    let first = world.page(&peer, "/audit").await.shown();
    let entry = world.log(1).await[0].id;
    assert!(first.links_to(&format!("/audit/{entry}")));
    assert!(!first.says("long line") && first.html.len() < 300_000);
    let second = world.page(&peer, "/audit?page=2").await.shown();
    assert!(second.says("Page 2 of"), "{}", second.text());
    let beyond = world.page(&peer, "/audit?page=99999&service=1&user=").await;
    assert!(beyond.shown().says("There is no page 99999"));
}

#[tokio::test]
async fn what_somebody_did_is_found_when_they_are_gone() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world
        .with_role("maria", Role::Admin, RoleOn::Service(ServiceId(1)))
        .await;
    let heir = world.person("heir").await;
    let fields = [("name", "svc-000"), ("description", "by maria")];
    world
        .submit(&maria, "/service/1/update", &fields)
        .await
        .leads();
    let by = operator();
    let merged = people::merge(&world.app, &by, maria.user.id, heir.user.id).await;
    merged.unwrap_or_else(|error| panic!("{error}"));
    for path in [
        format!("/audit?user={}", maria.id()),
        "/audit?user=maria".to_owned(),
    ] {
        let page = world.page(&peer, &path).await.shown();
        assert!(page.says("Updated Service svc-000"), "{}", page.text());
        assert!(
            page.says("User maria") && page.says("1 entry"),
            "{}",
            page.text()
        );
        assert!(page.links_to("/audit?user=maria"), "{}", page.html);
    }
    let other = world
        .page(&peer, &format!("/audit?user={}", heir.id()))
        .await;
    assert!(!other.shown().says("Updated Service svc-000"));
    let nobody = world.page(&peer, "/audit?user=4711").await.shown();
    assert!(nobody.says("User #4711") && nobody.says("0 entries"));
}

#[tokio::test]
async fn the_oldest_entries_come_first_where_that_is_asked_for() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    describe(&world, "first").await;
    describe(&world, "last").await;
    let listed = async |path: &str| -> Vec<i64> {
        let page = world.page(&peer, path).await.shown();
        assert!(page.links_to("/audit?service=1&#38;sort=created") || path.contains("sort="));
        let entry = Regex::new(r#"class="fit"><a href="/audit/([0-9]+)""#).unwrap();
        let found = entry.captures_iter(&page.html);
        found.map(|one| one[1].parse().unwrap()).collect()
    };
    let newest = listed("/audit?service=1").await;
    let oldest = listed("/audit?service=1&sort=created").await;
    assert!(newest.len() > 2 && newest.is_sorted_by(|a, b| a > b));
    assert!(oldest.len() > 2 && oldest.is_sorted_by(|a, b| a < b));
    assert_eq!(newest[0], world.log(1).await[0].id.0);
    assert!(oldest[0] < newest[0] - 1);
}

#[tokio::test]
async fn a_filter_that_cannot_be_finds_nothing_and_says_so() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for (path, name, value) in [
        ("/audit?service=abc&user=maria", "service", "abc"),
        ("/audit?project=1x", "project", "1x"),
        ("/audit?rule=-", "rule", "-"),
        ("/audit?group=99999999999", "group", "99999999999"),
        ("/url?project=abc", "project", "abc"),
        ("/rule?parent=abc", "parent", "abc"),
        ("/rule?content_type=planet", "content_type", "planet"),
        ("/rule?object_id=abc", "object_id", "abc"),
        ("/silence?state=gone", "state", "gone"),
        ("/alert?before=abc", "before", "abc"),
        ("/alert?sort=created&after=abc", "after", "abc"),
        ("/admin/exporter?port=abc", "port", "abc"),
        ("/admin/role?role=king", "role", "king"),
        ("/admin/role?on=planet", "on", "planet"),
        ("/admin/token?scope=all", "scope", "all"),
        ("/admin/notifier?owner=planet", "owner", "planet"),
        ("/admin/user?active=perhaps", "active", "perhaps"),
        ("/admin/user?superuser=perhaps", "superuser", "perhaps"),
    ] {
        let page = world.page(&peer, path).await.shown();
        let told = format!("The filter {name} cannot be {value}, so nothing is shown.");
        assert!(page.says(&told), "{path}: {}", page.text());
        assert!(
            page.says("Leave it out") && !page.html.contains("<tbody"),
            "{path}"
        );
        assert!(!page.says("svc-000"), "{path}: {}", page.text());
    }
    let page = world.page(&peer, "/audit?service=abc&user=maria").await;
    assert!(page.links_to("/audit?user=maria"), "{}", page.html);
}
