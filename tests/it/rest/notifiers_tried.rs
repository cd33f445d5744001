//! `/rest/v2/notifiers/{id}/test` and `/rest/v2/notifiers/drivers`: what goes out, and by what.

use promgen_core::config::Settings;
use promgen_tests::sink::Sink;
use serde_json::{Value, json};

use super::World;

const HOOK: &str = "promgen.notification.webhook";

fn near(settings: &mut Settings) {
    settings.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_names_the_owner_and_leaves_no_alert() {
    let world = World::with(near).await;
    let peer = world.superuser().await;
    let sink = Sink::start().await;
    let value = format!("http://{}/services/hush-hush", sink.address());
    let body = json!({"sender": HOOK, "value": value});
    let made = world
        .json(&peer, "POST", "/rest/v2/projects/1/notifiers", body)
        .await
        .expect(201);
    let path = format!("/rest/v2/notifiers/{}/test", made["id"]);
    let tested = world
        .send(Some(&peer), "POST", &path, None)
        .await
        .expect(200);
    assert_eq!(tested["sent"], true, "{tested}");
    assert_eq!(tested["attempts"][0]["notifier"], made["id"]);
    let received = sink.received();
    assert_eq!(received.len(), 1);
    let message = &received[0].json;
    assert_eq!(message["commonLabels"]["project"], made["content_name"]);
    assert_eq!(message["commonLabels"]["service"], "test-service");
    assert_eq!(
        message["alerts"][1]["labels"]["project"],
        made["content_name"]
    );
    assert_eq!(
        world.get(&peer, "/rest/v2/alerts").await.results(),
        Vec::<Value>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_an_answer_without_secrets() {
    let world = World::with(near).await;
    let peer = world.superuser().await;
    let closed = promgen_tests::wait::free_port();
    let value = format!("http://127.0.0.1:{closed}/services/hush-hush");
    let body = json!({"sender": HOOK, "value": value, "alias": "on call"});
    let made = world
        .json(&peer, "POST", "/rest/v2/services/1/notifiers", body)
        .await
        .expect(201);
    let path = format!("/rest/v2/notifiers/{}/test", made["id"]);
    let tested = world
        .send(Some(&peer), "POST", &path, None)
        .await
        .expect(200);
    assert_eq!(tested["sent"], false);
    let said = tested["attempts"][0]["message"].as_str().unwrap();
    assert!(
        said.contains("refused") && !said.contains("hush-hush"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guard_refuses_is_not_sent() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let sink = Sink::start().await;
    let body = json!({"sender": HOOK, "value": format!("http://{}/", sink.address())});
    let made = world
        .json(&peer, "POST", "/rest/v2/services/1/notifiers", body)
        .await
        .expect(201);
    let path = format!("/rest/v2/notifiers/{}/test", made["id"]);
    let tested = world
        .send(Some(&peer), "POST", &path, None)
        .await
        .expect(200);
    assert_eq!((&tested["sent"], sink.received().len()), (&json!(false), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_tries_all_enabled_notifiers_of_its_user() {
    let world = World::with(near).await;
    let (peer, maria) = (world.superuser().await, world.person("maria").await);
    let sink = Sink::start().await;
    for (name, enabled) in [("one", true), ("two", true), ("off", false)] {
        let value = format!("http://{}/{name}", sink.address());
        let body = json!({"sender": HOOK, "value": value, "enabled": enabled});
        world
            .json(&maria, "POST", "/rest/v2/users/me/notifiers", body)
            .await
            .expect(201);
    }
    let body = json!({"sender": "promgen.notification.user", "value": maria.id().to_string()});
    let made = world
        .json(&peer, "POST", "/rest/v2/services/1/notifiers", body)
        .await
        .expect(201);
    let path = format!("/rest/v2/notifiers/{}/test", made["id"]);
    let tested = world
        .send(Some(&peer), "POST", &path, None)
        .await
        .expect(200);
    assert_eq!(tested["attempts"].as_array().unwrap().len(), 2, "{tested}");
    let mut paths: Vec<String> = sink.received().into_iter().map(|one| one.path).collect();
    paths.sort();
    assert_eq!(paths, ["/one", "/two"]);
}

#[tokio::test]
async fn drivers_are_listed_with_their_forms() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let drivers = world
        .get(&maria, "/rest/v2/notifiers/drivers?page_size=100")
        .await
        .results();
    let driver = |key: &str| drivers.iter().find(|one| one["sender"] == key).unwrap();
    assert_eq!(driver("promgen.notification.user")["fans_out"], true);
    assert_eq!(driver(HOOK)["fields"][0]["kind"], "url");
    assert_eq!(driver(HOOK)["available"], true);
}
