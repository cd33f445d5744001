//! A silence from its beginning to its end.

use promgen_core::model::Zone;
use serde_json::{Value, json};

use super::{Manager, matcher, request, world};
use crate::rest::World;

async fn audit(world: &World) -> Vec<(String, Option<(String, i64)>)> {
    let tx = world.app.store().read_tx().await.unwrap();
    let entries = tx.list_audit(100, None).await.unwrap();
    let silences = entries.into_iter().rev().filter(|it| it.kind == "silence");
    silences.map(|it| (it.body, it.parent)).collect()
}

#[tokio::test]
async fn a_silence_lives_through_the_apis_of_the_original() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;

    let labels = json!({"service": "svc-000", "instance": "web.*:[0-9]*"});
    let body = json!({"labels": labels, "duration": "1h30m"});
    let made = world.json(&peer, "POST", "/proxy/v1/silences", body).await;
    let made = made.expect(200);
    let first = made["silenceID"].as_str().unwrap();
    assert_eq!(made, json!({"silenceID": first}));

    let held = manager.silence(first).await;
    let mut matchers = held["matchers"].as_array().unwrap().clone();
    matchers.sort_by_key(|it| it["name"].to_string());
    assert_eq!(
        matchers,
        [
            matcher("instance", "=~", "web.*:[0-9]*"),
            matcher("service", "=", "svc-000")
        ]
    );
    assert_eq!(held["createdBy"], "peer");
    assert_eq!(held["comment"], "Silenced from Promgen");
    let listed = world.get(&peer, "/proxy/v1/silences").await.expect(200);
    assert_eq!(listed, json!([held]), "the plain list of Alertmanager");

    let mut body = request(&[matcher("service", "=", "svc-000"), matcher("x", "!=", "y")]);
    body["id"] = first.into();
    let changed = world.json(&peer, "POST", "/proxy/v2/silences", body).await;
    let changed = changed.expect(200);
    let second = changed["silenceID"].as_str().unwrap();
    assert_eq!(manager.silence(second).await["comment"], "deploy");
    assert_eq!(manager.states().await, ["active", "expired"]);

    let path = format!("/proxy/v1/silences/{second}");
    assert_eq!(world.delete(&peer, &path).await.status, 200);
    assert_eq!(manager.states().await, ["expired", "expired"]);
    assert_eq!(
        world.delete(&peer, &path).await.status,
        200,
        "it is over already"
    );

    let service = Some(("service".to_owned(), 1));
    let of = r#"service="svc-000", x!="y""#;
    let made = r#"instance=~"web.*:[0-9]*", service="svc-000""#;
    assert_eq!(
        audit(&world).await,
        [
            (
                format!("Created Silence {first} of {made}"),
                service.clone()
            ),
            (format!("Updated Silence {second} of {of}"), service.clone()),
            (format!("Deleted Silence {second} of {of}"), service),
        ]
    );
}

#[tokio::test]
async fn a_silence_lives_through_rest() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;
    let path = "/rest/v2/silences";

    let body = request(&[matcher("project", "=~", "prj.000.0.")]);
    let made = world
        .json(&peer, "POST", path, body.clone())
        .await
        .expect(201);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(
        made["alertmanagers"],
        json!([{"url": manager.url(), "id": id}])
    );
    let one = format!("{path}/{id}");
    let found = world.get(&peer, &one).await.expect(200);
    assert_eq!(found["matchers"], body["matchers"]);
    assert_eq!(found["state"], "active");

    let mut longer = body;
    longer["duration"] = "1d".into();
    let changed = world.json(&peer, "PUT", &one, longer).await.expect(200);
    let changed = changed["id"].as_str().unwrap();
    let active = world.get(&peer, &format!("{path}?state=active")).await;
    assert_eq!(active.column("id"), [changed]);

    let one = format!("{path}/{changed}");
    assert_eq!(world.delete(&peer, &one).await.status, 204);
    assert_eq!(world.get(&peer, &one).await.expect(200)["state"], "expired");
    let active = world.get(&peer, &format!("{path}?state=active")).await;
    assert_eq!(active.results(), [] as [Value; 0]);
    world
        .get(&peer, &format!("{path}?state=over"))
        .await
        .expect(400);
}

#[tokio::test]
async fn every_operator_silences_what_it_says() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;
    for instance in ["web1", "web2", "db"] {
        let labels = json!({"alertname": "A", "service": "svc-000", "instance": instance});
        manager.fire(labels).await;
    }
    for (operator, value, silenced) in [
        ("=", "db", &["db"][..]),
        ("!=", "db", &["web1", "web2"]),
        ("=~", "web.|x", &["web1", "web2"]),
        ("!~", "web.*", &["db"]),
        ("=~", "we", &[]),
    ] {
        let body = request(&[
            matcher("service", "=", "svc-000"),
            matcher("instance", operator, value),
        ]);
        let made = world.json(&peer, "POST", "/proxy/v2/silences", body).await;
        let id = made.expect(200)["silenceID"].as_str().unwrap().to_owned();
        let alerts = world.get(&peer, "/proxy/v1/alerts").await.expect(200);
        let alerts = alerts.as_array().unwrap();
        assert_eq!(alerts.len(), 3);
        let by_it = |alert: &&Value| alert["status"]["silencedBy"] == json!([id]);
        let instances = alerts.iter().filter(by_it);
        let mut instances: Vec<&str> = instances
            .map(|alert| alert["labels"]["instance"].as_str().unwrap())
            .collect();
        instances.sort_unstable();
        assert_eq!(instances, silenced, "{operator} {value}");
        let path = format!("/proxy/v1/silences/{id}");
        assert_eq!(world.delete(&peer, &path).await.status, 200);
    }
}

#[tokio::test]
async fn times_without_a_zone_are_those_of_the_settings() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let url = manager.url();
    let world = World::with(|settings| {
        settings.alertmanager.urls = vec![url];
        settings.timezone = Some(Zone::parse("Asia/Tokyo").unwrap());
    });
    let world = world.await;
    let peer = world.superuser().await;
    for (start, end, expected) in [
        (
            "2090-12-14 00:01",
            "2090-12-14 00:05",
            "2090-12-13T15:01:00.000Z",
        ),
        (
            "2090-12-14T00:01:00Z",
            "2090-12-14T00:05:00Z",
            "2090-12-14T00:01:00.000Z",
        ),
    ] {
        let body = json!({
            "labels": {"service": "svc-000"}, "startsAt": start, "endsAt": end,
        });
        let made = world.json(&peer, "POST", "/proxy/v1/silences", body).await;
        let id = made.expect(200)["silenceID"].as_str().unwrap().to_owned();
        let held = manager.silence(&id).await;
        assert_eq!(held["startsAt"], expected);
        assert_eq!(held["status"]["state"], "pending");
    }
}

#[tokio::test]
async fn alerts_whose_labels_do_not_fit_together_say_so() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;
    let unknown = "Project from alert's labels is not found.";
    let mismatch = "The 'service' and 'project' labels do not match. This alert may originate \
                    from an unrelated Alert Rule.";
    let expected = [
        (
            json!({"alertname": "1", "service": "svc-000", "project": "prj-000-00"}),
            json!([]),
        ),
        (
            json!({"alertname": "2", "service": "svc.001", "project": "prj-000-00"}),
            json!([mismatch]),
        ),
        (
            json!({"alertname": "3", "service": "svc-000", "project": "gone"}),
            json!([unknown]),
        ),
        (json!({"alertname": "4", "service": "gone"}), json!([])),
        (json!({"alertname": "5"}), json!([])),
    ];
    for (labels, _) in &expected {
        manager.fire(labels.clone()).await;
    }
    let alerts = world.get(&peer, "/proxy/v1/alerts").await.expect(200);
    let mut alerts = alerts.as_array().unwrap().clone();
    alerts.sort_by_key(|alert| alert["labels"]["alertname"].to_string());
    for (alert, (labels, warnings)) in alerts.iter().zip(&expected) {
        assert_eq!(alert["labels"], *labels);
        assert_eq!(alert["promgen"]["warnings"], *warnings, "{labels}");
    }
    assert_eq!(alerts.len(), expected.len());
}
