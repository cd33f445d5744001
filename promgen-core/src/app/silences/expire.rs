//! Ending silences.
//!
//! Unlike a change, an end is not taken back where another Alertmanager fails: whoever ends a
//! silence wants to hear of alerts again. What still silences is told, with its id.

use futures_util::future::join_all;

use super::affected::Deed;
use super::audit::Note;
use super::held::Held;
use super::merge::{Entry, Place};
use super::peer::{Peer, PeerFailure};
use super::peers::Peers;
use super::report::{Did, Outcome, SilenceError, Written};
use super::{read, rights};
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError};

/// Ends a silence and its twins, by the id at any Alertmanager. One that is over is left alone.
///
/// # Errors
/// [`AppError::NotFound`] for an id that no Alertmanager knows, [`AppError::Silence`] when it
/// touches what whoever asks may not edit, or when it is not over everywhere.
pub async fn expire(app: &App, actor: &Actor, id: &str) -> Result<Written, AppError> {
    let objects = read::load(app, actor, Act::Silence).await?;
    let peers = Peers::of(app)?;
    let (entry, failures) = read::find(peers.silences(app).await?, id)?;
    rights::require_held(&objects, &entry.held, Deed::Expire)?;
    let end = End {
        note: Note::of_held(&objects, &entry.held),
        peers,
        entry,
        failures,
        id: id.to_owned(),
    };
    // Goes on when whoever asked is gone, so that it ends everywhere, and is noted.
    let (task_app, task_actor) = (app.clone(), actor.clone());
    let task = async move { end.carry_out(&task_app, &task_actor).await };
    let done = app.tasks().spawn(task).await;
    app.recent().forget().await;
    done.map_err(|error| AppError::Internal {
        message: error.to_string(),
    })?
}

/// A silence that is to end.
struct End {
    peers: Peers,
    entry: Entry,
    id: String,
    /// Alertmanagers that did not tell whether they have it.
    failures: Vec<Outcome>,
    note: Note,
}

impl End {
    async fn carry_out(mut self, app: &App, actor: &Actor) -> Result<Written, AppError> {
        let places = self.entry.distinct();
        let running = places.into_iter().filter(|place| !place.held.is_over());
        let ending = running.filter_map(|place| Some((place, self.peers.find(place.peer)?)));
        let ending = ending.map(|(place, peer)| end_one(app, peer, place));
        let mut outcomes = join_all(ending).await;
        let ended = outcomes.iter().any(|outcome| outcome.did == Did::Expired);
        outcomes.append(&mut self.failures);
        if ended {
            let held = &self.entry.held;
            self.note.ended(app, actor, held, &outcomes).await?;
        }
        if outcomes.iter().any(Outcome::is_failure) {
            return Err(SilenceError::Failed(outcomes).into());
        }
        Ok(Written {
            id: self.id,
            outcomes,
        })
    }
}

async fn end_one(app: &App, peer: &Peer, place: &Place) -> Outcome {
    let id = &place.held.id;
    match peer.expire(app, id).await {
        Ok(()) => Outcome::done(&peer.name, Did::Expired, id),
        Err(_) if is_over(app, peer, id).await => Outcome::done(&peer.name, Did::Expired, id),
        Err(failure) => Outcome::failed(&peer.name, failure).about(id),
    }
}

/// An Alertmanager refuses to end what is over: somebody else was quicker, or its time came.
async fn is_over(app: &App, peer: &Peer, id: &str) -> bool {
    let told: Result<_, PeerFailure> = peer.silence(app, id).await;
    let held = told.ok().and_then(Held::read);
    held.is_some_and(|held| held.is_over())
}
