//! Farms of hosts.

use serde::{Deserialize, Serialize};

use super::{FarmId, HostId, Name};

/// The source of farms whose hosts are kept in Promgen itself.
pub const LOCAL_SOURCE: &str = "promgen";

/// A set of hosts, kept here ([`LOCAL_SOURCE`]) or fetched by a discovery source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farm {
    /// Identity.
    pub id: FarmId,
    /// Name; unique per source, except that local farms may share one. The label `farm`.
    pub name: Name,
    /// Key of the discovery source; the label `__farm_source`.
    pub source: String,
}

impl Farm {
    /// Whether its hosts are kept in Promgen and may be edited here.
    pub fn is_local(&self) -> bool {
        self.source == LOCAL_SOURCE
    }
}

/// A machine in a farm. Unique by name within its farm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Identity.
    pub id: HostId,
    /// Address without port. Discovery and import may bring names that no form would accept.
    pub name: String,
    /// The farm.
    pub farm: FarmId,
}
