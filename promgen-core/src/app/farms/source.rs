//! Asking the sources.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{Answer, named};
use crate::app::{Actor, App, AppError, Right};
use crate::egress::EgressDiscovery;
use crate::model::{Farm, LOCAL_SOURCE, Name, Problem};
use crate::plugin::{Discovery, DiscoveryError};

/// A round of questions on behalf of somebody. What was asked in it is not asked again, so many
/// farms of one source cost one question.
#[derive(Debug)]
pub struct Round<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    context: EgressDiscovery,
}

impl<'a> Round<'a> {
    /// A round in which nothing was asked yet.
    pub fn begin(app: &'a App, actor: &'a Actor) -> Self {
        let timeout = app.settings().discovery.timeout;
        Self {
            app,
            actor,
            context: EgressDiscovery::new(app.egress().clone(), timeout),
        }
    }

    /// The hosts of a farm, as its source has them.
    pub(super) async fn hosts(&self, source: &str, farm: &str) -> Result<Answer, AppError> {
        let live = live(self.app, source)?;
        let fetched = live.fetch(&self.context, farm).await;
        let names = fetched.map_err(|error| failed(source, error))?;
        Ok(Answer::check(farm, names))
    }

    pub(super) async fn farms(&self, source: &str) -> Result<Vec<String>, AppError> {
        let farms = live(self.app, source)?.farms(&self.context).await;
        farms.map_err(|error| failed(source, error))
    }
}

/// What a source offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// Names of its farms, sorted, each once.
    pub farms: Vec<Name>,
    /// What is wrong with its answer.
    pub warnings: Vec<Problem>,
}

/// The farms that a source offers; for `promgen` the names of all local farms.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Forbidden`] for local farms
/// without the right to read everything, [`AppError::Invalid`] for a source that this
/// program does not have, [`AppError::Plugin`] for one that refused its settings,
/// [`AppError::Discovery`] when it does not answer.
pub async fn offered(app: &App, actor: &Actor, source: &str) -> Result<Offers, AppError> {
    let names = if source == LOCAL_SOURCE {
        actor.require(Right::Read, app.settings())?;
        local_names(app).await?
    } else {
        actor.require(Right::Look, app.settings())?;
        Round::begin(app, actor).farms(source).await?
    };
    let (mut farms, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for name in names {
        match Name::parse(&name) {
            Ok(name) => drop(farms.insert(name)),
            Err(_) => drop(refused.insert(name)),
        }
    }
    let warning = || {
        let message = format!(
            "offers farms whose names cannot be, left out: {}",
            named(&refused)
        );
        let remedy = "name them with 1 to 128 plain characters";
        Problem::warning(format!("source {source}"), message, remedy)
    };
    Ok(Offers {
        farms: farms.into_iter().collect(),
        warnings: (!refused.is_empty()).then(warning).into_iter().collect(),
    })
}

async fn local_names(app: &App) -> Result<Vec<String>, AppError> {
    let tx = app.store().read_tx().await?;
    let farms = tx.list_farms().await?;
    let local = farms.into_iter().filter(Farm::is_local);
    Ok(local.map(|farm| farm.name.to_string()).collect())
}

/// The live source of that key.
pub(super) fn live<'a>(app: &'a App, source: &str) -> Result<&'a Arc<dyn Discovery>, AppError> {
    let Some(found) = app.sources().get(source) else {
        let keys: Vec<&str> = app.sources().keys().copied().collect();
        let remedy = if keys.is_empty() {
            "build the program with the plugin of that source".to_owned()
        } else {
            format!("this program has: {}", keys.join(", "))
        };
        let message = format!("there is no discovery source {source:?}");
        return Err(AppError::invalid("source", message, remedy));
    };
    found.as_ref().map_err(|error| error.clone().into())
}

fn failed(source: &str, error: DiscoveryError) -> AppError {
    AppError::Discovery {
        source_key: source.to_owned(),
        error,
    }
}

/// A source of farms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarmSource {
    /// Its key.
    pub name: String,
    /// Whether hosts come from elsewhere: all but those of `promgen`.
    pub remote: bool,
    /// Whether it took its settings, so that it can be asked.
    pub ready: bool,
}

/// The sources that this program has, sorted by name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub fn sources(app: &App, actor: &Actor) -> Result<Vec<FarmSource>, AppError> {
    actor.require(Right::Look, app.settings())?;
    let keys: BTreeSet<&str> = app
        .sources()
        .keys()
        .copied()
        .chain([LOCAL_SOURCE])
        .collect();
    let source = |key: &str| FarmSource {
        name: key.to_owned(),
        remote: key != LOCAL_SOURCE,
        ready: key == LOCAL_SOURCE || live(app, key).is_ok(),
    };
    Ok(keys.into_iter().map(source).collect())
}
