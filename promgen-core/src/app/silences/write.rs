//! Making and changing silences: on all Alertmanagers, or on none and told why.
//!
//! When one of them fails, what the others did is taken back. What cannot be taken back, or has no
//! answer, is told.

use futures_util::future::join_all;

use super::affected::{Deed, Objects};
use super::audit::{self, Note};
use super::contradiction;
use super::held::Held;
use super::merge::Place;
use super::peer::{Peer, PeerFailure};
use super::peers::Peers;
use super::read;
use super::report::{Did, Outcome, SilenceError, Written};
use super::request::{LabelRequest, MatcherRequest, Moment, WHOLE};
use super::rights;
use crate::alert::Silence;
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError};
use crate::model::{Problem, RuleOwner, Zone};

/// Silences alerts by their labels.
///
/// # Errors
/// [`AppError::Invalid`] for a request that says too little or nonsense, [`AppError::Silence`] when
/// it touches what whoever asks may not edit, or when not all Alertmanagers made it.
pub async fn create_by_labels(
    app: &App,
    actor: &Actor,
    request: LabelRequest,
) -> Result<Written, AppError> {
    let objects = read::load(app, actor, Act::Silence).await?;
    let site_rule = names_site_rule(app, &request).await?;
    let zone = app.settings().zone();
    let silence = request.silence(&author(actor), moment(app, &zone), site_rule);
    let silence = silence.map_err(|problems| AppError::Invalid { problems })?;
    if !objects.superuser && !request.names_an_owner() {
        let text = "You must specify either a project or service label.";
        return Err(AppError::invalid(WHOLE, text, "add one of them"));
    }
    let created = create(app, actor, &objects, silence).await;
    created.map_err(this_alert)
}

/// The original says of labels what it is all about, and no more.
fn this_alert(error: AppError) -> AppError {
    match error {
        AppError::Silence(SilenceError::Forbidden(mut sentences)) => {
            let sentence = "You do not have permission to silence this alert.";
            sentences.insert(0, sentence.to_owned());
            SilenceError::Forbidden(sentences).into()
        }
        other => other,
    }
}

/// Silences alerts by matchers. With an id, that silence and its twins are replaced.
///
/// # Errors
/// As for [`create_by_labels`]; and [`AppError::NotFound`] for an id that no Alertmanager knows.
pub async fn put_by_matchers(
    app: &App,
    actor: &Actor,
    request: MatcherRequest,
) -> Result<Written, AppError> {
    let objects = read::load(app, actor, Act::Silence).await?;
    let zone = app.settings().zone();
    let silence = request.silence(&author(actor), moment(app, &zone));
    let silence = silence.map_err(|problems| AppError::Invalid { problems })?;
    match request.id() {
        Some(id) => update(app, actor, &objects, id, silence).await,
        None => create(app, actor, &objects, silence).await,
    }
}

/// Everything that is wrong with a silence by matchers, whoever asks and whatever it touches.
pub fn findings(app: &App, request: &MatcherRequest) -> Vec<Problem> {
    let zone = app.settings().zone();
    let mut found = request.findings(moment(app, &zone));
    found.extend(contradiction(&request.matchers));
    found
}

async fn create(
    app: &App,
    actor: &Actor,
    objects: &Objects,
    silence: Silence,
) -> Result<Written, AppError> {
    rights::require(objects, &silence.matchers, Deed::Silence)?;
    let peers = Peers::of(app)?;
    let target = |peer: &Peer| Target {
        peer: peer.clone(),
        before: None,
    };
    let change = Change {
        targets: peers.all().iter().map(target).collect(),
        note: Note::of(objects, &silence.matchers),
        silence,
    };
    change.run(app, actor).await
}

/// Only what every Alertmanager can be asked about is changed: a twin at one that does not answer
/// would stay as it is.
async fn update(
    app: &App,
    actor: &Actor,
    objects: &Objects,
    id: &str,
    silence: Silence,
) -> Result<Written, AppError> {
    rights::require(objects, &silence.matchers, Deed::Silence)?;
    let peers = Peers::of(app)?;
    let (entry, failures) = read::find(peers.silences(app).await?, id)?;
    rights::require_held(objects, &entry.held, Deed::Silence)?;
    if !failures.is_empty() {
        return Err(SilenceError::Failed(failures).into());
    }
    let target = |place: &Place| {
        Some(Target {
            peer: peers.find(place.peer)?.clone(),
            before: Some(place.held.clone()),
        })
    };
    let change = Change {
        targets: entry.distinct().into_iter().filter_map(target).collect(),
        note: Note::of(objects, &silence.matchers),
        silence,
    };
    change.run(app, actor).await
}

/// Where a silence is put.
struct Target {
    peer: Peer,
    /// The silence that it replaces there.
    before: Option<Held>,
}

/// A silence that is put in several places.
struct Change {
    targets: Vec<Target>,
    silence: Silence,
    note: Note,
}

impl Change {
    /// Goes on when whoever asked is gone, so that a connection that breaks leaves nothing half
    /// made.
    async fn run(self, app: &App, actor: &Actor) -> Result<Written, AppError> {
        let (task_app, task_actor) = (app.clone(), actor.clone());
        let task = async move { self.carry_out(&task_app, &task_actor).await };
        let done = app.tasks().spawn(task).await;
        app.recent().forget().await;
        done.map_err(|error| AppError::Internal {
            message: error.to_string(),
        })?
    }

    async fn carry_out(self, app: &App, actor: &Actor) -> Result<Written, AppError> {
        let putting = self.targets.iter().map(|target| self.put(app, target));
        let outcomes = join_all(putting).await;
        if outcomes.iter().any(Outcome::is_failure) {
            let outcomes = self.undo(app, outcomes).await;
            self.note_leftovers(app, actor, &outcomes).await;
            return Err(SilenceError::Failed(outcomes).into());
        }
        if let Err(error) = self.note_down(app, actor, &outcomes).await {
            self.undo(app, outcomes).await;
            return Err(error);
        }
        Ok(Written::of(outcomes))
    }

    async fn put(&self, app: &App, target: &Target) -> Outcome {
        let before = target.before.as_ref();
        let silence = Silence {
            id: before.map(|held| held.id.clone()),
            ..self.silence.clone()
        };
        let did = match before {
            Some(_) => Did::Updated,
            None => Did::Created,
        };
        match target.peer.put(app, &silence).await {
            Ok(id) => Outcome::done(&target.peer.name, did, id),
            Err(failure) => Outcome::failed(&target.peer.name, failure),
        }
    }

    async fn undo(&self, app: &App, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let undoing = self.targets.iter().zip(outcomes);
        let undoing = undoing.map(async |(target, outcome)| match outcome.id.clone() {
            Some(id) => outcome.undone(target.restore(app, id).await),
            None => outcome,
        });
        join_all(undoing).await
    }

    async fn note_down(
        &self,
        app: &App,
        actor: &Actor,
        outcomes: &[Outcome],
    ) -> Result<(), AppError> {
        let before = self.targets.iter().find_map(|it| it.before.as_ref());
        let after = audit::after(&self.silence, outcomes);
        self.note.put(app, actor, before, &after).await
    }

    /// What could not be taken back is there, and so it is written down.
    async fn note_leftovers(&self, app: &App, actor: &Actor, outcomes: &[Outcome]) {
        if outcomes.iter().all(|outcome| outcome.did != Did::Left) {
            return;
        }
        if let Err(error) = self.note_down(app, actor, outcomes).await {
            tracing::error!(%error, ?outcomes, "a silence was left and not noted");
        }
    }
}

impl Target {
    /// Puts back what was there before; answers under which id.
    async fn restore(&self, app: &App, id: String) -> Result<String, PeerFailure> {
        match self.before.as_ref().filter(|held| !held.is_over()) {
            Some(held) => self.peer.put(app, &held.again(&id)).await,
            None => self.peer.expire(app, &id).await.map(|()| id),
        }
    }
}

/// Whether the rule that the labels name belongs to the site.
async fn names_site_rule(app: &App, request: &LabelRequest) -> Result<bool, AppError> {
    let Some(name) = request.labels.get("alertname") else {
        return Ok(false);
    };
    let tx = app.store().read_tx().await?;
    let rule = tx.find_rule(name).await?;
    Ok(rule.is_some_and(|rule| rule.owner == RuleOwner::Site))
}

fn moment<'a>(app: &App, zone: &'a Zone) -> Moment<'a> {
    let now = app.now();
    Moment { zone, now }
}

/// How a silence names whoever made it.
fn author(actor: &Actor) -> String {
    match actor.user() {
        Some(user) => user.username.clone(),
        None => actor.label(),
    }
}
