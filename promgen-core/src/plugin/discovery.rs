//! The contract of a discovery source: where the hosts of remote farms come from.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

use super::PluginError;
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

/// A live discovery source.
#[async_trait]
pub trait Discovery: Send + Sync + fmt::Debug {
    /// Names of the farms on offer.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the source does not answer.
    async fn farms(&self) -> Result<Vec<String>, DiscoveryError>;

    /// Hosts of one farm.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the source does not answer or does not know the farm.
    async fn fetch(&self, farm: &str) -> Result<Vec<String>, DiscoveryError>;
}
