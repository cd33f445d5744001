//! Talking to the Prometheus of this host: reload, and reading back what it loaded.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::app::feed::Outputs;
use crate::app::{App, AppError};
use crate::config::Settings;
use crate::egress::Class;
use crate::model::PromDuration;
use crate::plugin::{HttpRequest, HttpResponse, Method};
use crate::render::{self, RuleOptions, Select};

/// Loading a large configuration takes Prometheus seconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// Most bytes of an answer about rules: some thousand rules take a megabyte.
const ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// Asks Prometheus to load its files anew (`POST {prometheus.url}/-/reload`; a path prefix of the
/// setting is kept).
///
/// # Errors
/// [`AppError::Invalid`] without `prometheus.url`, [`AppError::Peer`] when Prometheus cannot be
/// reached, refuses the files, or was started without `--web.enable-lifecycle`.
pub async fn reload(app: &App) -> Result<(), AppError> {
    let answer = ask(app, Method::Post, "/-/reload").await?;
    match answer.status {
        200..=299 => Ok(()),
        403..=405 => Err(AppError::Peer {
            message: "Prometheus takes no reload; start it with --web.enable-lifecycle".to_owned(),
        }),
        status => {
            let said = String::from_utf8_lossy(&answer.body).trim().to_owned();
            Err(AppError::Peer {
                message: format!("Prometheus refused the reload ({status}): {said}"),
            })
        }
    }
}

/// Frees the disk of series that were deleted (`POST
/// {prometheus.url}/api/v1/admin/tsdb/clean_tombstones`).
///
/// # Errors
/// As [`reload`], but for `--web.enable-admin-api`.
pub async fn clean_tombstones(app: &App) -> Result<(), AppError> {
    let answer = ask(app, Method::Post, "/api/v1/admin/tsdb/clean_tombstones").await?;
    if (200..=299).contains(&answer.status) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.body).trim().to_owned();
    // Without the flag, Prometheus calls its own administration unavailable; the status depends on
    // its version.
    let refusal: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    let message = if refusal.is_some_and(|refused| refused.error_type == "unavailable") {
        format!("Prometheus clears no tombstones; start it with --web.enable-admin-api: {said}")
    } else {
        format!(
            "Prometheus cleared no tombstones ({}): {said}",
            answer.status
        )
    };
    Err(AppError::Peer { message })
}

/// Compares the rules that Prometheus has loaded with those of `outputs`: groups by name, and of
/// each rule the kind, name, labels, annotations and durations, in order. Expressions are left out:
/// Prometheus prints them in its own form.
pub(super) async fn check_rules(app: &App, outputs: &Outputs) -> Result<(), AppError> {
    if app.settings().prometheus.rules.is_none() {
        return Ok(());
    }
    let options = RuleOptions::from(app.settings());
    let expected = render::rule_groups(outputs.tree(), &Select::All, &options);
    let answer = ask(app, Method::Get, "/api/v1/rules").await?;
    let loaded: Answer = serde_json::from_slice(&answer.body).map_err(|error| AppError::Peer {
        message: format!(
            "Prometheus answered {} without its rules: {error}",
            answer.status
        ),
    })?;
    let loaded: BTreeMap<&str, &Group> = loaded
        .data
        .groups
        .iter()
        .map(|group| (group.name.as_str(), group))
        .collect();
    for group in &expected {
        let found = loaded
            .get(group.name.as_str())
            .map_or(&[][..], |group| &group.rules);
        if !same(&group.rules, found) {
            let message = format!(
                "after the reload, Prometheus has not the rules of {}",
                group.name
            );
            return Err(AppError::Peer { message });
        }
    }
    Ok(())
}

fn same(expected: &[render::RuleEntry], found: &[Rule]) -> bool {
    expected.len() == found.len()
        && expected.iter().zip(found).all(|(ours, theirs)| {
            theirs.name == ours.name
                && theirs.labels == ours.labels
                && theirs.annotations == ours.annotations
                && millis(theirs.duration) == ours.duration.as_ref().map_or(0, PromDuration::millis)
                && millis(theirs.keep_firing_for)
                    == ours
                        .keep_firing_for
                        .as_ref()
                        .map_or(0, PromDuration::millis)
        })
}

fn millis(seconds: f64) -> u64 {
    u64::try_from(
        Duration::try_from_secs_f64(seconds)
            .unwrap_or_default()
            .as_millis(),
    )
    .unwrap_or(u64::MAX)
}

/// The address of the Prometheus of this host, without a slash at its end.
///
/// # Errors
/// [`AppError::Invalid`] without `prometheus.url`.
pub fn own_url(settings: &Settings) -> Result<&str, AppError> {
    let url = settings.prometheus.url.as_deref().ok_or_else(|| {
        let remedy = "set it to the address of the Prometheus of this host";
        AppError::invalid("prometheus.url", "is not set", remedy)
    })?;
    Ok(url.trim_end_matches('/'))
}

async fn ask(app: &App, method: Method, path: &str) -> Result<HttpResponse, AppError> {
    let url = format!("{}{path}", own_url(app.settings())?);
    let request = HttpRequest {
        method,
        url,
        headers: Vec::new(),
        body: Vec::new(),
        proxy: None,
    };
    let answer = app
        .egress()
        .request_sized(Class::Infra, request, PATIENCE, ANSWER_BYTES)
        .await;
    answer.map_err(|error| AppError::Peer {
        message: format!("Prometheus: {error}"),
    })
}

/// What Prometheus says of a question that it does not answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    error_type: String,
}

#[derive(Debug, Deserialize)]
struct Answer {
    data: Groups,
}

#[derive(Debug, Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    keep_firing_for: f64,
}
