//! Whether this Promgen can do its work: for probes, and for `promgen doctor`.

use std::time::Duration;

use serde::Serialize;

use super::worker::Seen;
use super::{App, AppError};

/// Most time for all checks: probes ask every few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// One thing that must be well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `database`, `schema` or `worker`.
    pub name: &'static str,
    /// Whether it is.
    pub ok: bool,
    /// What was seen, without anything that is not for everybody.
    pub message: String,
}

/// Whether everything that must be well is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// All checks are well.
    pub ready: bool,
    /// Each of them.
    pub checks: Vec<Check>,
}

/// Looks whether the database answers, its schema is that of this program, and a worker was heard
/// lately. Open to everybody, so it tells no more than that.
pub async fn ready(app: &App) -> Readiness {
    let looked = tokio::time::timeout(PATIENCE, look(app)).await;
    let checks = looked.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        unknown(&format!("no answer within {seconds} s"))
    });
    Readiness {
        ready: checks.iter().all(|check| check.ok),
        checks,
    }
}

async fn look(app: &App) -> Vec<Check> {
    let schema = match app.store().schema().await {
        Ok(schema) => schema.require_current(),
        Err(error) => {
            tracing::debug!(%error, "not ready");
            return unknown("does not answer");
        }
    };
    let schema = match schema {
        Ok(()) => check("schema", true, "current"),
        Err(error) => check("schema", false, &error.to_string()),
    };
    let worker = if schema.ok {
        worker(app).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "not ready");
            check("worker", false, "not known: the database does not answer")
        })
    } else {
        check("worker", false, "not known: the schema is not current")
    };
    vec![check("database", true, "answers"), schema, worker]
}

async fn worker(app: &App) -> Result<Check, AppError> {
    let seen = workers(app).await?;
    Ok(match seen.alerts {
        0 => check(
            "worker",
            false,
            "none that delivers alerts was heard within a minute",
        ),
        count => check("worker", true, &format!("{count} heard within a minute")),
    })
}

/// How many workers were heard lately.
pub(super) async fn workers(app: &App) -> Result<Seen, AppError> {
    let tx = app.store().read_tx().await?;
    let workers = tx.list_workers().await?;
    Ok(Seen::of(&workers, app.now()))
}

/// The checks while the database does not answer.
fn unknown(database: &str) -> Vec<Check> {
    let not_known = "not known: the database does not answer";
    vec![
        check("database", false, database),
        check("schema", false, not_known),
        check("worker", false, not_known),
    ]
}

fn check(name: &'static str, ok: bool, message: &str) -> Check {
    Check {
        name,
        ok,
        message: message.to_owned(),
    }
}
