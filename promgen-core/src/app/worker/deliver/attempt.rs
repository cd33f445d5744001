//! Making one attempt.

use std::time::{Duration, Instant};

use super::class::ErrorClass;
use super::job::{Job, Load};
use crate::alert::Message;
use crate::app::App;
use crate::app::writer::Done;
use crate::delivery::Health;
use crate::egress::{EgressContext, Exchange};
use crate::model::{Secret, Timestamp};
use crate::plugin::{NotifyContext, NotifyError, Receipt, Target};

pub(super) async fn attempt(app: &App, job: Job) -> Done {
    let started = app.now();
    // The monotonic clock, for a duration only; what is stored comes from the app's clock.
    let begun = Instant::now();
    let deadline = app.settings().delivery.timeout;
    let exchange = Exchange::default();
    let sending = send(app, &job, started, deadline, exchange.clone());
    let sent = tokio::time::timeout(deadline, sending).await;
    let error = match &sent {
        Ok(Ok(_)) => None,
        Ok(Err(_)) if !has_driver(app, &job) => Some(ErrorClass::Driver),
        Ok(Err(_)) => Some(ErrorClass::of(&exchange)),
        Err(_) => Some(ErrorClass::Timeout),
    };
    let outcome = sent.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", deadline.as_secs_f64());
        Err(NotifyError::Retry {
            after: None,
            message,
        })
    });
    let health = match &outcome {
        Err(NotifyError::Retry { after, .. }) => Health::Ill(*after),
        Ok(_) | Err(NotifyError::Permanent { .. }) => Health::Well,
    };
    job.ticket.used(health);
    Done {
        deliveries: job.loads.into_iter().map(|load| load.delivery).collect(),
        lease: job.lease,
        started,
        took: begun.elapsed(),
        outcome,
        error,
    }
}

fn has_driver(app: &App, job: &Job) -> bool {
    let key = job.loads.first().map(|load| load.delivery.driver.as_str());
    let driver = key.and_then(|key| app.drivers().get(key));
    matches!(driver, Some(Ok(_)))
}

async fn send(
    app: &App,
    job: &Job,
    now: Timestamp,
    deadline: Duration,
    exchange: Exchange,
) -> Result<Receipt, NotifyError> {
    let permanent = |message: String| NotifyError::Permanent { message };
    let Some((first, further)) = job.loads.split_first() else {
        return Err(permanent("there is nothing to send".to_owned()));
    };
    let delivery = &first.delivery;
    let message = |load: &Load| -> Result<Message, NotifyError> {
        load.message.as_ref().clone().map_err(permanent)
    };
    let driver = app.driver(&delivery.driver)?;
    let target = Target {
        value: Secret::new(delivery.value.clone()),
        secret: job.secret.clone(),
    };
    let context = EgressContext {
        client: app.egress().clone(),
        message: message(first)?,
        further: further.iter().map(message).collect::<Result<_, _>>()?,
        alert: delivery.alert,
        delivery: delivery.id,
        attempt: delivery.attempts,
        now,
        deadline,
        exchange,
    };
    driver.send(&context as &dyn NotifyContext, &target).await
}
