//! The forms of silences: what links fill in, who gets them, where they lead, and how the list is
//! filtered.

use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::json;

use super::Pages as _;
use super::silences::{Quiet, form};
use crate::rest::world::World;

/// A world without an Alertmanager, in which nobody sees anything without a role.
async fn strict() -> World {
    World::with(|settings| settings.permissions.default_role = None).await
}

const ONE: RoleOn = RoleOn::Service(ServiceId(1));

#[tokio::test]
async fn a_label_of_any_name_is_filled_in() {
    let world = strict().await;
    let superuser = world.superuser().await;
    let query = "service=svc-000&page=yes&label.next=label&next=%2Fservice%2F1";
    let path = format!("/silence/new?{query}");
    let page = world.page(&superuser, &path).await.shown();
    for (name, value) in [("page", "yes"), ("next", "label")] {
        assert!(
            page.html.contains(&format!("value=\"{name}\" list="))
                && page
                    .html
                    .contains(&format!("value=\"{value}\" autocomplete")),
            "{name}: {}",
            page.html
        );
    }
    assert!(page.links_to("/service/1"), "the way out");
    let field = "name=\"next\" value=\"/service/1\"";
    assert!(page.html.contains(field), "{}", page.html);
    let evil = world
        .page(&superuser, "/silence/new?next=//evil.example")
        .await;
    assert!(!evil.shown().html.contains("evil"));
}

#[tokio::test]
async fn of_no_host_that_is_chosen_nothing_is_silenced() {
    let world = strict().await;
    let superuser = world.superuser().await;
    let hosts = world.page(&superuser, "/project/1").await.shown();
    assert!(hosts.html.contains("name=\"chosen\" value=\"instance\""));
    let asked = "/silence/new?service=svc-000&project=prj-000-00&chosen=instance";
    let path = format!("{asked}&next=%2Fproject%2F1%23hosts");
    let back = world.page(&superuser, &path).await;
    assert_eq!(back.leads(), "/project/1#hosts");
    assert!(back.notices().contains("Choose at least one host."));
    let one = world
        .page(&superuser, &format!("{asked}&instance=a%3A"))
        .await;
    assert!(one.shown().html.contains("value=\"a:\""));
}

#[tokio::test]
async fn whoever_may_silence_nothing_gets_no_form() {
    let world = strict().await;
    let viewer = world.with_role("viewer-of-one", Role::Viewer, ONE).await;
    let editor = world.with_role("editor-of-one", Role::Editor, ONE).await;
    let list = world.page(&viewer, "/silence").await.shown();
    assert!(!list.html.contains("/silence/new"), "{}", list.html);
    let refused = world.page(&viewer, "/silence/new").await;
    assert_eq!(refused.leads(), "/silence");
    assert!(refused.notices().contains("takes the role editor"));
    let list = world.page(&editor, "/silence").await.shown();
    assert!(list.links_to("/silence/new"));
    let own = world.page(&editor, "/silence/new?service=svc-000").await;
    assert!(!own.shown().says("Only a superuser"));
    let foreign = world.page(&editor, "/silence/new?service=svc.001").await;
    let foreign = foreign.shown();
    let text = "of other services and projects, or of none. Narrow it down to what you may edit";
    assert!(foreign.says(text), "{}", foreign.text());
}

#[tokio::test]
async fn more_rows_are_shown_and_nothing_is_lost() {
    let world = strict().await;
    let superuser = world.superuser().await;
    let mut fields = form("svc-000", "7m");
    fields.push(("more", "1"));
    for path in ["/silence/new", "/silence/x/edit"] {
        let page = world.submit(&superuser, path, &fields).await.shown();
        assert!(
            page.html.contains("id=\"matchers_total\" value=\"6\""),
            "{}",
            page.html
        );
        for value in ["svc-000", "a.*", "7m"] {
            assert!(page.html.contains(&format!("value=\"{value}\"")), "{value}");
        }
        assert!(page.posts_to(path) && !page.html.contains("class=\"bad\""));
    }
}

#[tokio::test]
async fn matchers_that_never_match_are_told_beside_them() {
    let world = strict().await;
    let superuser = world.superuser().await;
    let mut fields = form("svc-000", "soon");
    fields.extend([
        ("matchers-2-name", "service"),
        ("matchers-2-operator", "="),
        ("matchers-2-value", "bank"),
    ]);
    let page = world.submit(&superuser, "/silence/new", &fields).await;
    let page = page.shown();
    assert!(
        page.html.contains("id=\"matchers-0-problems\"") && page.says("no alert has service"),
        "{}",
        page.html
    );
    let refused = world
        .submit(&superuser, "/silence/new", &form("svc-000", "soon"))
        .await
        .shown();
    let remedy = "write it like 30s, 5m or 1h30m";
    assert_eq!(
        refused.text().matches(remedy).count(),
        1,
        "{}",
        refused.text()
    );
    let refused = world
        .submit(&superuser, "/silence/new", &form("svc-000", ""))
        .await
        .shown();
    assert!(
        refused.says("Both start and end are required. Give startsAt and endsAt, or a duration."),
        "{}",
        refused.text()
    );
}

/// The value of an input.
fn value<'h>(html: &'h str, name: &str) -> &'h str {
    let rest = html.split(&format!("name=\"{name}\" value=\"")).nth(1);
    rest.and_then(|rest| rest.split('"').next()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_whose_comment_changes_stays_the_same() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    let world = &quiet.world;
    let editor = world.with_role("editor-of-one", Role::Editor, ONE).await;
    let mut fields = form("svc-000", "1h");
    fields.push(("next", "/service/1?x=y"));
    let made = world.submit(&editor, "/silence/new", &fields).await;
    assert_eq!(made.leads(), "/service/1?x=y");
    let before = quiet.silences().await.remove(0);
    let edit = format!("/silence/{}/edit", before["id"].as_str().unwrap());
    let shown = world.page(&editor, &edit).await.shown();
    let (start, end) = (value(&shown.html, "startsAt"), value(&shown.html, "endsAt"));
    let mut fields = form("svc-000", "");
    fields.retain(|(name, _)| !["startsAt", "endsAt", "comment"].contains(name));
    fields.extend([("startsAt", start), ("endsAt", end), ("comment", "another")]);
    let saved = world.submit(&editor, &edit, &fields).await;
    assert_eq!(saved.leads(), "/silence", "{}", saved.html);
    let after = quiet.silences().await.remove(0);
    for field in ["id", "startsAt", "endsAt"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(after["comment"], "another");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_of_the_list_are_added_and_stay() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    let world = &quiet.world;
    let editor = world.with_role("editor-of-one", Role::Editor, ONE).await;
    let mut fields = form("svc-000", "1h");
    fields.extend([
        ("matchers-2-name", "page"),
        ("matchers-2-operator", "="),
        ("matchers-2-value", "yes"),
    ]);
    world.submit(&editor, "/silence/new", &fields).await.leads();
    let page = world
        .page(&editor, "/silence?state=active&search=deploy")
        .await;
    let page = page.shown();
    let kept = "state=active&#38;search=deploy";
    for matcher in ["service=svc-000", "label.page=yes", "%21instance=a.*"] {
        assert!(
            page.links_to(&format!("/silence?{matcher}&#38;{kept}")),
            "{matcher}: {}",
            page.html
        );
    }
    assert!(page.html.contains("<option value=\"svc-000\">"));
    for (query, found) in [
        ("label=service&operator=%3D&value=svc-000", true),
        ("label=service&operator=!%3D&value=svc-000", false),
        ("label=instance&operator=!%3D&value=a.*", true),
        ("label=page&operator=%3D&value=yes", true),
        ("label.page=yes", true),
        ("label.page=no", false),
        ("label=&operator=%3D&value=", true),
    ] {
        let page = world
            .page(&editor, &format!("/silence?{query}"))
            .await
            .shown();
        assert_eq!(page.says("deploy of"), found, "{query}: {}", page.text());
    }
    let path = "/silence?state=active&label=page&operator=!%3D&value=no";
    let page = world.page(&editor, path).await.shown();
    assert!(
        page.links_to("/silence?state=active") && page.says("page !=no"),
        "{}",
        page.html
    );
    let id = quiet.silences().await[0]["id"].as_str().unwrap().to_owned();
    let expire = format!("/silence/{id}/expire");
    let path = format!("{expire}?next=%2Fservice%2F1");
    let asked = world.page(&editor, &path).await.shown();
    assert!(asked.links_to("/service/1") && asked.html.contains("name=\"next\""));
    let ended = world
        .submit(&editor, &expire, &[("next", "/service/1")])
        .await;
    assert_eq!(ended.leads(), "/service/1");
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_of_an_alert_lead_to_its_silence() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    let world = &quiet.world;
    let editor = world.with_role("editor-of-one", Role::Editor, ONE).await;
    let viewer = world.with_role("viewer-of-one", Role::Viewer, ONE).await;
    quiet
        .fire(json!({"alertname": "Full", "service": "svc-000", "next": "x"}))
        .await;
    for (path, next) in [
        ("/alert/active", "%2Falert%2Factive"),
        ("/service/1", "%2Fservice%2F1"),
    ] {
        let page = world.page(&editor, path).await.shown();
        let chips = [
            format!("/silence/new?alertname=Full&#38;service=svc-000&#38;next={next}"),
            format!("/silence/new?label.next=x&#38;service=svc-000&#38;next={next}"),
        ];
        for link in chips {
            assert!(page.links_to(&link), "{link}: {}", page.html);
        }
        let whole = format!(
            "/silence/new?alertname=Full&#38;label.next=x&#38;service=svc-000&#38;next={next}"
        );
        assert!(page.html.contains(&format!("href=\"{whole}\" data-dialog")));
        let seen = world.page(&viewer, path).await.shown();
        assert!(seen.says("Full") && !seen.html.contains("/silence/new"));
    }
}
