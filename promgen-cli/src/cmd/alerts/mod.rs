//! `promgen alerts`

mod test;
mod upkeep;

use std::collections::BTreeMap;
use std::path::Path;

use promgen_core::alert::{Decision, Routing};
use promgen_core::app::alerts::{self, AlertFilter, AlertReport};
use promgen_core::app::{App, AppError};
use promgen_core::model::{Alert, AlertId, Attempt, Delivery, DeliveryId, Timestamp};
use serde_json::{Value, json};

use crate::args::{Alerts, Args, Format};
use crate::error::CommandError;
use crate::input;
use crate::output::{self, say};
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, command: &Alerts) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    match command {
        Alerts::List { limit, format } => list(&app, *limit, *format).await?,
        Alerts::Show { id, format } => show(&app, AlertId(*id), *format).await?,
        Alerts::Explain { what, file, format } => {
            let routing = explain(&app, what, file.as_deref()).await?;
            output::result(*format, &routing, || decisions(&routing))?;
        }
        Alerts::Prune(prune) => upkeep::prune(&app, prune, args.verbosity).await?,
        Alerts::Index { force } => upkeep::index(&app, *force).await?,
        Alerts::Test(sample) => test::run(&app, sample).await?,
        Alerts::Retry { id, alert: false } => {
            alerts::retry(&app, &operator(), DeliveryId(*id)).await?;
            say(&format!("Delivery {id} is due again"));
        }
        Alerts::Retry { id, alert: true } => {
            let again = alerts::retry_alert(&app, &operator(), AlertId(*id)).await?;
            say(&format!("{again} deliveries of alert {id} are due again"));
        }
    }
    app.close().await;
    Ok(())
}

/// Explains a stored alert, a message in a file, or an alert of these labels.
async fn explain(app: &App, what: &[String], file: Option<&Path>) -> Result<Routing, CommandError> {
    let actor = operator();
    if let Some(file) = file {
        let explained = alerts::explain_message(app, &actor, &input::read(file)?).await;
        return explained.map_err(|error| about(file, error));
    }
    if let [id] = what
        && let Ok(id) = id.parse()
    {
        return Ok(alerts::explain(app, &actor, id).await?);
    }
    let mut labels = BTreeMap::new();
    for text in what {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            let remedy = "give the id of an alert, or labels such as service=shop";
            CommandError::other(format!("{text:?} is neither an id nor a label"), remedy)
        })?;
        labels.insert(name.to_owned(), value.to_owned());
    }
    Ok(alerts::explain_labels(app, &actor, &labels).await?)
}

/// What is wrong with a message, with the file that holds it.
fn about(file: &Path, error: AppError) -> CommandError {
    let AppError::Message(error) = error else {
        return error.into();
    };
    let message = format!("{}: {error}", file.display());
    let remedy = "give what an Alertmanager posts, such as `body` of \
                  `promgen alerts show ID --format json`";
    CommandError::other(message, remedy)
}

async fn list(app: &App, limit: u64, format: Format) -> Result<(), CommandError> {
    let alerts = alerts::list(app, &operator(), AlertFilter::default(), limit).await?;
    let json: Vec<Value> = alerts.iter().map(head).collect();
    output::result(format, &json, || {
        let row = |alert: &Alert| {
            vec![
                alert.id.to_string(),
                alert.created.rfc3339(),
                alert.state.as_str().to_owned(),
                alert.sent_count.to_string(),
                alert.error_count.to_string(),
            ]
        };
        let rows: Vec<_> = alerts.iter().map(row).collect();
        output::table(&["ID", "TIME", "STATE", "SENT", "ERRORS"], &rows)
    })
}

fn head(alert: &Alert) -> Value {
    json!({
        "id": alert.id, "created": alert.created.rfc3339(), "state": alert.state,
        "sent_count": alert.sent_count, "error_count": alert.error_count,
    })
}

async fn show(app: &App, id: AlertId, format: Format) -> Result<(), CommandError> {
    let report = alerts::show(app, &operator(), id).await?;
    output::result(format, &whole(&report), || told(&report))
}

fn whole(report: &AlertReport) -> Value {
    let mut value = head(&report.alert);
    let body = serde_json::from_str(&report.alert.body);
    value["body"] = body.unwrap_or_else(|_| report.alert.body.clone().into());
    value["labels"] = report
        .labels
        .iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    value["routing"] = serde_json::to_value(&report.routing).unwrap_or_default();
    value["deliveries"] = report.deliveries.iter().map(delivery).collect();
    value
}

fn delivery((delivery, attempts): &(Delivery, Vec<Attempt>)) -> Value {
    let attempt = |attempt: &Attempt| {
        json!({
            "number": attempt.number, "started": attempt.started.rfc3339(),
            "took_ms": attempt.took_ms, "outcome": attempt.outcome, "message": attempt.message,
        })
    };
    json!({
        "id": delivery.id, "part": delivery.part, "driver": delivery.driver,
        "shown": shown(delivery), "state": delivery.state,
        "due": delivery.due.rfc3339(), "finished": delivery.finished.map(Timestamp::rfc3339),
        "attempts": attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

/// What may be shown of where it goes: a value with an alias is a secret.
fn shown(delivery: &Delivery) -> &str {
    if delivery.alias.is_empty() {
        &delivery.value
    } else {
        &delivery.alias
    }
}

fn told(report: &AlertReport) -> String {
    let alert = &report.alert;
    let mut lines = vec![
        format!(
            "alert {} of {}: {}",
            alert.id,
            alert.created,
            alert.state.as_str()
        ),
        format!("sent {}, errors {}", alert.sent_count, alert.error_count),
    ];
    lines.extend(
        report
            .labels
            .iter()
            .map(|(name, value)| format!("  {name} = {value}")),
    );
    if let Some(routing) = &report.routing {
        lines.push(decisions(routing));
    }
    for (delivery, attempts) in &report.deliveries {
        let (id, state) = (delivery.id, delivery.state.as_str());
        lines.push(format!(
            "delivery {id} by {} to {}: {state}",
            delivery.driver,
            shown(delivery)
        ));
        for attempt in attempts {
            let (number, outcome) = (attempt.number, attempt.outcome.as_str());
            let (at, took) = (attempt.started, attempt.took_ms);
            lines.push(format!(
                "  {number}. {at}, {took} ms: {outcome}: {}",
                attempt.message
            ));
        }
    }
    lines.join("\n")
}

fn decisions(routing: &Routing) -> String {
    if routing.decisions.is_empty() {
        return "no candidates: no label names a service or project that has notifiers".to_owned();
    }
    let row = |decision: &Decision| {
        vec![
            decision.part.to_string(),
            format!("{} {}", decision.owner_kind, decision.owner),
            decision.driver.clone(),
            decision.shown.clone(),
            decision.reason.words().to_owned(),
        ]
    };
    let rows: Vec<_> = routing.decisions.iter().map(row).collect();
    output::table(&["PART", "OF", "DRIVER", "TO", "REASON"], &rows)
}
