//! Rules: listed, looked at, written, switched, overridden.

use promgen_core::model::{Clock as _, ProjectId, Role, RoleOn, Rule, ServiceId, SystemClock};
use promgen_tests::shard::{Answers, FakeShard};
use serde_json::json;

use super::Pages as _;
use crate::rest::world::{Person, World};

const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));

async fn stored(world: &World, name: &str) -> Option<Rule> {
    let tx = world.app.store().read_tx().await.unwrap();
    tx.find_rule(name).await.unwrap()
}

/// The fields of a form that is good.
fn fields<'a>(name: &'a str, clause: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("clause", clause),
        ("duration", "5m"),
        ("enabled", "on"),
        ("description", "why"),
    ]
}

async fn editor(world: &World) -> Person {
    world
        .with_role("editor-of-one", Role::Editor, SERVICE)
        .await
}

#[tokio::test]
async fn the_list_is_grouped_by_owner_and_cut_to_what_one_sees() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let all = world.page(&superuser, "/rule").await.shown();
    assert!(all.says("18 entries"), "{}", all.text());
    assert!(all.links_to("/site") && all.links_to("/service/1"));
    let site = all.html.find("href=\"/site\"").unwrap();
    let service = all.html.find("href=\"/service/1\"").unwrap();
    assert!(site < service, "the site comes first");
    let viewer = world
        .with_role("viewer-of-two", Role::Viewer, RoleOn::Service(ServiceId(2)))
        .await;
    let some = world.page(&viewer, "/rule").await.shown();
    assert!(!some.links_to("/service/1") && some.links_to("/service/2"));
    assert!(!some.html.contains("/toggle"), "a viewer switches nothing");
    let none = world
        .page(&superuser, "/rule?name=nothing-like-it")
        .await
        .shown();
    assert!(none.says("No rule is like that."));
}

#[tokio::test]
async fn a_rule_is_registered_edited_switched_and_deleted_by_forms() {
    let world = World::golden().await;
    let maria = editor(&world).await;
    let form = world.page(&maria, "/service/1/rule").await.shown();
    assert!(
        form.posts_to("/service/1/rule") && form.says("up{service=\"svc-000\",<exclude>} == 0")
    );

    let made = world
        .submit(&maria, "/service/1/rule", &fields("Fresh", "up == 0"))
        .await;
    let path = made.leads().to_owned();
    assert!(made.notices().contains("Rule Fresh is registered."));
    let rule = stored(&world, "Fresh").await.unwrap();
    assert_eq!((rule.description.as_str(), rule.enabled), ("why", true));

    let mut edited = fields("Fresher", "up{job=\"x\"} == 0");
    edited.retain(|(name, _)| *name != "enabled");
    edited.extend([
        ("labels-TOTAL_FORMS", "2"),
        ("labels-0-key", "severity"),
        ("labels-0-value", "major"),
        ("labels-1-key", ""),
        ("labels-1-value", ""),
        ("annotations-TOTAL_FORMS", "1"),
        ("annotations-0-key", "summary"),
        ("annotations-0-value", "it is down"),
    ]);
    let saved = world.submit(&maria, &format!("{path}/edit"), &edited).await;
    assert_eq!(saved.leads(), path);
    let rule = stored(&world, "Fresher").await.unwrap();
    assert!(!rule.enabled, "a box that is not ticked is off");
    assert_eq!(rule.labels["severity"], "major");
    assert_eq!(rule.annotations["summary"], "it is down");

    let on = [("enabled", "on"), ("next", "/service/1#rules")];
    let switched = world.submit(&maria, &format!("{path}/toggle"), &on).await;
    assert_eq!(switched.leads(), "/service/1#rules");
    assert!(stored(&world, "Fresher").await.unwrap().enabled);
    let away = [("next", "//evil.example/")];
    let switched = world.submit(&maria, &format!("{path}/toggle"), &away).await;
    assert_eq!(switched.leads(), "/");
    assert!(!stored(&world, "Fresher").await.unwrap().enabled);

    let asked = world.page(&maria, &format!("{path}/delete")).await.shown();
    assert!(asked.says("Delete rule Fresher?"));
    let deleted = world.submit(&maria, &format!("{path}/delete"), &[]).await;
    assert_eq!(deleted.leads(), "/service/1#rules");
    assert_eq!(stored(&world, "Fresher").await, None);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let world = World::golden().await;
    let maria = editor(&world).await;
    let mut sent = fields("No", "up{ == 0");
    sent.extend([
        ("labels-TOTAL_FORMS", "2"),
        ("labels-0-key", "not a label"),
        ("labels-0-value", "<b>"),
    ]);
    let refused = world.submit(&maria, "/service/1/rule", &sent).await.shown();
    assert!(
        refused.html.contains("id=\"id_clause_problems\""),
        "{}",
        refused.html
    );
    assert!(refused.html.contains("value=\"&#60;b&#62;\"") && refused.html.contains("not a label"));
    assert!(refused.html.contains(">\nup{ == 0</textarea>"));
    assert_eq!(stored(&world, "No").await, None);
    for (name, value, field) in [
        ("duration", "soon", "id_duration_problems"),
        ("name", "", "id_name_problems"),
        ("kind", "odd", "id_kind_problems"),
    ] {
        let mut sent = fields("No", "up == 0");
        sent.retain(|(known, _)| *known != name);
        sent.push((name, value));
        let refused = world.submit(&maria, "/service/1/rule", &sent).await.shown();
        assert!(refused.html.contains(field), "{name}: {}", refused.text());
    }
    let taken = fields("Rule0000_svc_000", "up == 0");
    let refused = world
        .submit(&maria, "/service/1/rule", &taken)
        .await
        .shown();
    assert!(refused.html.contains("id_name_problems"));
}

#[tokio::test]
async fn one_post_takes_a_rule_or_a_rule_file() {
    let world = World::golden().await;
    let maria = editor(&world).await;
    let file = "groups:\n- name: x\n  rules:\n  - alert: One\n    expr: up == 0\n    for: 5m\n  - alert: Two\n    expr: up == 1\n";
    let preview = [("rules", file), ("preview", "on")];
    let shown = world
        .submit(&maria, "/service/1/rule", &preview)
        .await
        .shown();
    assert!(
        shown.says("What the import would do") && shown.says("Rules 2 0"),
        "{}",
        shown.text()
    );
    assert_eq!(stored(&world, "One").await, None);
    let box_of_rule = "id=\"id_enabled\" name=\"enabled\" value=\"on\" checked";
    assert!(
        shown.html.contains(box_of_rule),
        "the rule beside it stays enabled"
    );
    let done = world
        .submit(&maria, "/service/1/rule", &[("rules", file)])
        .await;
    assert_eq!(done.leads(), "/service/1#rules");
    assert!(done.notices().contains("Imported Rules: 2."));
    let rule = stored(&world, "Two").await.unwrap();
    assert_eq!(rule.owner.kind(), "service");
    // A rule that cannot be saved gives way to the file.
    let mut both = fields("", "");
    both.push(("rules", "{alert: Three, expr: up}"));
    assert_eq!(
        world.submit(&maria, "/service/1/rule", &both).await.leads(),
        "/service/1#rules"
    );
    for broken in [
        "groups: [",
        "",
        "{alert: Four, expr: 'up{'}",
        "just text",
        "[1, 2]",
    ] {
        let refused = world
            .submit(&maria, "/service/1/rule", &[("rules", broken)])
            .await
            .shown();
        assert!(
            refused.html.contains("id_rules_problems"),
            "{broken}: {}",
            refused.text()
        );
        assert!(!refused.html.contains("id_clause_problems"), "{broken}");
    }
}

#[tokio::test]
async fn rules_of_the_site_are_for_superusers_and_seen_by_all() {
    let world = World::golden().await;
    let (superuser, nobody) = (world.superuser().await, world.person("vera").await);
    let seen = world.page(&nobody, "/site").await.shown();
    assert!(!seen.links_to("/site/1/rule") && !seen.html.contains("/toggle"));
    assert!(
        world
            .page(&superuser, "/site")
            .await
            .shown()
            .links_to("/site/1/rule")
    );
    assert_eq!(world.page(&nobody, "/site/1/rule").await.status, 403);
    assert_eq!(world.page(&superuser, "/site/2/rule").await.status, 404);
    let refused = world
        .submit(&nobody, "/site/1/rule", &fields("Fresh", "up == 0"))
        .await;
    assert_eq!(refused.status, 403);
    let made = world
        .submit(
            &superuser,
            "/site/1/rule",
            &fields("Fresh", "up{<exclude>} == 0"),
        )
        .await;
    assert!(made.leads().starts_with("/rule/"));
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn a_rule_is_overridden_and_the_tree_shows_what_it_comes_to() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let maria = editor(&world).await;
    let clause = "up{<exclude>} == 0";
    world
        .submit(&superuser, "/site/1/rule", &fields("Down", clause))
        .await;
    let parent = stored(&world, "Down").await.unwrap();
    let tab = world.page(&maria, "/service/1").await.shown();
    assert!(
        tab.posts_to(&format!("/rule/{}/override", parent.id)),
        "{}",
        tab.html
    );

    let of = [("content_type", "service"), ("object_id", "1")];
    let made = world
        .submit(&maria, &format!("/rule/{}/override", parent.id), &of)
        .await;
    let path = made.leads().strip_suffix("/edit").unwrap().to_owned();
    let again = world
        .submit(&maria, &format!("/rule/{}/override", parent.id), &of)
        .await;
    assert_eq!(again.leads(), format!("{path}/edit"));
    let edit = world.page(&maria, &format!("{path}/edit")).await.shown();
    assert!(
        edit.says("Overridden rule"),
        "the parent stands beside it for comparison"
    );

    let of = [("content_type", "service"), ("object_id", "2")];
    world
        .submit(&superuser, &format!("/rule/{}/override", parent.id), &of)
        .await
        .leads();
    let all = world.page(&superuser, &path).await.shown();
    assert!(
        all.says("up{service!~\"svc-000|svc\\\\.001\"} == 0"),
        "{}",
        all.text()
    );
    assert!(
        all.html
            .contains("<ins class=\"added\">service=&#34;svc-000&#34;,</ins>")
    );
    // What one may not see is counted and not named.
    let some = world.page(&maria, &path).await.shown();
    assert!(
        some.says("up{service!~\"svc-000\"} == 0"),
        "{}",
        some.text()
    );
    assert!(some.says("One override that you may not see") && !some.html.contains("svc.001"));
    let tab = world.page(&maria, "/service/1").await.shown();
    assert!(tab.says("Overridden"));
    // Whoever may edit neither does not override.
    let of = [("content_type", "service"), ("object_id", "2")];
    let refused = world
        .submit(&maria, &format!("/rule/{}/override", parent.id), &of)
        .await;
    assert_eq!(refused.status, 403);
    for nonsense in [
        vec![],
        vec![("content_type", "service"), ("object_id", "x")],
    ] {
        let path = format!("/rule/{}/override", parent.id);
        assert_eq!(world.submit(&maria, &path, &nonsense).await.status, 400);
    }
    let off = world.submit(&maria, &format!("{path}/toggle"), &[]).await;
    assert!(
        off.notices().contains("nobody alerts here"),
        "{}",
        off.notices()
    );
    let page = world.page(&maria, &path).await.shown();
    assert!(page.says("Off: nobody alerts here"));
}

#[tokio::test]
async fn what_is_typed_is_checked_without_being_saved() {
    let world = World::golden().await;
    let maria = editor(&world).await;
    let mut sent = fields("Fresh", "up{<exclude>,job=\"x\"} == 0");
    sent.extend([("content_type", "service"), ("object_id", "1")]);
    let good = world.submit(&maria, "/rule/0/check", &sent).await.shown();
    assert!(good.says("Nothing to complain about") && good.says("up{job=\"x\"} == 0"));
    sent[1].1 = "up{<exclude> == 0";
    let bad = world.submit(&maria, "/rule/0/check", &sent).await.shown();
    assert!(bad.says("clause: "), "{}", bad.text());
    assert_eq!(stored(&world, "Fresh").await, None);
    let foreign: Vec<_> = sent
        .iter()
        .map(|(name, value)| (*name, if *name == "object_id" { "2" } else { *value }))
        .collect();
    assert_eq!(
        world.submit(&maria, "/rule/0/check", &foreign).await.status,
        403
    );
}

#[tokio::test]
async fn who_would_hear_is_told_with_reasons() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let subscriber = world.person("sub").await;
    world.subscribe(&subscriber, "svc-000").await;
    let maria = editor(&world).await;
    let made = world
        .submit(&maria, "/service/1/rule", &fields("Fresh", "up == 0"))
        .await;
    let path = format!("{}/audience", made.leads());
    let told = world.page(&maria, &path).await.shown();
    assert!(
        told.says("alertname") && told.says("svc-000"),
        "{}",
        told.text()
    );
    let viewer = RoleOn::Project(ProjectId(1));
    let of_project = world
        .with_role("viewer-of-project", Role::Viewer, viewer)
        .await;
    assert_eq!(world.page(&of_project, &path).await.status, 403);
    let site = world
        .submit(&superuser, "/site/1/rule", &fields("Everywhere", "up == 0"))
        .await;
    let path = format!("{}/audience", site.leads());
    let nobody = world.page(&superuser, &path).await.shown();
    assert!(
        nobody.says("Nobody would hear about this alert."),
        "{}",
        nobody.text()
    );
    let somebody = world
        .page(&superuser, &format!("{path}?service=svc-000"))
        .await
        .shown();
    assert!(
        !somebody.says("Nobody would hear about this alert."),
        "{}",
        somebody.text()
    );
    // A service that one may not see counts as none: whoever asks made up the name.
    let hidden = world
        .page(&of_project, &format!("{path}?service=svc-000"))
        .await
        .shown();
    assert!(
        hidden.says("no: nothing has this name") && !hidden.says("that you may not see"),
        "{}",
        hidden.text()
    );
}

#[tokio::test]
async fn hostile_names_and_values_are_only_text() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let evil = "{{ $labels.x }}<script>alert(1)</script>";
    let mut sent = fields(
        "Evil",
        "up{a=\"</textarea><script>alert(2)</script>\"} == 0",
    );
    sent.extend([
        ("labels-TOTAL_FORMS", "1"),
        ("labels-0-key", "severity"),
        ("labels-0-value", "\"><img src=x onerror=alert(3)>"),
        ("annotations-TOTAL_FORMS", "3"),
        ("annotations-0-key", "summary"),
        ("annotations-0-value", evil),
        ("annotations-1-key", "runbook"),
        ("annotations-1-value", "javascript:alert(4)"),
        ("annotations-2-key", "grafana"),
        ("annotations-2-value", "https://example.com/d?a=\"b"),
    ]);
    sent[4].1 = "'><svg onload=alert(5)>";
    let made = world.submit(&superuser, "/service/1/rule", &sent).await;
    let path = made.leads().to_owned();
    for page in [
        path.clone(),
        format!("{path}/edit"),
        format!("{path}/delete"),
        "/rule".to_owned(),
        "/service/1".to_owned(),
    ] {
        let shown = world.page(&superuser, &page).await.shown();
        for tag in ["<script>alert", "<img", "<svg", "href=\"javascript"] {
            assert!(!shown.html.contains(tag), "{page}: {tag}");
        }
    }
    let shown = world.page(&superuser, &path).await.shown();
    assert!(
        shown
            .html
            .contains("href=\"https://example.com/d?a=&#34;b\"")
    );
}

#[tokio::test]
async fn a_query_is_tried_out_on_a_page_of_its_own() {
    let labels = json!({"service": "svc.001", "job": "<b>"});
    let now = SystemClock.now().0 / 1000 - 60;
    let shard = FakeShard::start(Answers::ByPath(vec![
        (
            "query",
            json!({"resultType": "vector", "result": [{"metric": labels, "value": [now, "0"]}]}),
        ),
        (
            "query_range",
            json!({"resultType": "matrix", "result": [{"metric": labels, "values": [[now, "0"]]}]}),
        ),
    ]))
    .await;
    let world = World::golden().await;
    let url = shard.url();
    let document = format!("promgen: 1\nshards: [{{name: shard-a, url: '{url}', proxy: true}}]");
    world.apply(&document).await;
    let maria = editor(&world).await;
    let mut sent = fields("Fresh", "up{<exclude>} == 0");
    sent.extend([("content_type", "service"), ("object_id", "1")]);
    let tried = world.submit(&maria, "/rule/0/test", &sent).await.shown();
    for said in [
        "Firing",
        "Limited to what you may see: 1 services",
        "One series belongs to somebody else: service svc.001",
        "up{} == 0",
    ] {
        assert!(tried.says(said), "{said}: {}", tried.text());
    }
    assert!(!tried.html.contains("<b>"));
    sent.push(("hours", "24"));
    let past = world.submit(&maria, "/rule/0/test", &sent).await.shown();
    assert!(
        past.says("Would have fired") && past.says("at most 1 at a time"),
        "{}",
        past.text()
    );
    assert!(past.html.contains("<svg") && past.says("Query test Last 24 hours"));
    for (hours, told) in [
        ("1", "Query test Last hour"),
        ("6", "Query test Last 6 hours"),
    ] {
        let button = format!("name=\"hours\" value=\"{hours}\"");
        assert!(past.html.contains(&button));
        *sent.last_mut().unwrap() = ("hours", hours);
        let past = world.submit(&maria, "/rule/0/test", &sent).await.shown();
        assert!(past.says(told), "{}", past.text());
    }
    sent[1].1 = "up{";
    let refused = world.submit(&maria, "/rule/0/test", &sent).await.shown();
    assert!(refused.says("clause: "), "{}", refused.text());
    // Without a query it is the rule's own.
    let made = world
        .submit(&maria, "/service/1/rule", &fields("Own", "up == 42"))
        .await;
    let own = world
        .submit(&maria, &format!("{}/test", made.leads()), &[])
        .await
        .shown();
    assert!(own.says("up == 42"), "{}", own.text());
}
