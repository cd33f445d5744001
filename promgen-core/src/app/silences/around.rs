//! What fires and what is silenced around something that a page shows.
//!
//! An Alertmanager that does not answer costs such a page a second at most, and never the page.

use std::collections::BTreeMap;

use super::affected::{Deed, Mine, Objects};
use super::held::{RawMatcher, SilenceState};
use super::known::Known;
use super::merge::Entry;
use super::peers::Peers;
use super::read::{Silenced, sees, shown};
use super::recent::{ActiveAlert, Snapshot};
use super::rights::conditions;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{ProjectId, Service, ServiceId};
use crate::store::Tx;

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Everything that whoever asks may see.
    Mine,
    /// A service.
    Service(ServiceId),
    /// A project.
    Project(ProjectId),
    /// A rule, by its name.
    Rule(String),
    /// A host, by its name.
    Host(String),
}

/// What fires and what is silenced.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The alerts, the loud ones first, then the newest.
    pub alerts: Vec<ActiveAlert>,
    /// The silences that are not over.
    pub silences: Vec<Silenced>,
    /// Why this may not be all, or is nothing.
    pub trouble: Vec<String>,
    /// Whether there is any Alertmanager to ask.
    pub configured: bool,
}

/// What a silence to be would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The alerts that whoever asks may see and that would be quiet.
    pub alerts: Vec<ActiveAlert>,
    /// Names of services with alerts that bear no project, as far as they may be seen.
    pub services: Vec<String>,
    /// Names of projects, as far as they may be seen.
    pub projects: Vec<String>,
    /// Why whoever asks may not make it, in sentences.
    pub refused: Vec<String>,
    /// Why the alerts may not be all.
    pub trouble: Vec<String>,
}

/// What fires and what is silenced around something, as Alertmanager told it within the last
/// seconds.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`] for a service or project that cannot be seen.
/// That an Alertmanager does not answer is no error.
pub async fn around(app: &App, actor: &Actor, about: &About) -> Result<Around, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ListSilences, app.settings())?;
    let labels = labels_of(app, &tx, &access, about).await?;
    drop(tx);
    let snapshot = app.recent().look(app).await;
    let tx = app.store().read_tx().await?;
    let fitting = snapshot
        .alerts
        .iter()
        .filter(|alert| fits(alert, about, &labels));
    let known = Known::load(&tx, fitting.clone().map(|alert| &alert.labels)).await?;
    let seen = fitting.filter(|alert| !labels.is_empty() || known.shows(alert, &access));
    Ok(Around {
        alerts: seen.map(|alert| known.told(alert, &access)).collect(),
        silences: silences(app, &tx, &access, about, &labels, &snapshot).await?,
        trouble: snapshot.trouble.clone(),
        configured: snapshot.configured,
    })
}

/// What a silence with these matchers would hide at this moment.
///
/// # Errors
/// [`AppError::Invalid`] for matchers that are none, [`AppError::Forbidden`] for whoever may not
/// make any silence.
pub async fn preview(
    app: &App,
    actor: &Actor,
    matchers: &[RawMatcher],
) -> Result<Preview, AppError> {
    let conditions = conditions(matchers)?;
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Silence, app.settings())?;
    let objects = Objects::load(&tx, &access).await?;
    drop(tx);
    let snapshot = app.recent().look(app).await;
    let tx = app.store().read_tx().await?;
    let hidden = snapshot
        .alerts
        .iter()
        .filter(|alert| conditions.match_labels(&alert.labels));
    let known = Known::load(&tx, hidden.clone().map(|alert| &alert.labels)).await?;
    let touched = objects.touched(&conditions);
    Ok(Preview {
        alerts: hidden
            .filter(|alert| known.shows(alert, &access))
            .map(|alert| known.told(alert, &access))
            .collect(),
        services: seen(&touched.services),
        projects: seen(&touched.projects),
        refused: objects.refusal(&conditions, Deed::Silence),
        trouble: snapshot.trouble.clone(),
    })
}

/// The names of those objects that whoever asks may see, sorted.
fn seen<Id>(objects: &[&Mine<Id>]) -> Vec<String> {
    let seen = objects.iter().filter(|it| it.role.is_some());
    let mut names: Vec<String> = seen.map(|it| it.name.clone()).collect();
    names.sort_unstable();
    names
}

/// The labels by which an object is named in alerts, of one that may be seen: `service`, and
/// `project` of a project. Empty for what is not looked up.
async fn labels_of(
    app: &App,
    tx: &Tx,
    access: &Access,
    about: &About,
) -> Result<BTreeMap<&'static str, String>, AppError> {
    let mut labels = BTreeMap::new();
    match about {
        About::Mine | About::Rule(_) | About::Host(_) => {}
        About::Service(id) => {
            let service = tx.load_service(*id).await?;
            let service = service.ok_or_else(|| AppError::not_found("service", id))?;
            access.require_on(Act::See, On::Service(&service), app.settings())?;
            labels.insert("service", service.name.into());
        }
        About::Project(id) => {
            let project = tx.load_project(*id).await?;
            let project = project.ok_or_else(|| AppError::not_found("project", id))?;
            access.require_on(Act::See, On::Project(&project), app.settings())?;
            let service: Option<Service> = tx.load_service(project.service).await?;
            labels.insert("project", project.name.into());
            labels.extend(service.map(|service| ("service", service.name.into())));
        }
    }
    Ok(labels)
}

fn fits(alert: &ActiveAlert, about: &About, labels: &BTreeMap<&'static str, String>) -> bool {
    let bears = |name: &str, value: &str| alert.labels.get(name).is_some_and(|it| it == value);
    match about {
        About::Mine => true,
        About::Rule(name) => bears("alertname", name),
        About::Host(name) => {
            let instance = alert.labels.get("instance");
            instance.is_some_and(|instance| is_on(instance, name))
        }
        About::Service(_) => labels.get("service").is_some_and(|it| bears("service", it)),
        About::Project(_) => labels.get("project").is_some_and(|it| bears("project", it)),
    }
}

/// Whether an instance is a host, or a port of it.
fn is_on(instance: &str, host: &str) -> bool {
    let rest = instance.strip_prefix(host);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

async fn silences(
    app: &App,
    tx: &Tx,
    access: &Access,
    about: &About,
    labels: &BTreeMap<&'static str, String>,
    snapshot: &Snapshot,
) -> Result<Vec<Silenced>, AppError> {
    let mut running: Vec<&Entry> = snapshot
        .silences
        .iter()
        .filter(|entry| entry.held.state != SilenceState::Expired)
        .collect();
    match about {
        About::Mine => {}
        About::Rule(name) => running.retain(|entry| accepts(entry, "alertname", name)),
        About::Host(name) => running.retain(|entry| {
            let instances = instances(entry, name);
            instances.iter().any(|it| accepts(entry, "instance", it))
        }),
        About::Service(_) | About::Project(_) => running.retain(|entry| covers(entry, labels)),
    }
    let (Ok(peers), false) = (Peers::of(app), running.is_empty()) else {
        return Ok(Vec::new());
    };
    // A superuser may do everything, whatever there is.
    let objects = if access.is_superuser() {
        Objects::of_superuser()
    } else {
        Objects::load(tx, access).await?
    };
    // Those of a service or project are seen with it.
    if labels.is_empty() {
        running.retain(|entry| sees(&objects, &entry.held));
    }
    let shown = |entry: &Entry| shown(entry, &peers, &objects);
    Ok(running.into_iter().map(shown).collect())
}

/// Whether a silence is about an object (spec 08 §18): about a service one with a matcher `service`
/// that accepts it; about a project one with a matcher `project` that accepts it, and none for
/// `service` that does not.
fn covers(entry: &Entry, labels: &BTreeMap<&'static str, String>) -> bool {
    let Some(conditions) = entry.held.conditions() else {
        return false;
    };
    let kind = if labels.contains_key("project") {
        "project"
    } else {
        "service"
    };
    conditions.name(kind)
        && labels
            .iter()
            .all(|(label, value)| conditions.let_pass(label, value))
}

/// Whether a silence has a matcher for a label, and all of these let the value pass.
fn accepts(entry: &Entry, label: &str, value: &str) -> bool {
    let conditions = entry.held.conditions();
    conditions.is_some_and(|it| it.name(label) && it.let_pass(label, value))
}

/// What a silence may call a host: its name, alone and with the port that an exporter has by
/// default, and what of the silence's own words is on it.
fn instances(entry: &Entry, host: &str) -> Vec<String> {
    let matchers = entry.held.matchers.iter();
    let texts = matchers
        .filter(|one| one.name == "instance")
        .map(|one| one.value.replace('\\', ""));
    let mut instances = vec![host.to_owned(), format!("{host}:9100")];
    for text in texts {
        let words = text.split(['|', '(', ')']);
        let own = words.filter(|word| is_on(word, host));
        instances.extend(own.map(str::to_owned));
    }
    instances
}

#[cfg(test)]
mod tests {
    use super::super::held::Held;
    use super::*;

    #[test]
    fn a_silence_is_about_the_host_that_its_instance_accepts() {
        let about = |name: &str, value: &str, is_regex: bool, host: &str| {
            let held = Held::read(serde_json::json!({
                "id": "a", "createdBy": "maria", "comment": "why",
                "matchers": [{"name": name, "value": value, "isRegex": is_regex}],
                "startsAt": "2026-01-02T03:04:05Z", "endsAt": "2026-01-02T04:04:05Z",
                "updatedAt": "2026-01-02T03:04:05Z", "status": {"state": "active"},
            }));
            let entry = Entry {
                held: held.unwrap(),
                places: Vec::new(),
            };
            let instances = instances(&entry, host);
            instances.iter().any(|it| accepts(&entry, "instance", it))
        };
        assert!(about("instance", "web1", false, "web1"));
        assert!(about("instance", "web1:9113", false, "web1"));
        assert!(about("instance", "web1.*", true, "web1"));
        assert!(about("instance", r"web1\.eu:[0-9]*", true, "web1.eu"));
        assert!(about("instance", r"db1:1|web1\.eu:9113", true, "web1.eu"));
        assert!(!about("instance", "web10:9113", false, "web1"));
        assert!(!about("service", "web1", false, "web1"));
    }

    #[test]
    fn a_host_is_found_with_and_without_its_port_and_no_other() {
        let none = BTreeMap::new();
        let about = About::Host("web1".to_owned());
        for (instance, fitting) in [
            ("web1", true),
            ("web1:9100", true),
            ("web10:9100", false),
            ("xweb1", false),
        ] {
            let alert = ActiveAlert::bearing(&[("instance", instance)]);
            assert_eq!(fits(&alert, &about, &none), fitting, "{instance}");
        }
    }
}
