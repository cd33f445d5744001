//! All Alertmanagers of the settings, asked side by side.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use super::held::Held;
use super::merge::{self, Entry};
use super::peer::{Peer, PeerFailure};
use super::report::{Outcome, SilenceError};
use crate::app::App;

/// The Alertmanagers, in the order of the settings.
#[derive(Debug, Clone)]
pub(super) struct Peers(Vec<Peer>);

/// What those that answered said, and what became of the others.
pub(super) struct Heard<T> {
    pub(super) said: T,
    pub(super) failures: Vec<Outcome>,
}

impl Peers {
    /// Those of the settings, each once.
    pub(super) fn of(app: &App) -> Result<Self, SilenceError> {
        let mut peers: Vec<Peer> = Vec::new();
        for url in &app.settings().alertmanager.urls {
            let Some(peer) = Peer::new(url) else { continue };
            if peers.iter().all(|known| known.name != peer.name) {
                peers.push(peer);
            }
        }
        if peers.is_empty() {
            return Err(SilenceError::NotConfigured);
        }
        Ok(Self(peers))
    }

    /// The same, of which each may take no longer: one that hangs costs what it says, and not what the
    /// others say.
    pub(super) fn within(mut self, patience: Duration) -> Self {
        for peer in &mut self.0 {
            peer.patience = patience;
        }
        self
    }

    pub(super) fn all(&self) -> &[Peer] {
        &self.0
    }

    pub(super) fn find(&self, index: usize) -> Option<&Peer> {
        self.0.get(index)
    }

    /// The alerts of all.
    ///
    /// # Errors
    /// [`SilenceError::Failed`] when none answered.
    pub(super) async fn alerts(&self, app: &App) -> Result<Heard<Vec<Value>>, SilenceError> {
        let asking = self.0.iter().map(|peer| peer.alerts(app));
        let heard = self.sort(join_all(asking).await)?;
        let lists = heard.said.into_iter().map(|(_, list)| list).collect();
        Ok(Heard {
            said: merge::alerts(lists),
            failures: heard.failures,
        })
    }

    /// The silences of all, twins once.
    ///
    /// # Errors
    /// [`SilenceError::Failed`] when none answered.
    pub(super) async fn silences(&self, app: &App) -> Result<Heard<Vec<Entry>>, SilenceError> {
        let asking = self.0.iter().map(|peer| peer.silences(app));
        let heard = self.sort(join_all(asking).await)?;
        let read = |(index, list): (usize, Vec<Value>)| {
            let held = list.into_iter().filter_map(Held::read);
            (index, held.collect())
        };
        let lists = heard.said.into_iter().map(read).collect();
        Ok(Heard {
            said: merge::silences(lists),
            failures: heard.failures,
        })
    }

    /// Tells what was said from what went wrong; what was said bears the index of who said it.
    fn sort<T>(
        &self,
        answers: Vec<Result<T, PeerFailure>>,
    ) -> Result<Heard<Vec<(usize, T)>>, SilenceError> {
        let (mut said, mut failures) = (Vec::new(), Vec::new());
        for (index, (peer, answer)) in self.0.iter().zip(answers).enumerate() {
            match answer {
                Ok(answer) => said.push((index, answer)),
                Err(failure) => failures.push(Outcome::failed(&peer.name, failure)),
            }
        }
        if said.is_empty() {
            return Err(SilenceError::Failed(failures));
        }
        Ok(Heard { said, failures })
    }
}
