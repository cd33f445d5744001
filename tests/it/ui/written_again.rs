//! What somebody typed is there again, whatever button they pressed: without scripts every answer is a
//! page of its own.

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::{Role, RoleOn, ServiceId};
use serde_json::Value;

use super::Pages as _;
use crate::rest::world::{Person, World};

async fn editor(world: &World) -> Person {
    let on = RoleOn::Service(ServiceId(1));
    world.with_role("editor-of-one", Role::Editor, on).await
}

const TYPED: [(&str, &str); 5] = [
    ("content_type", "service"),
    ("object_id", "1"),
    ("name", "Half"),
    ("clause", "up == 0"),
    ("duration", "5m"),
];

#[tokio::test]
async fn checking_and_testing_a_rule_show_the_form_again() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let rules = world.get(&editor, "/rest/v2/services/1/rules").await;
    let id = rules.results()[0]["id"].clone();
    for (id, saves) in [
        ("0".to_owned(), "/service/1/rule".to_owned()),
        (id.to_string(), format!("/rule/{id}/edit")),
    ] {
        for (button, title) in [("check", "Checked"), ("test", "Query test")] {
            let path = format!("/rule/{id}/{button}");
            let page = world.submit(&editor, &path, &TYPED).await.shown();
            assert!(page.says(title), "{path}: {}", page.text());
            assert!(page.html.contains("<div data-answer>"), "{path}");
            assert!(
                page.posts_to(&saves) && page.html.contains("value=\"Half\""),
                "{path}: {}",
                page.html
            );
        }
    }
    // Whoever may save nothing gets the answer alone.
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    for id in ["0".to_owned(), id.to_string()] {
        let path = format!("/rule/{id}/test");
        let page = world.submit(&viewer, &path, &TYPED).await.shown();
        assert!(page.says("Query test") && !page.html.contains("value=\"Half\""));
    }
}

#[tokio::test]
async fn programs_get_the_test_of_a_rule_under_the_name_that_they_give() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let request = Request::post("/rule/0/test")
        .header(header::HOST, "promgen")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, format!("Token {}", editor.token));
    let body = "target=%23ajax-clause-check&query=up&content_type=service&object_id=1";
    let (head, body) = world
        .exchange(request.body(Body::from(body)).unwrap())
        .await;
    assert_eq!(head.status, 200);
    let told: Value = serde_json::from_str(&body).unwrap();
    let html = told["#ajax-clause-check"].as_str().unwrap();
    assert!(
        html.contains("Query test") && !html.contains("<html"),
        "{html}"
    );
}

#[tokio::test]
async fn more_rows_are_asked_for_without_saving() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let mut typed = TYPED.to_vec();
    typed.extend([
        ("labels-TOTAL_FORMS", "1"),
        ("labels-0-key", "severity"),
        ("labels-0-value", "major"),
        ("more", "labels"),
    ]);
    let page = world
        .submit(&editor, "/service/1/rule", &typed)
        .await
        .shown();
    assert!(
        page.html.contains("id=\"labels-total\" value=\"4\"")
            && page.html.contains("name=\"labels-3-value\""),
        "{}",
        page.html
    );
    assert!(page.html.contains("value=\"major\"") && page.html.contains("value=\"Half\""));
    assert!(page.html.contains("id=\"annotations-total\" value=\"1\""));
    let tx = world.app.store().read_tx().await.unwrap();
    assert_eq!(tx.find_rule("Half").await.unwrap(), None);
}

#[tokio::test]
async fn testing_an_exporter_shows_its_form_again() {
    let world = World::golden().await;
    let editor = editor(&world).await;
    let fields = [
        ("job", "half"),
        ("port", "none"),
        ("path", "/m"),
        ("scheme", "http"),
        ("again", "1"),
    ];
    let page = world
        .submit(&editor, "/project/1/scrape", &fields)
        .await
        .shown();
    assert!(
        page.posts_to("/project/1/exporter") && page.html.contains("value=\"half\""),
        "{}",
        page.html
    );
    let alone = world
        .submit(&editor, "/project/1/scrape", &fields[..4])
        .await
        .shown();
    assert!(!alone.posts_to("/project/1/exporter"));
}
