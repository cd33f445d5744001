//! The alert history, as people look through it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{Alert, AlertId};
use crate::store::{AnyLabel, Bounds, HistoryFilter, HowMany, Tx};

/// The labels that a search looks at.
const SEARCHED: [&str; 3] = ["service", "project", "job"];

/// What somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// Alerts beyond this one: that came before it, or after it where the oldest come first.
    pub beyond: Option<AlertId>,
    /// Alerts that bear all of these labels.
    pub labels: Vec<(String, String)>,
    /// Alerts of which nothing arrived anywhere.
    pub no_sent: bool,
    /// Alerts with a delivery that was given up.
    pub sent_error: bool,
    /// A part of the name of a service, project or job that the tree has, in any case of letters;
    /// or the whole of any other.
    pub search: String,
}

/// An alert in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The alert, without its body and trace.
    pub alert: Alert,
    /// What the message says of itself: `firing` or `resolved`. Empty while it is not routed, and
    /// when it cannot be.
    pub status: String,
    /// Those of its labels that were asked for: several values where its alerts differ.
    pub labels: BTreeMap<String, Vec<String>>,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The alerts, the newest first or the oldest, as was asked.
    pub rows: Vec<HistoryRow>,
    /// How many there are on all pages.
    pub count: HowMany,
    /// The alert beyond which the next page begins.
    pub next: Option<AlertId>,
}

/// The alerts that somebody looks for and that they may see, with some of their labels.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn history(
    app: &App,
    actor: &Actor,
    query: &HistoryQuery,
    shown: &[&str],
    limit: u64,
) -> Result<History, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let labels = query.labels.iter();
    let mut sets: Vec<AnyLabel> = labels
        .map(|(name, value)| AnyLabel::one(name, value))
        .collect();
    let search = query.search.trim();
    if !search.is_empty() {
        sets.push(named_like(&tx, search).await?);
    }
    if let Some(names) = tx.visible_names(&access.visible()).await? {
        sets.push(AnyLabel(vec![
            ("service".to_owned(), names.services),
            ("project".to_owned(), names.projects),
        ]));
    }
    let filter = HistoryFilter {
        oldest_first: query.oldest_first,
        beyond: query.beyond,
        labels: sets,
        dead: query.sent_error,
        unsent: query.no_sent,
        bounds: Bounds::default(),
    };
    let page = tx.alert_history(&filter, limit).await?;
    let ids: Vec<AlertId> = page.alerts.iter().map(|alert| alert.id).collect();
    let mut labels: BTreeMap<AlertId, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (alert, name, value) in tx.labels_of_alerts(&ids, shown).await? {
        let of = labels.entry(alert).or_default();
        of.entry(name).or_default().push(value);
    }
    let row = |alert: Alert| HistoryRow {
        status: status(&alert.trace),
        labels: labels.remove(&alert.id).unwrap_or_default(),
        alert: Alert {
            trace: String::new(),
            ..alert
        },
    };
    Ok(History {
        rows: page.alerts.into_iter().map(row).collect(),
        count: page.count,
        next: page.next,
    })
}

/// The status of a message, from its trace. That may hold thousands of decisions, which no list
/// shows: they are skipped and not made.
fn status(trace: &str) -> String {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        status: String,
    }
    let told: Option<Told> = serde_json::from_str(trace).ok();
    told.map(|told| told.status).unwrap_or_default()
}

/// Alerts of services, projects and jobs with a text in their names.
///
/// The names are those of the tree: to go through the labels of all alerts would take the longer
/// the more there are.
async fn named_like(tx: &Tx, text: &str) -> Result<AnyLabel, AppError> {
    let (services, projects) = tx.list_owners().await?;
    let services = services.into_iter().map(|it| String::from(it.name));
    let projects = projects.into_iter().map(|it| String::from(it.name));
    let names = [
        services.collect(),
        projects.collect(),
        tx.list_jobs().await?,
    ];
    let part = text.to_lowercase();
    let like = |names: Vec<String>| -> Vec<String> {
        let mut like: Vec<String> = names
            .into_iter()
            .filter(|name| name != text && name.to_lowercase().contains(&part))
            .collect();
        // What is not in the tree any more is found by its whole name.
        like.push(text.to_owned());
        like
    };
    let sets = SEARCHED.into_iter().zip(names);
    let sets = sets.map(|(label, names)| (label.to_owned(), like(names)));
    Ok(AnyLabel(sets.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_trace_nothing_but_the_status_is_read() {
        let traces = [
            (
                r#"{"status":"firing","parts":"unread","decisions":7}"#,
                "firing",
            ),
            (r#"{"error":"no alerts"}"#, ""),
            ("", ""),
        ];
        for (trace, expected) in traces {
            assert_eq!(status(trace), expected, "{trace}");
        }
    }
}
