//! S15: what comes in as a credential does not go out, and what goes out as one is not told.

use promgen_tests::http::{client, send};
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::free_port;
use serde_json::json;

use crate::deliveries::World;

#[tokio::test(flavor = "multi_thread")]
async fn s15_no_credential_that_came_in_goes_out() {
    let sink = Sink::start().await;
    let sender = format!(
        "{{driver: promgen.notification.webhook, value: '{}'}}, \
         {{driver: promgen.notification.slack, value: '{}'}}, \
         {{driver: promgen.notification.alertmanager, value: '{}'}}",
        sink.url("/webhook"),
        sink.url("/slack"),
        sink.url("/")
    );
    let world = World::new(QUICK, &sender).await;
    let labels = json!({"service": "shop"});
    let message =
        json!({"status": "firing", "commonLabels": labels, "alerts": [{"labels": labels}]});
    let request = client()
        .post(format!(
            "{}/api/v1/alerts?token=s3cret-query",
            world.web.url
        ))
        .bearer_auth(&world.token)
        .header("Cookie", "sessionid=s3cret-cookie")
        .header("Proxy-Authorization", "Basic s3cret-proxy")
        .header("X-Api-Key", "s3cret-key")
        .body(message.to_string());
    assert_eq!(send(request).await.unwrap().status, 202);
    world.ended(3).await;
    let received = sink.received();
    assert_eq!(received.len(), 3);
    for one in received {
        let told = format!("{one:?}");
        assert!(
            !told.contains("s3cret") && !told.contains(&world.token),
            "{told}"
        );
        for header in ["authorization", "cookie", "proxy-authorization", "referer"] {
            assert!(!one.headers.contains_key(header), "{header}");
        }
        assert_eq!(one.query, None);
    }
}

/// Everything that may be read about deliveries, and all that the server logged.
fn told(world: &World) -> String {
    let commands: [&[&str]; 7] = [
        &["alerts", "list", "--format", "json"],
        &["alerts", "show", "1"],
        &["alerts", "show", "1", "--format", "json"],
        &["alerts", "explain", "1"],
        &["tree", "export"],
        &["check"],
        &["doctor"],
    ];
    let mut told = world.web.process.log();
    for command in commands {
        let output = world.installation.run(command);
        told.push_str(&output.stdout);
        told.push_str(&output.stderr);
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_secrets_in_urls_are_told_to_nobody_but_the_receiver() {
    let sink = Sink::start().await;
    let mut senders = Vec::new();
    let hooks = [
        ("good", Behaviour::Status(200)),
        ("echo", Behaviour::Echo(404)),
        ("sick", Behaviour::Echo(500)),
        ("half", Behaviour::HalfBody),
        ("hang", Behaviour::Silence),
        ("moved", Behaviour::Status(302)),
    ];
    for (name, behaviour) in hooks {
        let path = format!("/hooks/{name}/s3cret-path");
        sink.behave(&path, behaviour);
        let place = format!(
            "s3cret-user:s3cret-word@{}{path}?key=s3cret-key",
            sink.address()
        );
        senders.push(format!(
            "{{driver: promgen.notification.webhook, value: 'http://{place}', alias: {name}, secret: s3cret-sign}}"
        ));
    }
    let nowhere = format!("http://s3cret-user@127.0.0.1:{}/s3cret-path", free_port());
    senders.push(format!(
        "{{driver: promgen.notification.webhook, value: '{nowhere}', alias: nowhere}}"
    ));
    let world = World::new(&format!("{QUICK}debug: true\n"), &senders.join(", ")).await;
    world.post().await;
    let ended = world.ended(senders.len()).await;
    assert!(sink.on("/hooks/good/s3cret-path")[0].query.is_some());
    assert_eq!(ended.iter().filter(|one| one["state"] == "dead").count(), 6);
    let told = told(&world);
    assert!(told.contains("delivery given up"), "{told}");
    let at = told
        .find("s3cret")
        .map(|at| &told[at.saturating_sub(200)..at + 20]);
    assert_eq!(at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_addresses_of_sources_and_imports_are_told_without_their_secrets() {
    let sink = Sink::start().await;
    sink.behave("/s3cret-path", Behaviour::Echo(404));
    let place = format!("s3cret-user:s3cret-word@{}/", sink.address());
    let settings = format!(
        "promgen.discovery.http: {{url: 'http://{place}?key=s3cret-key', headers: {{X-Key: s3cret-header}}}}\n"
    );
    let installation = Installation::new(None, &settings);
    installation.ok(&["migrate"]);
    let refused = installation.refused(&["farm", "offers", "http"]);
    assert!(!refused.contains("s3cret"), "{refused}");
    let gone = format!(
        "http://s3cret-user:s3cret-word@127.0.0.1:{}/s3cret?s3cret",
        free_port()
    );
    let refused = installation.refused(&["import-jobs", &gone]);
    assert!(!refused.contains("s3cret"), "{refused}");
}
