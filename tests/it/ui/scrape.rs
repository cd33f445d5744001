//! The test of an exporter: what it shows, to whom, and what it cannot be used for (anchors S3, S4).

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use promgen_core::model::{ProjectId, Role, RoleOn};
use promgen_tests::shard::{Answers, FakeShard};
use promgen_tests::wait::until;
use serde_json::Value;

use super::{Page, Pages as _};
use crate::rest::world::{Person, World};

const GOOD: &str = "# TYPE a gauge\na{b=\"c\"} 1\na{b=\"d\"} 2\nsecret_of_the_host 3\n";

fn text(body: &str) -> Answers {
    Answers::With(200, "text/plain; version=0.0.4", body.to_owned())
}

/// A world in which project 1 has this machine as its only host.
async fn world(allow: bool) -> World {
    let world = World::with(|settings| {
        settings.permissions.default_role = None;
        if allow {
            settings.egress.allow = vec!["127.0.0.0/8".to_owned()];
        }
    })
    .await;
    let tx = world.app.store().write_tx().await.unwrap();
    let farm = tx
        .load_project(ProjectId(1))
        .await
        .unwrap()
        .unwrap()
        .farm
        .unwrap();
    let hosts = tx.list_hosts_of(farm).await.unwrap();
    let all: Vec<_> = hosts.iter().map(|host| host.id).collect();
    tx.delete_hosts(&all).await.unwrap();
    let mut one = hosts[0].clone();
    "127.0.0.1".clone_into(&mut one.name);
    tx.insert_host(&one).await.unwrap();
    tx.commit().await.unwrap();
    world
}

async fn person(world: &World, role: Role) -> Person {
    let on = RoleOn::Project(ProjectId(1));
    world.with_role(&role.to_string(), role, on).await
}

async fn test(world: &World, who: &Person, port: u16, path: &str) -> Page {
    let port = port.to_string();
    let fields = [
        ("job", "x"),
        ("port", port.as_str()),
        ("path", path),
        ("scheme", "http"),
    ];
    world.submit(who, "/project/1/scrape", &fields).await
}

#[tokio::test]
async fn a_test_shows_status_samples_size_and_the_first_line_that_is_wrong() {
    let world = world(true).await;
    let editor = person(&world, Role::Editor).await;
    let fake = FakeShard::start(text(GOOD)).await;
    let port = fake.address().port();
    let page = test(&world, &editor, port, "/m?x=1&y=").await.shown();
    let shown = format!("http://127.0.0.1:{port}/m?x=1 works 200 3 {} ", GOOD.len());
    assert!(page.says(&shown), "{shown}: {}", page.text());
    let asked = &fake.asked()[0];
    assert_eq!(asked.target, "/m?x=1");
    assert_eq!(asked.headers["host"], format!("127.0.0.1:{port}"));
    assert_eq!(asked.headers["x-prometheus-scrape-timeout-seconds"], "10.0");
    let accept = asked.headers["accept"].to_str().unwrap();
    assert!(
        accept.starts_with("application/openmetrics-text"),
        "{accept}"
    );

    fake.answer(text("a 1\n<html>\n"));
    let page = test(&world, &editor, port, "").await.shown();
    assert!(page.says("fails 200 1"), "{}", page.text());
    assert!(
        page.says("line 2 does not begin with the name of a metric"),
        "{}",
        page.text()
    );
    fake.answer(Answers::With(503, "text/plain", "busy".to_owned()));
    assert!(
        test(&world, &editor, port, "")
            .await
            .shown()
            .says("fails 503")
    );
    fake.answer(Answers::HalfBody);
    assert!(test(&world, &editor, port, "").await.shown().says("fails"));
    let wrong = test(&world, &editor, 0, "metrics").await.shown();
    assert!(wrong.says("is not a port"), "{}", wrong.text());
}

#[tokio::test]
async fn programs_get_what_the_original_answers() {
    let world = world(true).await;
    let editor = person(&world, Role::Editor).await;
    let fake = FakeShard::start(text(GOOD)).await;
    let port = fake.address().port();
    let ask = async |port: u16| -> Value {
        let request = Request::post("/project/1/scrape")
            .header(HOST, "promgen")
            .header(ACCEPT, "*/*")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, format!("Token {}", editor.token));
        let body = format!("job=x&port={port}&scheme=http");
        let (head, body) = world.exchange(request.body(body.into()).unwrap()).await;
        assert_eq!(head.status.as_u16(), 200);
        serde_json::from_str(&body).unwrap()
    };
    let answer = ask(port).await;
    let one = &answer[format!("http://127.0.0.1:{port}/metrics")];
    assert_eq!(
        (&one["status_code"], &one["metric_count"]),
        (&200.into(), &3.into()),
        "{answer}"
    );
    assert!(
        ask(0).await["error"]
            .as_str()
            .unwrap()
            .contains("is not a port")
    );
    fake.answer(Answers::HalfBody);
    let broken = ask(port).await;
    assert!(
        broken[format!("http://127.0.0.1:{port}/metrics")].is_string(),
        "{broken}"
    );
}

#[tokio::test]
async fn s3_a_test_reaches_no_forbidden_address_and_follows_nobody() {
    let world = world(false).await;
    let editor = person(&world, Role::Editor).await;
    let fake = FakeShard::start(text(GOOD)).await;
    let page = test(&world, &editor, fake.address().port(), "")
        .await
        .shown();
    assert!(
        page.says("out of bounds") && page.says("this machine itself"),
        "{}",
        page.text()
    );
    assert!(fake.asked().is_empty());

    let allowed = self::world(true).await;
    let editor = person(&allowed, Role::Editor).await;
    let inside = FakeShard::start(text(GOOD)).await;
    fake.answer(Answers::Moved(inside.url()));
    let page = test(&allowed, &editor, fake.address().port(), "")
        .await
        .shown();
    assert!(page.says("fails 302"), "{}", page.text());
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn s3_nothing_that_a_host_says_is_shown() {
    let world = world(true).await;
    let editor = person(&world, Role::Editor).await;
    for body in [
        GOOD,
        "secret_of_the_host\n",
        "a{b=\"secret_of_the_host} 1\n",
    ] {
        let fake = FakeShard::start(text(body)).await;
        let page = test(&world, &editor, fake.address().port(), "")
            .await
            .shown();
        assert!(!page.html.contains("secret_of_the_host"), "{}", page.text());
    }
}

#[tokio::test]
async fn s3_whoever_only_looks_tests_what_is_registered_and_nothing_else() {
    let world = world(true).await;
    let (viewer, editor) = (
        person(&world, Role::Viewer).await,
        person(&world, Role::Editor).await,
    );
    let fake = FakeShard::start(text(GOOD)).await;
    let port = fake.address().port();
    assert_eq!(test(&world, &viewer, port, "/x").await.status, 403);
    assert!(fake.asked().is_empty());
    let number = port.to_string();
    let fields = [
        ("job", "x"),
        ("port", number.as_str()),
        ("path", "/x"),
        ("scheme", "http"),
    ];
    world
        .submit(&editor, "/project/1/exporter", &fields)
        .await
        .leads();
    assert!(
        test(&world, &viewer, port, "/x")
            .await
            .shown()
            .says("works")
    );
    assert_eq!(test(&world, &viewer, port, "/y").await.status, 403);
    let stranger = world.person("stranger").await;
    assert_eq!(test(&world, &stranger, port, "/x").await.status, 403);
}

#[tokio::test]
async fn s4_nobody_has_more_than_two_tests_under_way() {
    let world = world(true).await;
    let (editor, other) = (
        person(&world, Role::Editor).await,
        person(&world, Role::Admin).await,
    );
    let fake = FakeShard::start(Answers::Held).await;
    let port = fake.address().port();
    let third = async {
        until("two tests under way", async || {
            (fake.asked().len() == 2).then_some(())
        })
        .await;
        let refused = test(&world, &editor, port, "").await.shown();
        assert!(refused.says("still under way"), "{}", refused.text());
        let asked = async || (fake.asked().len() == 3).then_some(());
        let free = async {
            until("the test of somebody else", asked).await;
            fake.answer(text(GOOD));
        };
        let (others, ()) = tokio::join!(test(&world, &other, port, ""), free);
        assert!(others.shown().says("works"));
    };
    let (one, two, ()) = tokio::join!(
        test(&world, &editor, port, ""),
        test(&world, &editor, port, ""),
        third
    );
    assert!(one.shown().says("works") && two.shown().says("works"));
    assert!(test(&world, &editor, port, "").await.shown().says("works"));
}
