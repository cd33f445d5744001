//! `/import` and `/import/rules`

use std::fmt::Write as _;

use axum::body::Body;
use http::{Request, header};

use super::{Page, Pages as _};
use crate::rest::world::{Person, World};

const TARGETS: &str = r#"[{"labels": {"service": "New", "project": "new", "farm": "f", "job": "node",
    "__shard": "shard-a"}, "targets": ["aaa:9100", "bbb:9100"]}]"#;

/// Sends a form with files; a field whose name ends in `*` is a file.
async fn send(world: &World, who: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut body = String::new();
    for (name, value) in fields {
        let file = name.strip_suffix('*');
        let more = file.map_or("", |_| "; filename=\"x.yml\"\r\nContent-Type: text/yaml");
        let name = file.unwrap_or(name);
        write!(
            body,
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
        )
        .unwrap();
    }
    body.push_str("--edge--\r\n");
    let kind = "multipart/form-data; boundary=edge";
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    world.browse(Some(who), request, Body::from(body)).await
}

#[tokio::test]
async fn targets_are_previewed_and_imported_from_text_and_file() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    world.page(&superuser, "/import").await.shown();
    let preview = [("config", TARGETS), ("preview", "on")];
    let shown = send(&world, &superuser, "/import", &preview).await.shown();
    assert!(
        shown.says("What the import would do") && shown.says("Host 2 0"),
        "{}",
        shown.text()
    );
    assert!(
        !world
            .page(&superuser, "/search?search=aaa")
            .await
            .shown()
            .says("Hosts 1")
    );
    // A file counts before the text.
    let fields = [
        ("config", "nonsense"),
        ("file_field*", TARGETS),
        ("shard", "shard-b"),
    ];
    let done = send(&world, &superuser, "/import", &fields).await;
    assert!(done.notices().contains("Host: 2"), "{}", done.notices());
    let project = world
        .page(&superuser, "/search?var-project=new")
        .await
        .shown();
    assert!(
        project.links_to(done.leads()),
        "one new project: {}",
        done.leads()
    );
    let again = send(&world, &superuser, "/import", &fields).await;
    assert_eq!(again.leads(), "/service");
    let found = world.page(&superuser, "/search?search=New").await.shown();
    assert!(found.says("shard-b"), "{}", found.text());
}

#[tokio::test]
async fn what_was_looked_at_can_be_imported_next_however_long_it_is() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let long = format!("{TARGETS}{}", " ".repeat(300 * 1024));
    let preview = [("config", long.as_str()), ("preview", "on")];
    let shown = send(&world, &superuser, "/import", &preview).await.shown();
    assert!(
        shown.says("Host 2 0") && shown.html.contains("__shard"),
        "typed, and kept"
    );
    let preview = [("file_field*", long.as_str()), ("preview", "on")];
    let shown = send(&world, &superuser, "/import", &preview).await.shown();
    assert!(
        shown.says("Host 2 0") && shown.says("choose it again"),
        "{}",
        shown.text()
    );
    let wrong = [
        ("config", "nonsense"),
        ("url", " ftp://a"),
        ("shard", "shard-b"),
    ];
    let shown = send(&world, &superuser, "/import", &wrong).await.shown();
    assert!(shown.html.contains("value=\" ftp://a\"") && shown.says("nonsense"));
    assert!(shown.html.contains("id_url_problems"), "{}", shown.html);
}

#[tokio::test]
async fn rules_are_imported_for_what_their_labels_name() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let rules = "{alert: Fresh, expr: up == 0, labels: {service: svc-000}}";
    for fields in [[("rules", rules)], [("file_field*", rules)]] {
        let done = send(&world, &superuser, "/import/rules", &fields).await;
        assert_eq!(done.leads(), "/import/rules");
    }
    let tx = world.app.store().read_tx().await.unwrap();
    let rule = tx.find_rule("Fresh").await.unwrap().unwrap();
    assert_eq!((rule.owner.kind(), rule.owner.id()), ("service", 1));
}

#[tokio::test]
async fn whatever_is_sent_is_refused_beside_its_field() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for (path, name, text) in [
        ("/import", "config", ""),
        ("/import", "config", "[{\"labels\": 1}]"),
        ("/import", "config", "{\"a\""),
        ("/import/rules", "rules", ""),
        ("/import/rules", "rules", "groups: [{rules: [{alert: A}]}]"),
        ("/import/rules", "rules", "a: &a [*a]"),
    ] {
        let refused = send(&world, &superuser, path, &[(name, text)])
            .await
            .shown();
        let beside = format!("id_{name}_problems");
        let told = refused.html.contains(&beside) || refused.html.contains("class=\"remarks\"");
        assert!(told, "{path} {text}: {}", refused.text());
    }
    for url in [
        "nonsense",
        "http://127.0.0.1:1/targets",
        "file:///etc/passwd",
    ] {
        let refused = send(&world, &superuser, "/import", &[("url", url)])
            .await
            .shown();
        assert!(
            refused.html.contains("id_url_problems"),
            "{url}: {}",
            refused.text()
        );
    }
    let fields = [("config", TARGETS), ("shard", "no/such\"shard")];
    let refused = send(&world, &superuser, "/import", &fields).await.shown();
    assert!(
        refused.html.contains("id_shard_problems"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn imports_are_for_superusers() {
    let world = World::golden().await;
    let vera = world.person("vera").await;
    for path in ["/import", "/import/rules"] {
        assert_eq!(world.page(&vera, path).await.status, 403);
        let fields = [("config", TARGETS), ("rules", "{alert: A, expr: up}")];
        assert_eq!(send(&world, &vera, path, &fields).await.status, 403);
    }
}
