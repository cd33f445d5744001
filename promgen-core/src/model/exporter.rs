//! Exporters: what is scraped on the hosts of a project.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ExporterId, PresetId, ProjectId};

/// How an exporter is spoken to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain HTTP, the default.
    #[default]
    Http,
    /// HTTP over TLS.
    Https,
}

impl Scheme {
    /// The label value `__scheme__`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            other => Err(format!("{other:?} is not a scheme; use http or https")),
        }
    }
}

/// Path and query of an exporter as Prometheus' labels want them.
///
/// The text is split at the first `?`; the query is form-decoded; empty values are dropped and of
/// several values of one key the first counts (Promgen 0.74 `__param_*`). A fragment is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExporterPath {
    /// `__metrics_path__`; `None` when the exporter has no path at all.
    pub metrics_path: Option<String>,
    /// Key and first value of each query parameter, sorted by key.
    pub params: std::collections::BTreeMap<String, String>,
}

impl ExporterPath {
    /// Splits what is stored in [`Exporter::path`].
    ///
    /// ```
    /// use promgen_core::model::ExporterPath;
    /// let path = ExporterPath::split("/m?module=a%20b&x=1&x=2&y=");
    /// assert_eq!(path.metrics_path.as_deref(), Some("/m"));
    /// assert_eq!(path.params["module"], "a b");
    /// assert_eq!(path.params["x"], "1");
    /// assert!(!path.params.contains_key("y"));
    /// ```
    pub fn split(stored: &str) -> Self {
        let mut params = std::collections::BTreeMap::new();
        if stored.is_empty() {
            return Self {
                metrics_path: None,
                params,
            };
        }
        let text = stored.split_once('#').map_or(stored, |(before, _)| before);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (form_decode(key), form_decode(value));
            if !key.is_empty() && !value.is_empty() {
                params.entry(key).or_insert(value);
            }
        }
        Self {
            metrics_path: Some(path.to_owned()),
            params,
        }
    }
}

fn form_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = (*first == b'%')
            .then(|| tail.get(..2).and_then(hex_byte))
            .flatten();
        let (byte, used) = match (first, escape) {
            (_, Some(byte)) => (byte, 3),
            (b'+', None) => (b' ', 1),
            (byte, None) => (*byte, 1),
        };
        bytes.push(byte);
        rest = rest.get(used..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then(|| u8::from_str_radix(text, 16).ok())?
}

/// An exporter of a project. Unique by (job, port, path, scheme, project).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exporter {
    /// Identity.
    pub id: ExporterId,
    /// The label `job`; 1 to 128 characters.
    pub job: String,
    /// The port on every host of the project's farm.
    pub port: u16,
    /// Path and query; empty means Prometheus' own `/metrics`. At most 128 characters.
    pub path: String,
    /// Scheme.
    pub scheme: Scheme,
    /// The project.
    pub project: ProjectId,
    /// Disabled exporters are left out of the targets.
    pub enabled: bool,
}

/// An entry of the list of usual exporters, offered when one is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// Identity.
    pub id: PresetId,
    /// Job.
    pub job: String,
    /// Port.
    pub port: u16,
    /// Path.
    pub path: String,
    /// Scheme.
    pub scheme: Scheme,
}
