//! S10: secrets of every kind are put in, everything that can be asked for is asked for as everybody,
//! and none of them comes out (CVE-2025-3415, CVE-2024-11741, line/promgen#576).

use std::io::Write;
use std::sync::{Arc, Mutex};

use promgen_core::app::tree;
use promgen_core::model::{
    Secret, Sender, SenderId, SenderOwner, ServiceId, ShardId, User, UserId,
};
use promgen_core::tree::ExportOptions;

use super::matrix::objects::Cast;
use super::world::operator;

/// What must never be seen. Each is the only place where its word occurs.
const CANARIES: [&str; 10] = [
    "canary-of-an-alias",
    "canary-of-a-signature",
    "canary-of-a-shard",
    "canary-of-a-password",
    "canary-of-a-token",
    "canary-of-a-person",
    "canary-of-slack",
    "canary-of-a-path",
    "canary-of-a-query",
    "canary-of-alertmanager",
];

/// Writes the canaries the way the program itself does, audit entries included.
async fn release(cast: &Cast) {
    let document = r"
promgen: 1
shards: [{name: shard-a, authorization: Bearer canary-of-a-shard}]
services:
  - name: svc-000
    senders:
      - driver: promgen.notification.webhook
        value: https://chat.example.com/canary-of-an-alias
        alias: on-call
        secret: canary-of-a-signature
      - {driver: promgen.notification.linenotify, value: canary-of-a-token, alias: token}
      - driver: promgen.notification.slack
        value: https://hooks.slack.com/services/T000/B000/canary-of-slack
      - driver: promgen.notification.webhook
        value: https://chat.example.com/hook/canary-of-a-path?key=canary-of-a-query
      - driver: promgen.notification.alertmanager
        value: https://robot:canary-of-alertmanager@am.example.com/api/v2/alerts
";
    let world = cast.world();
    world.apply(document).await;
    let app = &world.app;
    let tx = app.store().write_tx().await.unwrap();
    tx.set_password(UserId(1), Some("canary-of-a-password"))
        .await
        .unwrap();
    let personal = Sender {
        id: SenderId(0),
        driver: "promgen.notification.webhook".to_owned(),
        value: "https://chat.example.com/canary-of-a-person".to_owned(),
        alias: "mine".to_owned(),
        owner: SenderOwner::User(UserId(1)),
        added_by: None,
        enabled: true,
        secret: Some(Secret::new("canary-of-a-signature".to_owned())),
        filters: Vec::new(),
    };
    tx.insert_sender(&personal).await.unwrap();
    tx.commit().await.unwrap();
    // What is released must be there, or else nothing is shown by its absence.
    let shown = ExportOptions {
        secrets: true,
        ..ExportOptions::default()
    };
    let text = tree::export(app, &operator(), &shown).await.unwrap();
    for canary in CANARIES
        .iter()
        .filter(|canary| !canary.contains("password"))
    {
        assert!(
            text.contains(canary),
            "{canary} is not in the tree:\n{text}"
        );
    }
    let tx = app.store().read_tx().await.unwrap();
    let outline = tx.load_outline().await.unwrap();
    assert!(outline.shard(ShardId(2)).is_some() && outline.service(ServiceId(1)).is_some());
    assert!(outline.users.iter().any(|user: &User| user.id == UserId(1)));
}

/// The id of the notifier whose value is a URL of Slack.
async fn slack(cast: &Cast) -> String {
    let tx = cast.world().app.store().read_tx().await.unwrap();
    let owner = SenderOwner::Service(ServiceId(1));
    let senders = tx.list_senders_of(owner).await.unwrap();
    let slack = senders.iter().find(|one| one.value.contains("slack"));
    slack.unwrap().id.to_string()
}

/// What is written to the log, kept.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// On one thread, for which alone the log is kept.
#[tokio::test]
async fn s10_no_secret_is_seen_by_anybody() {
    let log = Log::default();
    let writer = log.clone();
    let kept = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _keeping = tracing::subscriber::set_default(kept);
    tracing::info!("the log is kept");
    let mut cast = Cast::new().await;
    release(&cast).await;
    let (alert, delivery) = cast.alert("svc-000").await;
    let (alert, delivery) = (alert.to_string(), delivery.to_string());
    let slack = slack(&cast).await;
    for (part, own) in [
        ("alert", &alert),
        ("alerts", &alert),
        ("deliveries", &delivery),
        ("notifier", &slack),
        ("notifiers", &slack),
    ] {
        cast.speak_of(part, own);
    }
    let mut told = cast.crawl().await;
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the log is kept"));
    told.push(("the log".to_owned(), logged));
    assert!(told.len() > 300, "only {} answers", told.len());
    let mut seen = Vec::new();
    for (asked, answer) in &told {
        seen.extend(
            CANARIES
                .iter()
                .filter(|canary| answer.contains(**canary))
                .map(|canary| format!("{asked}: {canary}")),
        );
    }
    assert!(seen.is_empty(), "{}", seen.join("\n"));
    // What tells them apart is seen where they are listed.
    for host in ["hooks.slack.com", "chat.example.com", "am.example.com"] {
        let start = format!("https://{host}/… (");
        for page in ["/service/1".to_owned(), format!("/alert/{alert}")] {
            let page = format!("viewer: GET {page}");
            let lists = |one: &(String, String)| one.0 == page && one.1.contains(&start);
            assert!(told.iter().any(lists), "{page}: {host}");
        }
    }
}
