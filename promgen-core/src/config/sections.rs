//! The sections of `promgen.yml`, but for `django:`.

use std::net::IpAddr;
use std::path::PathBuf;

use super::node::{Node, Value};
use super::reader::{Reader, Table, text_of};
use super::settings::{PrometheusVersion, Settings};
use super::{keys, login_section};
use crate::model::{Place, Problem, Role};

/// `serde_json` refuses to nest deeper than this, whatever is set.
const DEEPEST_JSON: u64 = 127;

/// Longest time for a shard, so that an answer about the shards that were in time still comes
/// within the minute that a request may take.
const LONGEST_QUERY: std::time::Duration = std::time::Duration::from_secs(55);

/// Reads every section that this module knows into the settings.
pub(super) fn read(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    prometheus(reader, top, settings);
    alertmanager(reader, top, settings);
    exports_and_alerts(reader, top, settings);
    permissions(reader, top, settings);
    metrics(reader, top, settings);
    delivery(reader, top, settings);
    keep(reader, top, settings);
    egress(reader, top, settings);
    discovery(reader, top, settings);
    proxy(reader, top, settings);
    login_section::read(reader, top, settings);
    settings.state = reader
        .text(top, "state", "give the path of a folder")
        .map(PathBuf::from);
    settings.timezone = reader.zone(top, "timezone");
}

fn set<T>(target: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *target = value;
    }
}

fn prometheus(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.open_section(top, "prometheus");
    for entry in table.entries() {
        if entry.key == "version" {
            reader.note(obsolete(
                "prometheus.version",
                entry.place,
                "set prometheus.min_version to the oldest server that loads the files",
            ));
        } else if !keys::PROMETHEUS.contains(&entry.key.as_str()) {
            reader.unknown(table, entry, keys::PROMETHEUS);
        }
    }
    let target = &mut settings.prometheus;
    target.url = reader.url(table, "url");
    let mut path = |key| reader.text(table, key, "give a path").map(PathBuf::from);
    target.promtool = path("promtool");
    target.rules = path("rules");
    target.targets = path("targets");
    target.blackbox = path("blackbox");
    set(&mut target.min_version, version(reader, table));
}

fn version(reader: &mut Reader, table: Table<'_>) -> Option<PrometheusVersion> {
    let node = table.find("min_version")?;
    // Without quotes the version is a number to YAML; its text still tells 2.5 from 2.50.
    let text = match &node.value {
        Value::Number { text, .. } | Value::Text(text) => text.as_str(),
        _ => "",
    };
    let version = parse_version(text);
    if version.is_none() {
        let message = "is not a version of Prometheus";
        let problem = Problem::error(table.field("min_version"), message, "write it like 2.42");
        reader.note(problem.at(node.place));
    }
    version
}

fn parse_version(text: &str) -> Option<PrometheusVersion> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
    let number = |part: &str| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let major = number(parts.next()?)?;
    let minor = number(parts.next().unwrap_or("0"))?;
    Some(PrometheusVersion { major, minor })
}

fn alertmanager(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "alertmanager", keys::ALERTMANAGER);
    let target = &mut settings.alertmanager;
    set(&mut target.urls, reader.urls(table, "url"));
    set(&mut target.split, reader.flag(table, "split"));
    let Some(node) = table.find("blacklist") else {
        return;
    };
    let remedy = "write a label and its values, such as `severity: [debug]`";
    let Value::Map(labels) = &node.value else {
        return reader.refuse(table.field("blacklist"), node, "a mapping", remedy);
    };
    for label in labels {
        let field = format!("alertmanager.blacklist.{}", label.key);
        if let Some(values) = reader.texts(&field, &label.node, remedy) {
            let values = values.into_iter().map(|(_, value)| value).collect();
            target.blacklist.insert(label.key.clone(), values);
        }
    }
}

fn exports_and_alerts(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let exports = reader.section(top, "exports", keys::EXPORTS);
    set(
        &mut settings.exports.anonymous,
        reader.flag(exports, "anonymous"),
    );

    let table = reader.section(top, "alerts", keys::ALERTS);
    let target = &mut settings.alerts;
    set(&mut target.anonymous, reader.flag(table, "anonymous"));
    // A body is held in memory and in one row of the database: 1 GiB is beyond both.
    let body = reader.number(table, "max_body", 1..=1 << 30);
    set(&mut target.max_body_bytes, body);
    let depth = reader.number(table, "max_depth", 1..=DEEPEST_JSON);
    set(&mut target.max_depth, depth);
}

fn permissions(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "permissions", keys::PERMISSIONS);
    let remedy = "write none, viewer or editor";
    let Some(text) = reader.text(table, "default_role", remedy) else {
        return;
    };
    let role = match text.as_str() {
        "none" => None,
        "viewer" => Some(Role::Viewer),
        "editor" => Some(Role::Editor),
        _ => {
            let problem = Problem::error("permissions.default_role", "is no role", remedy);
            let written = table.find("default_role").map(|node| node.place);
            return reader.note(match written {
                Some(place) => problem.at(place),
                None => problem,
            });
        }
    };
    settings.permissions.default_role = role;
}

fn metrics(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "metrics", keys::METRICS);
    set(
        &mut settings.metrics.anonymous,
        reader.flag(table, "anonymous"),
    );
}

fn delivery(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "delivery", keys::DELIVERY);
    let target = &mut settings.delivery;
    set(&mut target.timeout, reader.duration(table, "timeout"));
    set(
        &mut target.give_up_after,
        reader.duration(table, "give_up_after"),
    );
    set(
        &mut target.first_retry,
        reader.duration(table, "first_retry"),
    );
    set(
        &mut target.longest_retry,
        reader.duration(table, "longest_retry"),
    );
    // Each attempt holds a socket; more than this runs into the limits of usual systems.
    let concurrency = reader.number(table, "concurrency", 1..=10_000);
    set(&mut target.concurrency, concurrency);
    if target.first_retry > target.longest_retry {
        let written = table
            .find("first_retry")
            .or_else(|| table.find("longest_retry"));
        let problem = Problem::error(
            "delivery.first_retry",
            "is longer than delivery.longest_retry",
            "make it shorter, or the other longer",
        );
        reader.note(match written {
            Some(node) => problem.at(node.place),
            None => problem,
        });
    }
}

fn keep(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "keep", keys::KEEP);
    let target = &mut settings.keep;
    set(&mut target.alerts, reader.span(table, "alerts"));
    set(&mut target.dropped, reader.span(table, "dropped"));
    set(&mut target.audit, reader.span(table, "audit"));
}

fn egress(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "egress", keys::EGRESS);
    set(&mut settings.egress.allow, networks(reader, table, "allow"));
    set(&mut settings.egress.deny, networks(reader, table, "deny"));
}

fn discovery(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "discovery", keys::DISCOVERY);
    let every = reader.span(table, "every");
    if let Some(every) = every {
        settings.discovery.every = (!every.is_zero()).then_some(every);
    }
    let timeout = reader.duration(table, "timeout");
    set(&mut settings.discovery.timeout, timeout);
}

fn proxy(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.section(top, "proxy", keys::PROXY);
    let target = &mut settings.proxy;
    set(&mut target.anonymous, reader.flag(table, "anonymous"));
    set(&mut target.enforce, reader.flag(table, "enforce"));
    set(&mut target.timeout, reader.duration(table, "timeout"));
    // Below it no ordinary answer fits; above it four of them do not fit into most machines.
    let max_bytes = reader.number(table, "max_bytes", 1 << 16..=1 << 32);
    set(&mut target.max_bytes, max_bytes);
    let target = &settings.proxy;
    let mut problems = Vec::new();
    if target.timeout > LONGEST_QUERY {
        let remedy = "make it 55s at most: a request is answered within a minute";
        problems.push((
            "timeout",
            Problem::error("proxy.timeout", "is too long", remedy),
        ));
    }
    if target.enforce && target.anonymous {
        let message = "limits people to what they may see, but proxy.anonymous asks nobody's name";
        let remedy = "set one of them to false";
        problems.push(("enforce", Problem::error("proxy.enforce", message, remedy)));
    } else if target.enforce && settings.permissions.default_role.is_some() {
        let message = "limits nobody: by permissions.default_role, every user sees everything";
        let remedy = "set permissions.default_role to none, or take this out";
        problems.push((
            "enforce",
            Problem::warning("proxy.enforce", message, remedy),
        ));
    }
    for (key, problem) in problems {
        let place = table.find(key).map(|node| node.place);
        reader.note(place.map_or(problem.clone(), |place| problem.at(place)));
    }
}

fn networks(reader: &mut Reader, table: Table<'_>, key: &str) -> Option<Vec<String>> {
    let remedy = "write a list of networks, such as [10.0.0.0/8]";
    let field = table.field(key);
    let texts = reader.texts(&field, table.find(key)?, remedy)?;
    let mut networks = Vec::with_capacity(texts.len());
    for (place, text) in texts {
        match network(&text) {
            Some(network) => networks.push(network),
            None => reader.note(
                Problem::error(field.clone(), "holds what is not a network", remedy).at(place),
            ),
        }
    }
    Some(networks)
}

/// A network in CIDR form; a single address is the network of that address.
fn network(text: &str) -> Option<String> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32_u8 } else { 128 };
    let bits = match bits {
        Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
        Some(_) => return None,
        None => most,
    };
    (bits <= most).then(|| format!("{address}/{bits}"))
}

/// Keys that the original had before 0.40, each with where its value belongs.
const MOVED: [(&str, &str); 4] = [
    ("config_writer", "put its path under prometheus.targets"),
    ("url_writer", "put its path under prometheus.blackbox"),
    (
        "rule_writer",
        "put its path under prometheus.rules and the program under prometheus.promtool",
    ),
    ("alert_blacklist", "move it to alertmanager.blacklist"),
];

/// The message about a key of the original's past, when it is one.
pub(super) fn moved(key: &str, place: Place) -> Option<Problem> {
    let (_, remedy) = MOVED.iter().find(|(name, _)| *name == key)?;
    Some(obsolete(key, place, remedy))
}

fn obsolete(field: &str, place: Place, remedy: &str) -> Problem {
    Problem::warning(field, "is obsolete and has no effect", remedy).at(place)
}

/// Whether a list of texts stands there, for keys that nothing reads yet but that have one form.
pub(super) fn expect_texts(reader: &mut Reader, field: &str, node: &Node) {
    if text_of(node).is_none() {
        reader.texts(field, node, "write a list of texts");
    }
}
