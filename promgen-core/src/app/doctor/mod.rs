//! What `promgen doctor` looks at: everything that this Promgen depends on, one finding each, with
//! a remedy for what is not well.

mod data;
mod peers;

use serde::Serialize;

use super::{Actor, App, AppError, Right, check};
use crate::config::Settings;
use crate::model::{Problem, Severity};
use crate::plugin::Registry;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// Well.
    Ok,
    /// It works, but somebody should look.
    Warning,
    /// It does not work.
    Error,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub condition: Condition,
    /// What was looked at.
    pub subject: String,
    /// What was seen.
    pub message: String,
    /// What to do; empty where all is well.
    pub remedy: String,
}

impl Finding {
    /// Something that is well.
    pub fn ok(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            condition: Condition::Ok,
            subject: subject.into(),
            message: message.into(),
            remedy: String::new(),
        }
    }

    /// Something that somebody should look at.
    pub fn warning(
        subject: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            condition: Condition::Warning,
            remedy: remedy.into(),
            ..Self::ok(subject, message)
        }
    }

    /// What somebody has to say about a subject.
    fn of(subject: &str, problem: Problem) -> Self {
        match problem.severity {
            Severity::Error => Self::error(subject, problem.message, problem.remedy),
            Severity::Warning => Self::warning(subject, problem.message, problem.remedy),
        }
    }

    /// Something that does not work.
    pub fn error(
        subject: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            condition: Condition::Error,
            ..Self::warning(subject, message, remedy)
        }
    }
}

/// Looks at the settings: output folders, promtool, plugins that refuse theirs. Needs no database.
pub fn settings(settings: &Settings, registry: &Registry) -> Vec<Finding> {
    let problems = check::without_complaints(settings, registry);
    if problems.is_empty() {
        return vec![Finding::ok("settings", "nothing to mend")];
    }
    let finding = |problem: Problem| Finding::of(&format!("settings {}", problem.field), problem);
    problems.into_iter().map(finding).collect()
}

/// Looks at the database that is open, at what it holds, and at every Prometheus and Alertmanager.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to administer; what is wrong is a finding, no error.
pub async fn run(app: &App, actor: &Actor) -> Result<Vec<Finding>, AppError> {
    actor.require(Right::Administer, app.settings())?;
    let mut findings = data::run(app).await?;
    findings.extend(peers::run(app).await?);
    Ok(findings)
}
