//! The contract of a discovery source: where the hosts of remote farms come from.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

use super::{HttpRequest, HttpResponse, PluginError};
use crate::config::Settings;

/// A discovery source as it is registered.
#[derive(Debug)]
pub struct DiscoveryDescription {
    /// The name that farms keep as their `source`.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// A sentence or two.
    pub help: &'static str,
    /// Key of its section in the settings.
    pub section: &'static str,
    /// Makes the live source from the settings, once at start.
    pub build: fn(&Settings) -> Result<Arc<dyn Discovery>, PluginError>,
}

/// Why a source could not answer. The farm keeps the hosts that it has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct DiscoveryError {
    /// What happened, without secrets.
    pub message: String,
}

/// What a source is given for one question: the only door to HTTP. Implemented by the egress client
/// and by the module `testing`.
#[async_trait]
pub trait DiscoveryContext: Send + Sync {
    /// Sends a request to an address that the operator configured. Redirects are not followed; time
    /// and size are limited, and an answer that is larger than the limit is an error.
    ///
    /// # Errors
    /// [`DiscoveryError`] when nothing came back. A status of 400 or more is *not* an error here.
    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, DiscoveryError>;
}

/// A live discovery source. Made once per process.
#[async_trait]
pub trait Discovery: Send + Sync + fmt::Debug {
    /// Names of the farms on offer, in any order.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the source does not answer.
    async fn farms(&self, context: &dyn DiscoveryContext) -> Result<Vec<String>, DiscoveryError>;

    /// Hosts of one farm, in any order. An empty answer never empties a farm.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the source does not answer or does not know the farm.
    async fn fetch(
        &self,
        context: &dyn DiscoveryContext,
        farm: &str,
    ) -> Result<Vec<String>, DiscoveryError>;
}
