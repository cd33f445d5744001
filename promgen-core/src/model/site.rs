//! The site: the one installation.

use serde::{Deserialize, Serialize};

use super::{GroupOptions, Hostname};

/// The installation: how links are built, and the owner of global rules. There is exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// `host[:port]` of every absolute link, and the name of the global rule group; at most 100
    /// characters.
    pub domain: String,
    /// How people call the installation; at most 50 characters.
    pub name: String,
    /// Options of the global rule group.
    pub group: GroupOptions,
}

/// Most characters of a domain.
const MOST_CHARS: usize = 100;

impl Site {
    /// Whether a text can be a domain: a host, or a host and a port.
    pub fn is_domain(text: &str) -> bool {
        let host = text.rsplit_once(':').map_or(text, |(host, port)| {
            if port.parse::<u16>().is_ok() {
                host
            } else {
                text
            }
        });
        text.chars().count() <= MOST_CHARS && Hostname::parse(host).is_ok()
    }
}
