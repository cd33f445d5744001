//! `promgen alerts test`

use std::time::Duration;

use promgen_core::app::App;
use promgen_core::app::alerts::{self, AlertReport, Sample};
use promgen_core::app::worker::{self, Queues};
use promgen_core::model::{AlertId, DeliveryState};
use tokio_util::sync::CancellationToken;

use super::{decisions, shown};
use crate::args::TestAlert;
use crate::error::CommandError;
use crate::output::say;
use crate::session::operator;

/// How often there is a look at what became of it.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Stores the alert, and works the queue until each delivery was tried.
pub(super) async fn run(app: &App, test: &TestAlert) -> Result<(), CommandError> {
    let sample = Sample {
        shard: &test.shard,
        service: &test.service,
        project: &test.project,
    };
    let tested = alerts::test(app, &operator(), &sample).await?;
    say(&format!("Stored alert {}", tested.alert));
    say(&decisions(&tested.routing));
    let stop = CancellationToken::new();
    let queues = Queues {
        alerts: true,
        servers: Vec::new(),
    };
    let watched = async {
        let report = tried(app, tested.alert).await;
        stop.cancel();
        report
    };
    let (worked, report) = tokio::join!(worker::run(app.clone(), queues, stop.clone()), watched);
    worked?;
    tell(&report?)
}

/// The alert, once each of its deliveries was tried. The deadline of an attempt bounds the wait.
async fn tried(app: &App, alert: AlertId) -> Result<AlertReport, CommandError> {
    loop {
        let report = alerts::show(app, &operator(), alert).await?;
        if report
            .deliveries
            .iter()
            .all(|(delivery, attempts)| delivery.state.is_terminal() || !attempts.is_empty())
        {
            return Ok(report);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn tell(report: &AlertReport) -> Result<(), CommandError> {
    let mut failed = 0;
    for (delivery, attempts) in &report.deliveries {
        let said = attempts
            .last()
            .map_or("", |attempt| attempt.message.as_str());
        let state = delivery.state.as_str();
        say(&format!(
            "{} to {}: {state}: {said}",
            delivery.driver,
            shown(delivery)
        ));
        failed += usize::from(delivery.state != DeliveryState::Sent);
    }
    if failed == 0 {
        return Ok(());
    }
    let message = format!("{failed} of {} deliveries failed", report.deliveries.len());
    let remedy = format!("`promgen alerts show {}` tells more", report.alert.id);
    Err(CommandError::other(message, remedy))
}
