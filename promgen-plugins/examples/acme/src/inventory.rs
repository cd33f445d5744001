//! A discovery source: farms and their hosts from a table in the settings.
//!
//! ```yaml
//! acme.discovery.inventory:
//!   Farm-A: [aa.acme.example, ab.acme.example, ac.acme.example]
//!   Farm-B: [ba.acme.example, bb.acme.example]
//! ```
//!
//! A source that asks an inventory server keeps to the same traits, and sends its questions with
//! [`DiscoveryContext::http`].

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::plugin::{
    Discovery, DiscoveryContext, DiscoveryDescription, DiscoveryError, PluginError,
};
use promgen_core::register_discovery;
use serde::Deserialize;

const KEY: &str = "acme.discovery.inventory";

static INVENTORY: DiscoveryDescription = DiscoveryDescription {
    key: KEY,
    section: KEY,
    label: "Acme inventory",
    help: "Farms from a table in the settings (acme.discovery.inventory: FARM: [HOST, …]).",
    build: |settings| Ok(Arc::new(Inventory::new(settings)?)),
};

register_discovery!(INVENTORY);

#[derive(Debug)]
struct Inventory {
    farms: BTreeMap<String, Vec<String>>,
}

impl Inventory {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let farms = match settings.plugins.get(KEY) {
            Some(section) => BTreeMap::deserialize(section).map_err(|_| unusable())?,
            None => BTreeMap::new(),
        };
        Ok(Self { farms })
    }
}

fn unusable() -> PluginError {
    PluginError {
        key: KEY.to_owned(),
        message: "the section is no table of farms and their hosts".to_owned(),
        remedy: "write `FARM: [HOST, HOST]`, one farm a line".to_owned(),
    }
}

#[async_trait]
impl Discovery for Inventory {
    async fn farms(&self, _: &dyn DiscoveryContext) -> Result<Vec<String>, DiscoveryError> {
        Ok(self.farms.keys().cloned().collect())
    }

    async fn fetch(
        &self,
        _: &dyn DiscoveryContext,
        farm: &str,
    ) -> Result<Vec<String>, DiscoveryError> {
        // An error, not an empty list: a farm that is gone must not look like one without hosts.
        let hosts = self.farms.get(farm).cloned();
        hosts.ok_or_else(|| DiscoveryError {
            message: format!("{farm} is not in the table of {KEY}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::config::parse;
    use promgen_core::testing::{RecordingDiscoveryContext, block_on};

    use super::*;

    const SETTINGS: &str = "acme.discovery.inventory:\n  \
        Farm-A: [AA, AB, AC]\n  \
        Farm-B: [BA, BB, BC, BD]\n";

    fn settings() -> Settings {
        parse(SETTINGS).unwrap().settings
    }

    promgen_core::discovery_contract!(INVENTORY, settings());

    #[test]
    fn farms_and_hosts_are_those_of_the_table() {
        let inventory = Inventory::new(&settings()).unwrap();
        let nothing = RecordingDiscoveryContext::default();
        let farms = block_on(inventory.farms(&nothing)).unwrap();
        assert_eq!(farms, ["Farm-A", "Farm-B"]);
        let hosts = block_on(inventory.fetch(&nothing, "Farm-B")).unwrap();
        assert_eq!(hosts, ["BA", "BB", "BC", "BD"]);
        assert!(nothing.requests().is_empty());
    }

    #[test]
    fn a_table_of_something_else_is_refused() {
        for section in ["[AA]", "{Farm-A: AA}", "{Farm-A: [{host: AA}]}"] {
            let settings = parse(&format!("{KEY}: {section}")).unwrap().settings;
            assert!(Inventory::new(&settings).is_err(), "{section}");
        }
    }
}
