//! R12: what is silenced on several Alertmanagers is silenced on all, or it is told where not.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::routing::get;
use http::{Request, StatusCode, header};
use promgen_core::app::silences::{self, LabelRequest};
use promgen_http::{ServeOptions, Server, router};
use promgen_tests::wait::until;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::{Manager, matcher, request, world};
use crate::rest::World;
use crate::rest::world::{Person, operator};

const SILENCES: &str = "/rest/v2/silences";

async fn two() -> Option<(Manager, Manager)> {
    Some((Manager::start().await?, Manager::start().await?))
}

fn shop() -> Value {
    request(&[matcher("service", "=", "svc-000")])
}

/// The list and what it warns of.
async fn listed(world: &World, who: &Person, path: &str) -> (Value, Vec<String>) {
    let server = Server::new(world.app.clone(), &ServeOptions::default());
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Token {}", who.token));
    let response = router(server, None).oneshot(request.body(Body::empty()).unwrap());
    let response = response.await.unwrap();
    assert_eq!(response.status(), 200);
    let warnings = response.headers().get_all("x-promgen-warning").iter();
    let warnings = warnings.map(|it| it.to_str().unwrap().to_owned()).collect();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (serde_json::from_slice(&bytes).unwrap(), warnings)
}

/// What each Alertmanager did, in the order of the settings.
fn deeds(body: &Value) -> Vec<(&str, &str)> {
    let all = body["alertmanagers"].as_array().unwrap().iter();
    all.map(|it| {
        (
            it["alertmanager"].as_str().unwrap(),
            it["did"].as_str().unwrap(),
        )
    })
    .collect()
}

#[tokio::test]
async fn r12_a_silence_is_one_on_all_alertmanagers_and_ends_on_all() {
    let Some((a, b)) = two().await else { return };
    let world = world(&[a.url(), b.url()]).await;
    let peer = world.superuser().await;
    let made = world
        .json(&peer, "POST", "/proxy/v2/silences", shop())
        .await
        .expect(200);
    assert_eq!(
        deeds(&made),
        [(&*a.url(), "created"), (&*b.url(), "created")]
    );
    let first = made["silenceID"].as_str().unwrap();
    let twin = made["alertmanagers"][1]["id"].as_str().unwrap();
    assert_ne!(first, twin);

    let (silences, warnings) = listed(&world, &peer, "/proxy/v1/silences").await;
    assert_eq!(silences.as_array().unwrap().len(), 1);
    assert_eq!(silences[0]["id"], first);
    let places = json!([{"url": a.url(), "id": first}, {"url": b.url(), "id": twin}]);
    assert_eq!(silences[0]["promgen"]["alertmanagers"], places);
    assert_eq!(warnings, [""; 0]);

    // An edit by the id at one of them reaches the other.
    let narrower = request(&[matcher("service", "=", "svc-000"), matcher("x", "=", "y")]);
    let path = format!("{SILENCES}/{twin}");
    let changed = world.json(&peer, "PUT", &path, narrower).await.expect(200);
    let one = changed["id"].as_str().unwrap();
    assert_eq!(a.states().await, ["active", "expired"]);
    assert_eq!(b.states().await, ["active", "expired"]);
    let active = world.get(&peer, &format!("{SILENCES}?state=active")).await;
    assert_eq!(active.column("id"), [one]);

    let path = format!("/proxy/v1/silences/{one}");
    assert_eq!(world.delete(&peer, &path).await.status, 200);
    assert_eq!(a.states().await, ["expired", "expired"]);
    assert_eq!(b.states().await, ["expired", "expired"]);
    let active = world.get(&peer, &format!("{SILENCES}?state=active")).await;
    assert_eq!(active.results(), [] as [Value; 0]);
}

#[tokio::test]
async fn r12_with_one_alertmanager_down_nothing_is_silenced_and_it_is_told_why() {
    let Some((a, b)) = two().await else { return };
    let (one, other) = (a.url(), b.url());
    let world = world(&[one.clone(), other.clone()]).await;
    let peer = world.superuser().await;
    b.server.process.terminate();
    for (path, body) in [
        (
            "/proxy/v1/silences",
            json!({"labels": {"service": "svc-000"}, "duration": "1h"}),
        ),
        ("/proxy/v2/silences", shop()),
        (SILENCES, shop()),
    ] {
        let refused = world.json(&peer, "POST", path, body).await.expect(502);
        assert_eq!(
            deeds(&refused),
            [(one.as_str(), "taken_back"), (other.as_str(), "no_answer")]
        );
        assert!(
            refused["alertmanagers"][1]["error"]
                .as_str()
                .unwrap()
                .contains("connect")
        );
    }
    assert_eq!(a.states().await, ["expired"; 3]);
    let tx = world.app.store().read_tx().await.unwrap();
    let entries = tx.list_audit(100, None).await.unwrap();
    assert!(entries.iter().all(|entry| entry.kind != "silence"));
}

#[tokio::test]
async fn r12_with_one_alertmanager_down_the_other_is_still_read() {
    let Some((a, b)) = two().await else { return };
    let (one, other) = (a.url(), b.url());
    let world = world(&[other.clone(), one.clone()]).await;
    let peer = world.superuser().await;
    for manager in [&a, &b] {
        manager
            .fire(json!({"alertname": "A", "service": "svc-000"}))
            .await;
    }
    let made = world
        .json(&peer, "POST", SILENCES, shop())
        .await
        .expect(201);
    let twin = made["alertmanagers"][1]["id"].as_str().unwrap();
    let (alerts, warnings) = listed(&world, &peer, "/proxy/v1/alerts").await;
    assert_eq!((alerts.as_array().unwrap().len(), warnings.len()), (1, 0));

    b.server.process.terminate();
    for path in ["/proxy/v1/alerts", "/proxy/v1/silences"] {
        let (list, warnings) = listed(&world, &peer, path).await;
        assert_eq!(list.as_array().unwrap().len(), 1, "{path}");
        assert_eq!(warnings.len(), 1, "{path}");
        assert!(
            warnings[0].starts_with(&format!("{other} gave no answer")),
            "{warnings:?}"
        );
    }
    let (page, warnings) = listed(&world, &peer, SILENCES).await;
    assert_eq!((page["count"].as_u64(), warnings.len()), (Some(1), 1));

    // An edit would reach only one of the twins.
    let path = format!("{SILENCES}/{twin}");
    let refused = world.json(&peer, "PUT", &path, shop()).await.expect(502);
    assert_eq!(deeds(&refused), [(other.as_str(), "no_answer")]);
    assert_eq!(a.states().await, ["active"]);
    // An end is what somebody wants who wants to hear of alerts again.
    let told = world.delete(&peer, &path).await.expect(502);
    assert_eq!(
        deeds(&told),
        [(one.as_str(), "expired"), (other.as_str(), "no_answer")]
    );
    assert_eq!(a.states().await, ["expired"]);
}

/// Has the silences that it is told, and refuses every change.
struct Stubborn {
    url: String,
    silences: Arc<Mutex<Value>>,
    _serving: JoinSet<()>,
}

impl Stubborn {
    async fn start() -> Self {
        let silences = Arc::new(Mutex::new(json!([])));
        let told = Arc::clone(&silences);
        let list = get(async move || axum::Json(told.lock().unwrap().clone()));
        let refuse = async || (StatusCode::BAD_REQUEST, "\"not here\"");
        let router = axum::Router::new().route("/api/v2/silences", list.post(refuse));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            url,
            silences,
            _serving: serving,
        }
    }
}

#[tokio::test]
async fn r12_an_edit_that_one_refuses_is_taken_back_on_the_other() {
    let Some(a) = Manager::start().await else {
        return;
    };
    let stubborn = Stubborn::start().await;
    let alone = world(&[a.url()]).await;
    let peer = alone.superuser().await;
    let made = alone
        .json(&peer, "POST", SILENCES, shop())
        .await
        .expect(201);
    let id = made["id"].as_str().unwrap();
    let mut twin = a.silence(id).await;
    twin["id"] = "twin".into();
    *stubborn.silences.lock().unwrap() = json!([twin]);

    let world = world(&[a.url(), stubborn.url.clone()]).await;
    let peer = world.superuser().await;
    let body = request(&[matcher("service", "=", "svc.001")]);
    for _ in 0..2 {
        let path = format!("{SILENCES}/twin");
        let refused = world
            .json(&peer, "PUT", &path, body.clone())
            .await
            .expect(400);
        assert_eq!(
            deeds(&refused),
            [(&*a.url(), "taken_back"), (&*stubborn.url, "refused")]
        );
        assert_eq!(refused["alertmanagers"][1]["error"], "not here");
        let all = a.silences().await;
        let active = |silence: &&Value| silence["status"]["state"] == "active";
        let active: Vec<&Value> = all.iter().filter(active).collect();
        assert_eq!(active.len(), 1);
        assert_eq!(active[0]["matchers"], twin["matchers"]);
        assert_eq!(active[0]["endsAt"], twin["endsAt"]);
        // What is put back begins anew at an Alertmanager, and has another id.
        twin["startsAt"] = active[0]["startsAt"].clone();
        *stubborn.silences.lock().unwrap() = json!([twin]);
    }
}

#[tokio::test]
async fn r12_what_was_begun_is_taken_back_when_whoever_asked_is_gone() {
    let Some((a, b)) = two().await else { return };
    let world = world(&[a.url(), b.url()]).await;
    b.server.process.pause().await;
    let labels = json!({"labels": {"service": "svc-000"}, "duration": "1h"});
    let labels: LabelRequest = serde_json::from_value(labels).unwrap();
    let asker = operator();
    let made = until("the first one to have it", async || {
        (a.states().await == ["active"]).then_some(())
    });
    tokio::select! {
        _ = silences::create_by_labels(&world.app, &asker, labels) => panic!("the other is stopped"),
        () = made => {}
    }
    until("it to be taken back", async || {
        (a.states().await == ["expired"]).then_some(())
    })
    .await;
}
