//! Who hears about a message: routing by one picture of the tree, kept between messages and made
//! anew when the tree has changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{App, AppError};
use crate::alert::{self, Directory, Driver, Message, RouteRules, Routing};
use crate::model::{AlertState, Secret, SenderId, Timestamp, Tree};
use crate::plugin::NotifierKind;
use crate::store::NewDelivery;

/// Routes messages by one picture of the tree.
pub(super) struct Router {
    revision: i64,
    directory: Directory,
    rules: RouteRules,
    secrets: HashMap<SenderId, Secret<String>>,
}

impl Router {
    pub(super) fn new(app: &App, tree: &Tree) -> Self {
        let settings = app.settings();
        let driver = |key: &str| {
            let Some(found) = app.registry().notifier(key) else {
                return Driver::Missing;
            };
            match found.kind {
                NotifierKind::Send(_) if found.value_is_url() => Driver::Url,
                NotifierKind::Send(_) if found.value_is_secret() => Driver::Secret,
                NotifierKind::Send(_) => Driver::Sends,
                NotifierKind::FanOut => Driver::FanOut,
            }
        };
        let secret = |sender: &crate::model::Sender| Some((sender.id, sender.secret.clone()?));
        Self {
            revision: tree.revision,
            directory: Directory::new(tree, &driver),
            rules: RouteRules {
                split: settings.alertmanager.split,
                blacklist: settings.alertmanager.blacklist.clone(),
                link_base: format!("{}://{}", settings.scheme.as_str(), tree.site.domain),
            },
            secrets: tree.senders.iter().filter_map(secret).collect(),
        }
    }

    /// Which picture it is.
    pub(super) fn revision(&self) -> i64 {
        self.revision
    }

    /// What every absolute link begins with.
    pub(super) fn link_base(&self) -> &str {
        &self.rules.link_base
    }

    /// The signing key of a sender.
    pub(super) fn secret(&self, sender: SenderId) -> Option<Secret<String>> {
        self.secrets.get(&sender).cloned()
    }

    pub(super) fn route(&self, message: &Message) -> Routing {
        alert::route(message, &self.directory, &self.rules)
    }

    /// Routes a message, and makes what is stored of it.
    pub(super) fn decide(&self, message: &Message) -> Decided {
        let routing = self.route(message);
        let trace = match serde_json::to_string(&routing) {
            Ok(trace) => trace,
            Err(error) => return Decided::failed(&error.to_string()),
        };
        let state = if routing.is_dropped() {
            AlertState::Dropped
        } else {
            AlertState::Routed
        };
        Decided {
            state,
            trace,
            labels: alert::labels(message),
            routing,
        }
    }
}

/// What was decided about a message, as it is stored.
pub(super) struct Decided {
    pub(super) state: AlertState,
    pub(super) trace: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) routing: Routing,
}

impl Decided {
    /// About a message that cannot be routed.
    pub(super) fn failed(why: &str) -> Self {
        Self {
            state: AlertState::Failed,
            trace: serde_json::json!({ "error": why }).to_string(),
            labels: Vec::new(),
            routing: Routing::default(),
        }
    }

    /// One delivery for each recipient of each part, due at once.
    pub(super) fn deliveries(&self, now: Timestamp) -> Vec<NewDelivery> {
        let parts = self.routing.parts.iter().enumerate();
        let deliveries = parts.flat_map(|(index, part)| {
            part.recipients.iter().map(move |recipient| NewDelivery {
                part: u32::try_from(index).unwrap_or(u32::MAX),
                sender: Some(recipient.sender),
                driver: recipient.driver.clone(),
                value: recipient.value.clone(),
                alias: recipient.alias.clone(),
                group_key: part.group_key.clone(),
                order: part.order.clone(),
                source: part.source.clone(),
                created: now,
                due: now,
            })
        });
        deliveries.collect()
    }
}

/// The router that was made last.
#[derive(Default)]
pub(super) struct Kept(RwLock<Option<Arc<Router>>>);

impl Kept {
    /// As it is, however old.
    pub(super) fn latest(&self) -> Option<Arc<Router>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// One that is at least as new as a revision.
    pub(super) async fn at(&self, app: &App, revision: i64) -> Result<Arc<Router>, AppError> {
        if let Some(router) = self.latest().filter(|kept| kept.revision() >= revision) {
            return Ok(router);
        }
        let tx = app.store().read_tx().await?;
        let tree = tx.load_recipients().await?;
        drop(tx);
        let router = Arc::new(Router::new(app, &tree));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&router));
        Ok(router)
    }
}
