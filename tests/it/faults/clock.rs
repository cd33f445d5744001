//! A clock that jumps while deliveries wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{Actor, App, Options, SchemaPolicy, alerts, intake};
use promgen_core::config;
use promgen_core::model::{AlertId, AttemptOutcome, Clock, DeliveryState, Timestamp};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_plugins as _;
use promgen_tests::databases::{Kind, TestDatabase};
use promgen_tests::sink::{Behaviour, Received, Sink};
use promgen_tests::wait::until;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const DAY: Duration = Duration::from_hours(24);

/// Stands still until somebody turns its hands.
#[derive(Debug)]
struct ManualClock(AtomicI64);

impl ManualClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// A worker of this process, with a service for each path.
struct World {
    app: App,
    clock: Arc<ManualClock>,
    sink: Sink,
    stop: CancellationToken,
    working: JoinSet<Result<(), promgen_core::app::AppError>>,
    _database: TestDatabase,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::create(Kind::Sqlite).await.expect("a file");
        let mut settings = config::parse("egress: {allow: [127.0.0.0/8]}\n")
            .unwrap()
            .settings;
        settings.database = database.url();
        let clock = Arc::new(ManualClock(AtomicI64::new(1_800_000_000_000)));
        let options = Options {
            settings,
            registry: Registry::linked().unwrap(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            create: Create::IfMissing,
            schema: SchemaPolicy::Migrate,
        };
        let app = App::open(options).await.unwrap();
        let sink = Sink::start().await;
        let service = |name: &str| {
            let url = sink.url(&format!("/{name}"));
            format!(
                "- {{name: {name}, senders: [{{driver: promgen.notification.webhook, value: '{url}'}}]}}\n"
            )
        };
        let services = [service("failing"), service("held"), service("later")].concat();
        let document = format!("promgen: 1\nservices:\n{services}");
        let actor = Actor::operator("test");
        let applied = tree::apply(&app, &actor, &document, ApplyOptions::default()).await;
        applied.unwrap_or_else(|error| panic!("{error}"));
        sink.behave("/failing", Behaviour::Status(500));
        sink.behave("/held", Behaviour::Held);
        let (stop, mut working) = (CancellationToken::new(), JoinSet::new());
        let queues = Queues::parse(["alerts"]);
        working.spawn(worker::run(app.clone(), queues, stop.clone()));
        Self {
            app,
            clock,
            sink,
            stop,
            working,
            _database: database,
        }
    }

    async fn post(&self, service: &str) {
        let body = format!(
            r#"{{"status": "firing", "groupKey": "g", "commonLabels": {{"service": "{service}"}}}}"#
        );
        let actor = Actor::operator("test");
        intake::accept(&self.app, &actor, body.into())
            .await
            .unwrap();
    }

    /// How the delivery of an alert stands: its state, and the outcomes of its attempts.
    async fn delivery(&self, alert: i64) -> (DeliveryState, Vec<AttemptOutcome>) {
        let actor = Actor::operator("test");
        let report = alerts::show(&self.app, &actor, AlertId(alert))
            .await
            .unwrap();
        assert_eq!(report.deliveries.len(), 1);
        let (delivery, attempts) = &report.deliveries[0];
        let outcomes = attempts.iter().map(|attempt| attempt.outcome);
        (delivery.state, outcomes.collect())
    }

    async fn until_sent(&self, alert: i64) {
        until(&format!("the delivery of alert {alert}"), async || {
            (self.delivery(alert).await.0 == DeliveryState::Sent).then_some(())
        })
        .await;
    }

    /// One delivery that waits for its next attempt, and one in the middle of its first.
    async fn pending(&self) {
        self.post("failing").await;
        self.post("held").await;
        until("a failure that is recorded", async || {
            (self.delivery(1).await.1 == [AttemptOutcome::Retry]).then_some(())
        })
        .await;
        until("an attempt under way", async || {
            (self.sink.count("/held") == 1).then_some(())
        })
        .await;
    }

    /// The receivers are well again.
    fn mend(&self) {
        self.sink.behave("/failing", Behaviour::Status(200));
        self.sink.behave("/held", Behaviour::Status(200));
    }

    /// Each delivery was recorded as sent once, and came under one id.
    async fn assert_sent_once(mut self, alerts: i64) {
        for alert in 1..=alerts {
            self.until_sent(alert).await;
            let (_, outcomes) = self.delivery(alert).await;
            let sent = |outcome: &&AttemptOutcome| **outcome == AttemptOutcome::Sent;
            assert_eq!(outcomes.iter().filter(sent).count(), 1, "{outcomes:?}");
        }
        for path in ["/failing", "/held", "/later"] {
            let received = self.sink.on(path);
            let ids: std::collections::BTreeSet<&str> =
                received.iter().map(Received::delivery).collect();
            assert!(ids.len() <= 1, "{path}: {ids:?}");
        }
        self.stop.cancel();
        while let Some(ended) = self.working.join_next().await {
            ended.unwrap().unwrap();
        }
        self.app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_clock_that_jumps_ahead_neither_loses_nor_doubles() {
    let world = World::new().await;
    world.pending().await;
    world.mend();
    world.clock.set(world.clock.now().plus(DAY));
    world.post("later").await;
    world.assert_sent_once(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_clock_that_jumps_back_neither_loses_nor_doubles() {
    let world = World::new().await;
    world.pending().await;
    let back = world.clock.now().minus(DAY);
    world.clock.set(back);
    world.mend();
    // What comes in goes out at once, and what was under way is completed.
    world.post("later").await;
    world.until_sent(3).await;
    world.until_sent(2).await;
    // What is to be tried again does not wait for a day.
    world.assert_sent_once(3).await;
}
