//! Alerts and silences, as whoever asks may see them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::affected::{Deed, Objects};
use super::held::{Held, RawMatcher, SilenceState};
use super::merge::{Entry, Place};
use super::peers::{Heard, Peers};
use super::report::Outcome;
use super::rights;
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{Role, Timestamp};

/// Of an alert whose project belongs to another service; the words are the original's.
pub(super) const MISMATCH: &str = "The 'service' and 'project' labels do not match. This alert may \
                                   originate from an unrelated Alert Rule.";

/// What the Alertmanagers that answered said, each thing once.
#[derive(Debug, Clone)]
pub struct Merged<T> {
    /// The alerts or silences, in the order of the settings.
    pub items: Vec<T>,
    /// Why this may not be all: the Alertmanagers that did not answer.
    pub warnings: Vec<String>,
}

/// A silence, and where it is.
#[derive(Debug, Clone)]
pub struct Silenced {
    /// As its Alertmanager tells it; where there are several, with the id at each in
    /// `promgen.alertmanagers`.
    pub json: Value,
    /// The id at the first Alertmanager that has it.
    pub id: String,
    /// Alerts that all of them match are silenced. Sorted.
    pub matchers: Vec<RawMatcher>,
    /// Its first moment.
    pub starts_at: Timestamp,
    /// Its end.
    pub ends_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// Why.
    pub comment: String,
    /// How it stands.
    pub state: SilenceState,
    /// It and its twins.
    pub places: Vec<SilencePlace>,
    /// Whether whoever asks may change or end it.
    pub may_edit: bool,
}

/// Where a silence is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SilencePlace {
    /// Address of the Alertmanager, without user and password.
    pub url: String,
    /// The silence's id there.
    pub id: String,
}

/// The alerts of all Alertmanagers.
///
/// Whoever is no superuser sees those that bear a service or a project that they may see. Alerts
/// whose labels do not fit together bear texts in `promgen.warnings` that say so.
///
/// # Errors
/// [`AppError::Silence`] when no Alertmanager answered, or none is configured.
pub async fn alerts(app: &App, actor: &Actor) -> Result<Merged<Value>, AppError> {
    let objects = load(app, actor, Act::ListSilences).await?;
    let heard = Peers::of(app)?.alerts(app).await?;
    let names = Names::of(&objects);
    let all = heard.said.into_iter();
    let seen = all.filter(|alert| names.shows(alert));
    Ok(Merged {
        items: seen.map(|alert| names.warned(alert)).collect(),
        warnings: warnings(&heard.failures),
    })
}

/// The silences of all Alertmanagers, twins once: the expired ones too.
///
/// Whoever is no superuser sees those that touch a service or a project that they may see.
///
/// # Errors
/// [`AppError::Silence`] when no Alertmanager answered, or none is configured.
pub async fn list(app: &App, actor: &Actor) -> Result<Merged<Silenced>, AppError> {
    let objects = load(app, actor, Act::ListSilences).await?;
    let peers = Peers::of(app)?;
    let heard = peers.silences(app).await?;
    let seen = heard
        .said
        .iter()
        .filter(|entry| sees(&objects, &entry.held));
    Ok(Merged {
        items: seen.map(|entry| shown(entry, &peers, &objects)).collect(),
        warnings: warnings(&heard.failures),
    })
}

/// One silence, by its id at any Alertmanager.
///
/// # Errors
/// [`AppError::NotFound`] when there is none that whoever asks may see, [`AppError::Silence`] when
/// it may be at an Alertmanager that did not answer, or none is configured.
pub async fn find_one(app: &App, actor: &Actor, id: &str) -> Result<Silenced, AppError> {
    let objects = load(app, actor, Act::ListSilences).await?;
    let peers = Peers::of(app)?;
    let heard = peers.silences(app).await?;
    let entry = find(heard, id)?.0;
    if !sees(&objects, &entry.held) {
        return Err(unknown(id));
    }
    Ok(shown(&entry, &peers, &objects))
}

/// Checks the right, and loads what decides about silences.
pub(super) async fn load(app: &App, actor: &Actor, act: Act) -> Result<Objects, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(act, app.settings())?;
    Objects::load(&tx, &access).await
}

/// The entry of an id, with what did not answer.
pub(super) fn find(heard: Heard<Vec<Entry>>, id: &str) -> Result<(Entry, Vec<Outcome>), AppError> {
    match heard.said.into_iter().find(|entry| entry.is(id)) {
        Some(entry) => Ok((entry, heard.failures)),
        None if heard.failures.is_empty() => Err(unknown(id)),
        // It may be at one of those that did not answer.
        None => Err(super::SilenceError::Failed(heard.failures).into()),
    }
}

fn unknown(id: &str) -> AppError {
    AppError::not_found("silence", id)
}

pub(super) fn sees(objects: &Objects, held: &Held) -> bool {
    match held.conditions() {
        Some(conditions) => objects.sees(&conditions),
        None => objects.superuser,
    }
}

pub(super) fn shown(entry: &Entry, peers: &Peers, objects: &Objects) -> Silenced {
    let place = |place: &Place| {
        Some(SilencePlace {
            url: peers.find(place.peer)?.name.clone(),
            id: place.held.id.clone(),
        })
    };
    let places: Vec<SilencePlace> = entry.places.iter().filter_map(place).collect();
    let may_edit = rights::require_held(objects, &entry.held, Deed::Expire).is_ok();
    let held = entry.held.clone();
    let mut json = held.json;
    let several = peers.all().len() > 1;
    if let (true, Some(map)) = (several, json.as_object_mut()) {
        map.insert("promgen".to_owned(), json!({"alertmanagers": places}));
    }
    Silenced {
        json,
        id: held.id,
        matchers: held.matchers,
        starts_at: held.starts,
        ends_at: held.ends,
        updated_at: held.updated,
        created_by: held.created_by,
        comment: held.comment,
        state: held.state,
        places,
        may_edit,
    }
}

fn warnings(failures: &[Outcome]) -> Vec<String> {
    failures.iter().map(ToString::to_string).collect()
}

/// The names of objects as labels bear them.
struct Names<'a> {
    superuser: bool,
    services: BTreeMap<&'a str, Option<Role>>,
    /// With the name of its service.
    projects: BTreeMap<&'a str, (Option<Role>, &'a str)>,
}

impl<'a> Names<'a> {
    fn of(objects: &'a Objects) -> Self {
        let services = objects.services.iter();
        let by_id: BTreeMap<_, _> = services.map(|it| (it.id, it.name.as_str())).collect();
        let services = objects.services.iter();
        let projects = objects.projects.iter().map(|it| {
            let service = by_id.get(&it.service).copied().unwrap_or_default();
            (it.name.as_str(), (it.role, service))
        });
        Self {
            superuser: objects.superuser,
            services: services.map(|it| (it.name.as_str(), it.role)).collect(),
            projects: projects.collect(),
        }
    }

    /// Whether an alert bears something that whoever asks may see.
    fn shows(&self, alert: &Value) -> bool {
        let service = label(alert, "service").and_then(|name| self.services.get(name));
        let project = label(alert, "project").and_then(|name| self.projects.get(name));
        self.superuser
            || service.is_some_and(Option::is_some)
            || project.is_some_and(|(role, _)| role.is_some())
    }

    /// The alert with what is wrong about its labels. The words are the original's.
    fn warned(&self, mut alert: Value) -> Value {
        let text = match (label(&alert, "service"), label(&alert, "project")) {
            (Some(service), Some(project)) => match self.projects.get(project) {
                None => Some("Project from alert's labels is not found."),
                Some((_, owner)) if *owner != service => Some(MISMATCH),
                Some(_) => None,
            },
            _ => None,
        };
        let warnings = Vec::from_iter(text);
        if let Some(map) = alert.as_object_mut() {
            map.insert("promgen".to_owned(), json!({"warnings": warnings}));
        }
        alert
    }
}

fn label<'a>(alert: &'a Value, name: &str) -> Option<&'a str> {
    alert.get("labels")?.get(name)?.as_str()
}
