//! Exporters of projects, URLs, presets and probes: made, switched, deleted.

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use promgen_core::model::{ProjectId, Role, RoleOn};
use serde_json::{Value, json};

use super::Pages as _;
use crate::rest::world::{Person, World};

async fn editor(world: &World) -> Person {
    let on = RoleOn::Project(ProjectId(1));
    world.with_role("editor", Role::Editor, on).await
}

#[tokio::test]
async fn an_exporter_is_typed_or_taken_from_the_presets() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let form = world.page(&editor, "/project/1/exporter").await.shown();
    assert!(
        form.posts_to("/project/1/exporter") && form.says("nginx"),
        "{}",
        form.text()
    );
    assert!(
        form.html
            .contains("formaction=\"/project/1/scrape\" data-result=\"#tested\"")
    );

    let wrong = [
        ("job", ""),
        ("port", "70000"),
        ("path", "x"),
        ("scheme", "ftp"),
    ];
    let refused = world
        .submit(&editor, "/project/1/exporter", &wrong)
        .await
        .shown();
    assert!(
        refused.html.contains("id_port_problems") && refused.html.contains("id_scheme_problems")
    );
    assert!(
        refused.html.contains("value=\"70000\"")
            && !refused
                .html
                .contains("name=\"enabled\" value=\"on\" checked")
    );

    let fields = [
        ("job", "app"),
        ("port", "8080"),
        ("path", "/m?x=1"),
        ("scheme", "https"),
    ];
    let made = world.submit(&editor, "/project/1/exporter", &fields).await;
    assert_eq!(made.leads(), "/project/1#exporters");
    let page = world.page(&editor, "/project/1").await.shown();
    assert!(page.says("https:8080 /m?x=1 Off"), "{}", page.text());
}

#[tokio::test]
async fn an_exporter_is_switched_and_deleted() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let one = world
        .get(&editor, "/rest/v2/exporters?project_id=1")
        .await
        .results()[0]
        .clone();
    assert_eq!(one["enabled"], true);
    let id = one["id"].as_i64().unwrap();
    let toggle = format!("/exporter/{id}/toggle");
    let enabled = async || {
        let found = world
            .get(&editor, &format!("/rest/v2/exporters/{id}"))
            .await;
        found.expect(200)["enabled"].as_bool().unwrap()
    };
    // Sent twice by an impatient hand it is still off.
    for _ in 0..2 {
        let off = world.submit(&editor, &toggle, &[("enabled", "off")]).await;
        assert_eq!(off.leads(), "/project/1#exporters");
        assert!(!enabled().await);
    }
    let from = "/project/1?exporters=2#exporters";
    let back = [("enabled", "off"), ("next", from)];
    assert_eq!(world.submit(&editor, &toggle, &back).await.leads(), from);
    // A program that says nothing turns it over, and is told where it is shown.
    let request = Request::post(&toggle)
        .header(HOST, "promgen")
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(AUTHORIZATION, format!("Token {}", editor.token));
    let (head, body) = world
        .exchange(request.body(axum::body::Body::empty()).unwrap())
        .await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (head.status.as_u16(), body),
        (200, json!({"redirect": "/project/1#exporters"}))
    );
    assert!(enabled().await);

    let delete = format!("/exporter/{id}/delete");
    assert!(world.page(&editor, &delete).await.shown().posts_to(&delete));
    assert_eq!(
        world.submit(&editor, &delete, &[]).await.leads(),
        "/project/1#exporters"
    );
    world
        .get(&editor, &format!("/rest/v2/exporters/{id}"))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_url_that_is_there_is_not_told_as_new() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let fields = [("url", "https://shop.example/"), ("probe", "1")];
    for told in ["is probed from now on", "is checked already"] {
        let done = world.submit(&editor, "/url/1/new", &fields).await;
        assert!(done.notices().contains(told), "{}", done.notices());
    }
}

#[tokio::test]
async fn a_url_is_added_shown_below_its_project_and_deleted() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let bad = world
        .submit(&editor, "/url/1/new", &[("url", "ftp://x"), ("probe", "1")])
        .await;
    let bad = bad.shown();
    assert!(
        bad.html.contains("value=\"ftp://x\""),
        "what was typed is kept"
    );
    assert!(bad.says("url: is not a URL; write "), "{}", bad.text());
    assert_eq!(bad.html.matches("ftp:").count(), 1, "in the form alone");
    assert!(!bad.html.contains("/url/1/new?") && bad.posts_to("/url/1/new#http-checks"));
    let asked = world.page(&editor, "/url/1/new").await;
    assert_eq!(asked.leads(), "/project/1#http-checks");
    let none = [("url", "http://x"), ("probe", "x")];
    let none = world.submit(&editor, "/url/1/new", &none).await.shown();
    assert!(none.says("is not chosen") && none.html.contains("value=\"http://x\""));
    let fields = [("url", "https://shop.example/?a=b&c"), ("probe", "1")];
    let made = world.submit(&editor, "/url/1/new", &fields).await;
    assert_eq!(made.leads(), "/project/1#http-checks");
    let all = world.page(&editor, "/url").await.shown();
    assert!(all.says("https://shop.example/?a=b&c") && all.links_to("/project/1#http-checks"));
    let listed = world
        .get(&editor, "/rest/v2/urls?project_id=1")
        .await
        .results();
    let one = listed
        .iter()
        .find(|one| one["url"] == "https://shop.example/?a=b&c")
        .unwrap();
    let delete = format!("/url/{}/delete", one["id"]);
    assert!(all.links_to(&delete));
    assert!(
        world
            .page(&editor, &delete)
            .await
            .shown()
            .says("https://shop.example/?a=b&c")
    );
    assert_eq!(
        world.submit(&editor, &delete, &[]).await.leads(),
        "/project/1#http-checks"
    );
    assert!(
        !world
            .page(&editor, "/url")
            .await
            .shown()
            .says("https://shop.example")
    );
}

#[tokio::test]
async fn superusers_keep_the_presets_and_everybody_sees_them() {
    let world = World::golden().await;
    let (superuser, nobody) = (world.superuser().await, world.person("nobody").await);
    let seen = world.page(&nobody, "/preset").await.shown();
    assert!(seen.says("node") && !seen.links_to("/preset/new"));
    assert_eq!(world.page(&nobody, "/preset/new").await.status, 403);
    let fields = [
        ("job", "solr"),
        ("port", "8983"),
        ("path", "/metrics"),
        ("scheme", "http"),
    ];
    assert_eq!(
        world.submit(&nobody, "/preset/new", &fields).await.status,
        403
    );
    assert_eq!(
        world
            .submit(&superuser, "/preset/new", &fields)
            .await
            .leads(),
        "/preset"
    );
    let again = world
        .submit(&superuser, "/preset/new", &fields)
        .await
        .shown();
    assert!(again.html.contains("id_job_problems"), "{}", again.text());
    let list = world.page(&superuser, "/preset").await.shown();
    let at = list.html.find("solr").unwrap();
    let link = list.html[at..].split("href=\"").nth(1).unwrap();
    let update = link.split('"').next().unwrap();
    let form = world.page(&superuser, update).await.shown();
    assert!(form.html.contains("value=\"8983\"") && form.posts_to(update));
    let wrong = [
        ("job", "solr"),
        ("port", "0"),
        ("path", ""),
        ("scheme", "http"),
    ];
    assert!(
        world
            .submit(&superuser, update, &wrong)
            .await
            .shown()
            .says("is not a port")
    );
    let delete = update.replace("update", "delete");
    assert_eq!(
        world.submit(&superuser, &delete, &[]).await.leads(),
        "/preset"
    );
    assert!(!world.page(&superuser, "/preset").await.shown().says("solr"));
}

#[tokio::test]
async fn a_probe_that_urls_use_stays() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let used = world
        .get(&superuser, "/rest/v2/urls?page_size=1")
        .await
        .results()[0]
        .clone();
    let probes = world.get(&superuser, "/rest/v2/probes").await.results();
    let probe = probes
        .iter()
        .find(|one| one["module"] == used["probe"])
        .unwrap();
    let delete = format!("/probe/{}/delete", probe["id"]);
    let asked = world.page(&superuser, &delete).await.shown();
    assert!(
        asked.says("cannot be deleted as long as URLs are checked by it"),
        "{}",
        asked.text()
    );
    let project = used["project"]["id"].as_i64();
    assert!(asked.says(used["url"].as_str().unwrap()) && !asked.posts_to(&delete));
    assert!(project.is_none_or(|id| asked.links_to(&format!("/project/{id}#http-checks"))));
    let kept = world.submit(&superuser, &delete, &[]).await;
    assert!(kept.notices().contains("URLs use it"), "{}", kept.notices());

    let fields = [("module", "icmp_v4"), ("description", "pings")];
    assert_eq!(
        world
            .submit(&superuser, "/probe/new", &fields)
            .await
            .leads(),
        "/probe"
    );
    let list = world.page(&superuser, "/probe").await.shown();
    assert!(list.says("icmp_v4 pings"), "{}", list.text());
    let probes = world.get(&superuser, "/rest/v2/probes").await.results();
    let unused = probes.iter().find(|one| one["module"] == "icmp_v4");
    let delete = format!("/probe/{}/delete", unused.unwrap()["id"]);
    assert!(
        world
            .page(&superuser, &delete)
            .await
            .shown()
            .posts_to(&delete)
    );
    let refused = world
        .submit(&superuser, "/probe/new", &[("module", "")])
        .await
        .shown();
    assert!(refused.html.contains("id_module_problems"));
}
