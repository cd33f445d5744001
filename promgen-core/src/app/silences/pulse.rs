//! What services are like at the moment, in numbers for lists of them.

use super::around::{About, around};
use super::read::Silenced;
use super::rights::conditions;
use crate::app::{Actor, App, AppError};

/// What fires of a service, and what is silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// Its active alerts; `None` when there may be some that no Alertmanager told.
    pub alerts: Option<u64>,
    /// The silences about it that are not over.
    pub silences: u64,
}

/// What these services are like, by their names and in their order, as far as the actor may see it;
/// `None` where there is no Alertmanager.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not see silences. That an Alertmanager does not answer is
/// no error, and costs a second at most.
pub async fn pulses(
    app: &App,
    actor: &Actor,
    services: &[&str],
) -> Result<Option<Vec<Pulse>>, AppError> {
    let around = around(app, actor, &About::Mine).await?;
    if !around.configured {
        return Ok(None);
    }
    let conditions = |silence: &Silenced| conditions(&silence.matchers).ok();
    let silences: Vec<_> = around.silences.iter().filter_map(conditions).collect();
    let pulse = |service: &&str| {
        let alerts = around.alerts.iter();
        let alerts =
            alerts.filter(|alert| alert.labels.get("service").is_some_and(|s| s == service));
        let alerts = count(alerts);
        let about = silences
            .iter()
            .filter(|one| one.name("service") && one.let_pass("service", service));
        Pulse {
            alerts: (around.trouble.is_empty() || alerts > 0).then_some(alerts),
            silences: count(about),
        }
    };
    Ok(Some(services.iter().map(pulse).collect()))
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}
