//! URLs that a blackbox exporter probes.

use serde::{Deserialize, Serialize};

use super::{ProbeId, ProjectId, UrlId};

/// A module of the blackbox exporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Identity.
    pub id: ProbeId,
    /// Unique module name; the label `__param_module` and `job`.
    pub module: String,
    /// For people.
    pub description: String,
}

/// A URL to probe. Unique by (url, project, probe).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Url {
    /// Identity.
    pub id: UrlId,
    /// `http` or `https` URL of at most 256 characters, rendered exactly as stored.
    pub url: String,
    /// The project.
    pub project: ProjectId,
    /// The probe.
    pub probe: ProbeId,
}
