//! Groups of targets, as Prometheus' `file_sd` and `http_sd` write them, and the farms in them.

use std::collections::{BTreeMap, BTreeSet};

use promgen_core::plugin::DiscoveryError;
use serde::Deserialize;

/// The farm of a group that does not say which one it is of.
const NO_LABEL: &str = "default";

/// The label that names the farm of a group, unless the settings name another.
pub(super) const FARM_LABEL: &str = "farm";

/// One group.
#[derive(Debug, Deserialize)]
pub(super) struct Group {
    targets: Vec<String>,
    // Programs in Go write a map that is not there as null.
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
}

/// Farms with their hosts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Farms(BTreeMap<String, BTreeSet<String>>);

impl Farms {
    /// Adds the targets of groups, each to the farm that the label names.
    pub(super) fn add_groups(&mut self, groups: Vec<Group>, label: &str) {
        for group in groups {
            let mut labels = group.labels.unwrap_or_default();
            // In Prometheus, an empty label is one that is not there.
            let farm = labels.remove(label).filter(|farm| !farm.is_empty());
            self.add(farm.unwrap_or_else(|| NO_LABEL.to_owned()), &group.targets);
        }
    }

    /// Adds hosts to a farm.
    pub(super) fn add(&mut self, farm: String, targets: &[String]) {
        let hosts = targets.iter().map(|target| host_of(target).to_owned());
        self.0
            .entry(farm)
            .or_default()
            .extend(hosts.filter(|host| !host.is_empty()));
    }

    /// Names of the farms, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The hosts of a farm, sorted.
    pub(super) fn hosts(&self, farm: &str) -> Result<Vec<String>, DiscoveryError> {
        let hosts = self.0.get(farm).ok_or_else(|| DiscoveryError {
            message: format!(
                "knows no farm {farm:?} among its {}; `promgen farm offers` lists them",
                self.0.len()
            ),
        })?;
        Ok(hosts.iter().cloned().collect())
    }
}

/// A target without its port: `web:9100` is `web`, `[::1]:9100` is `[::1]`. Anything else, such as a
/// URL, stays as it is, and is told of as no host where hosts are checked.
fn host_of(target: &str) -> &str {
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match target.rsplit_once(':') {
        // Without brackets, an address of IPv6 has no port.
        Some((host, port)) if is_port(port) && (!host.contains(':') || host.ends_with(']')) => host,
        _ => target,
    }
}

/// An error of a reader, short enough for a message.
pub(super) fn short(error: &impl ToString) -> String {
    let text = error.to_string();
    let line: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn farms(json: &str, label: &str) -> Farms {
        let mut farms = Farms::default();
        farms.add_groups(serde_json::from_str(json).unwrap(), label);
        farms
    }

    #[test]
    fn a_host_is_a_target_without_its_port() {
        for (target, host) in [
            ("web:9100", "web"),
            ("web", "web"),
            ("10.0.0.1:1", "10.0.0.1"),
            ("[fe80::1]:9100", "[fe80::1]"),
            ("[fe80::1]", "[fe80::1]"),
            ("fe80::1", "fe80::1"),
            ("::1", "::1"),
            ("web:http", "web:http"),
            ("http://web/x", "http://web/x"),
            ("", ""),
        ] {
            assert_eq!(host_of(target), host, "{target}");
        }
    }

    #[test]
    fn hosts_of_many_groups_are_one_farm_each_host_once() {
        let json = r#"[{"targets": ["b:1", "a:1"], "labels": {"farm": "x", "job": "n"}},
            {"targets": ["a:2", "c"], "labels": {"farm": "x"}},
            {"targets": ["[::1]:9"], "labels": {"farm": "y"}}]"#;
        assert_eq!(farms(json, "farm").hosts("x").unwrap(), ["a", "b", "c"]);
        assert_eq!(farms(json, "farm").hosts("y").unwrap(), ["[::1]"]);
        assert_eq!(farms(json, "farm").names(), ["x", "y"]);
        assert_eq!(farms(json, "job").names(), ["default", "n"]);
    }

    #[test]
    fn a_group_without_the_label_is_of_the_farm_default() {
        for labels in ["{}", "null", r#"{"farm": ""}"#] {
            let json = format!(r#"[{{"targets": ["a"], "labels": {labels}}}]"#);
            assert_eq!(farms(&json, "farm").names(), ["default"]);
        }
        assert_eq!(
            farms(r#"[{"targets": ["a"]}]"#, "farm").names(),
            ["default"]
        );
    }

    #[test]
    fn an_unknown_farm_is_refused_and_a_farm_without_hosts_is_not() {
        let json = r#"[{"targets": [], "labels": {"farm": "x"}}]"#;
        assert_eq!(farms(json, "farm").hosts("x").unwrap(), [""; 0]);
        let error = farms(json, "farm").hosts("z").unwrap_err();
        assert!(error.message.contains("\"z\""), "{error}");
    }
}
