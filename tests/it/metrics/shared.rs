//! What one process counts is told by another.

use promgen_core::app::metrics;
use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{Actor, App, Options, SchemaPolicy};
use promgen_core::config::Settings;
use promgen_core::model::SystemClock;
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_tests::databases::{Kind, TestDatabase};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use super::told::Told;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_web_tells_what_a_worker_of_its_own_process_delivered_and_what_it_counted_itself() {
    let world = World::new(None, "").await;
    let web = world.installation.web(&["--no-worker"]).await;
    world.post(&web).await;
    let before = world.told(&web, "the post", |told| {
        told.sum("promgen_intake_accepted_total", &[]) > 0.5
    });
    assert!(!before.await.has("promgen_alert_notifications_total"));
    let worker = world.installation.worker(&[]);
    world.sink.first("/good/canary-secret", "firing").await;
    world
        .told(&web, "deliveries to end", |told| {
            told.sum("promgen_deliveries", &[("state", "dead")]) > 1.5
        })
        .await;
    // It writes down what it counted every now and then, and when it ends.
    assert!(worker.terminate().success());
    let told = world
        .told(&web, "what the worker counted", |told| {
            told.sum("promgen_alert_notifications_total", &[]) > 2.5
        })
        .await;
    assert!((told.sum("promgen_alerts_failed_total", &[]) - 2.0).abs() < 0.5);
    assert!((told.sum("promgen_intake_accepted_total", &[]) - 1.0).abs() < 0.5);
    // And what is told outlives whoever counted it.
    assert!(web.process.terminate().success());
    let web = world.installation.web(&["--no-worker"]).await;
    let told = Told::parse(&world.page(&web).await);
    assert!((told.sum("promgen_intake_accepted_total", &[]) - 1.0).abs() < 0.5);
    assert!(told.sum("promgen_alert_notifications_total", &[]) > 2.5);
}

async fn app(database: &TestDatabase) -> App {
    let options = Options {
        settings: Settings {
            database: database.url(),
            ..Settings::default()
        },
        registry: Registry::linked().unwrap(),
        clock: Arc::new(SystemClock),
        create: Create::IfMissing,
        schema: SchemaPolicy::Migrate,
    };
    App::open(options).await.unwrap()
}

async fn requests(app: &App) -> f64 {
    let page = metrics::render(app, &Actor::System).await.unwrap();
    Told::parse(&page).sum("promgen_requests_total", &[("endpoint", "/x")])
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_of_processes_that_end_and_begin_only_grow() {
    let database = TestDatabase::create(Kind::Sqlite).await.expect("a file");
    let count = |app: &App| {
        app.metrics()
            .request("/x", "GET", 200, Duration::from_millis(1));
    };
    let mut last = 0.0;
    for expected in [2.0, 4.0, 6.0] {
        let app = app(&database).await;
        metrics::keep(&app);
        assert!(requests(&app).await >= last, "no process begins at zero");
        for _ in 0..2 {
            count(&app);
            last = requests(&app).await;
        }
        assert!((last - expected).abs() < 0.5, "{last}");
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_takes_its_row_away_when_it_ends() {
    let database = TestDatabase::create(Kind::Sqlite).await.expect("a file");
    let app = app(&database).await;
    let stop = CancellationToken::new();
    let told = async || {
        let page = metrics::render(&app, &Actor::System).await.unwrap();
        Told::parse(&page).sum("promgen_workers", &[("queue", "alerts")])
    };
    let looking = async {
        promgen_tests::wait::until("the worker", async || (told().await > 0.5).then_some(())).await;
        stop.cancel();
    };
    let (worked, ()) = tokio::join!(
        worker::run(app.clone(), Queues::parse(["alerts"]), stop.clone()),
        looking
    );
    worked.unwrap();
    assert_eq!(database.number("SELECT COUNT(*) FROM worker").await, 0);
    app.close().await;
}
