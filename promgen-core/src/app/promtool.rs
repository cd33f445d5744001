//! A second opinion on rules, by the program that the operator names: on changed ones before they
//! are stored, and on all of them before they are written for a Prometheus.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use super::{App, AppError, random};
use crate::model::{Problem, Rule, RuleId, Tree};
use crate::render::{self, RuleOptions, Select};
use crate::rules::OverrideIndex;

/// How long the program may take. A large file takes promtool about a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the program says of changed rules; of none, when there is no program.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    /// It takes all of them, so that what only the native parser finds is no error.
    pub(super) accepts: bool,
    /// What it says else.
    pub(super) problems: Vec<Problem>,
}

/// Asks about the rules that are to be otherwise than they are.
///
/// To be called outside of any transaction: the program may take its time.
pub(super) async fn opinion(app: &App, current: &Tree, target: &Tree) -> Opinion {
    let changed = changed_rules(current, target);
    if app.settings().prometheus.promtool.is_none() || changed.is_empty() {
        return Opinion::default();
    }
    // The others still count as overrides, and are not written.
    let mut rules = target.rules.clone();
    for rule in &mut rules {
        rule.enabled = changed.contains(&rule.id);
    }
    let asked = Tree {
        services: target.services.clone(),
        projects: target.projects.clone(),
        rules,
        ..Tree::empty(target.site.clone())
    };
    let text = render::rules(&asked, &Select::All, &RuleOptions::from(app.settings()));
    match check(app, text.as_bytes()).await {
        Ok(()) => Opinion {
            accepts: true,
            problems: Vec::new(),
        },
        Err(AppError::Invalid { problems }) => Opinion {
            accepts: false,
            problems,
        },
        // Whoever changes a rule cannot mend the program of a Prometheus host.
        Err(error) => Opinion {
            accepts: false,
            problems: vec![Problem::warning(
                "prometheus.promtool",
                format!("gave no second opinion: {error}"),
                "see that it can be run here, or take the setting out",
            )],
        },
    }
}

/// Rules that differ, or whose overrides do.
pub(super) fn changed_rules(current: &Tree, target: &Tree) -> BTreeSet<RuleId> {
    let (before, after) = (OverrideIndex::new(current), OverrideIndex::new(target));
    let same = |rule: &&Rule| {
        current.rule(rule.id) == Some(*rule) && before.of(rule.id) == after.of(rule.id)
    };
    let changed = target.rules.iter().filter(|rule| !same(rule));
    changed.map(|rule| rule.id).collect()
}

/// Runs `PROMTOOL check rules FILE` where `prometheus.promtool` is set.
///
/// # Errors
/// [`AppError::Invalid`] with the program's output when it refuses the rules,
/// [`AppError::File`] when it cannot be run.
pub(super) async fn check(app: &App, rules: &[u8]) -> Result<(), AppError> {
    let Some(program) = &app.settings().prometheus.promtool else {
        return Ok(());
    };
    let path = std::env::temp_dir().join(format!(
        "promgen-{}.rule.yml",
        hex::encode(random::bytes::<8>()?)
    ));
    let failed = |source| AppError::File {
        path: program.clone(),
        source,
    };
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(rules));
    written.map_err(|source| AppError::File {
        path: path.clone(),
        source,
    })?;
    let mut command = tokio::process::Command::new(program);
    command
        .args(["check", "rules"])
        .arg(&path)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let answered = tokio::time::timeout(PATIENCE, command.output()).await;
    // Best effort: the verdict is what matters.
    tokio::fs::remove_file(&path).await.ok();
    let output = answered
        .map_err(|_| AppError::Peer {
            message: format!("{} did not end", program.display()),
        })?
        .map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    Err(AppError::invalid(
        "rules",
        said.replace(&*path.to_string_lossy(), "the rules"),
        "mend the rule that is named; nothing was written",
    ))
}
