//! `promgen doctor`

use promgen_core::app::SchemaPolicy;
use promgen_core::app::doctor::{self, Condition, Finding};
use promgen_core::store::Create;

use crate::args::{Args, Format};
use crate::error::CommandError;
use crate::output;
use crate::session::{self, operator};

/// Looks at everything, also when the first thing is broken, and fails when something is.
pub(super) async fn run(args: &Args, format: Format) -> Result<(), CommandError> {
    let findings = look(args).await?;
    output::result(format, &findings, || {
        let lines: Vec<String> = findings.iter().map(line).collect();
        lines.join("\n")
    })?;
    let broken = findings
        .iter()
        .filter(|finding| finding.condition == Condition::Error)
        .count();
    if broken == 0 {
        return Ok(());
    }
    let message = format!("{broken} of {} things do not work", findings.len());
    Err(CommandError::other(message, "do what stands behind each"))
}

async fn look(args: &Args) -> Result<Vec<Finding>, CommandError> {
    let loaded = session::settings(args)?;
    let mut findings = doctor::settings(&loaded.settings, &session::registry()?);
    match session::open_with(loaded, Create::Never, SchemaPolicy::Require).await {
        Ok(app) => {
            findings.extend(doctor::run(&app, &operator()).await?);
            app.close().await;
        }
        Err(error) => {
            let mut lines = error.lines().into_iter();
            let message = lines.next().unwrap_or_default();
            let remedy = lines.next().unwrap_or_default();
            findings.push(Finding::error(
                "database",
                message.trim_start_matches("error: "),
                remedy.trim_start_matches("remedy: "),
            ));
        }
    }
    Ok(findings)
}

fn line(finding: &Finding) -> String {
    let word = match finding.condition {
        Condition::Ok => "ok     ",
        Condition::Warning => "warning",
        Condition::Error => "error  ",
    };
    let remedy = if finding.remedy.is_empty() {
        String::new()
    } else {
        format!("; {}", finding.remedy)
    };
    format!("{word} {}: {}{remedy}", finding.subject, finding.message)
}
