//! What the renderers promise, as bodies that property tests and fuzz targets share, and the
//! hostile data to feed them.
//!
//! A body answers `Err` with the difference when the promise is broken. Readers of YAML are passed
//! in, for this module names no YAML library.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::model::{
    Exporter, ExporterId, Farm, FarmId, GroupOptions, Host, HostId, Name, Probe, ProbeId, Project,
    ProjectId, PromDuration, Rule, RuleId, RuleKind, RuleOwner, Scheme, Service, ServiceId, Shard,
    ShardId, Site, Tree, Url, UrlId,
};
use crate::render::{RuleOptions, Select, rules, targets, urls};

/// A reader of YAML: a text becomes plain data, or an error in words.
pub type YamlReader = fn(&str) -> Result<Value, String>;

/// The texts of a rule that end up in the rules file.
#[derive(Debug, Clone)]
pub struct RuleTexts {
    /// Name of the rule.
    pub name: String,
    /// Its clause, without the macro.
    pub clause: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

/// Texts that a careless writer of YAML or JSON gets wrong.
pub fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => vec(any::<char>(), 0..24).prop_map(String::from_iter),
        2 => select(WORDS).prop_map(str::to_owned),
        3 => vec(select(PIECES), 0..40).prop_map(|pieces| pieces.concat()),
        3 => vec(select(WORDS), 0..60).prop_map(|words| words.join(" ")),
    ]
}

/// Whole words that mean something else to one version of YAML or another.
const WORDS: &[&str] = &[
    "",
    "~",
    "null",
    "Null",
    "yes",
    "No",
    "y",
    "N",
    "on",
    "OFF",
    "true",
    "False",
    "=",
    "<<",
    "-",
    "?",
    ":",
    "---",
    "...",
    "1",
    "-1",
    "+1",
    "0x1F",
    "0o17",
    "017",
    "0b11",
    "1e3",
    "1.5e-3",
    ".5",
    "5.",
    "1_000",
    "1:30",
    "190:20:30.15",
    ".inf",
    "-.INF",
    ".nan",
    "2001-12-14",
    "2001-12-14t21:59:43.10-05:00",
    "5m",
    "1h30m",
    "a:",
    ":a",
    "a: b",
    "a #b",
    "#a",
    "a#b",
    "'",
    "''",
    "\"",
    "{{ $labels.x }}",
    "{a",
    "[a",
    "!a",
    "&a",
    "*a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    " a",
    "a ",
    "a  b",
    "- a",
    "-a",
    "? a",
    "日本語",
    "😀",
    "é",
];

/// Characters and bits between which the readers' rules lie.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u{7}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "😀",
    "語",
    "é",
    "a",
    "word",
    "- ",
    "-",
    ": ",
    ":",
    " #",
    "#",
    "'",
    "\"",
    "\\",
    "\\n",
    "{",
    "}",
    "{{",
    "}}",
    "[",
    "]",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "~",
    "=",
    "<",
    "?",
    "---",
    "...",
    "0",
    "1",
];

/// Up to five rules of hostile texts.
pub fn rule_texts() -> impl Strategy<Value = Vec<RuleTexts>> {
    let map = || btree_map(hostile_text(), hostile_text(), 0..4);
    let rule = (hostile_text(), hostile_text(), map(), map());
    vec(rule, 0..5).prop_map(|rules| {
        let texts = |(name, clause, labels, annotations)| RuleTexts {
            name,
            clause,
            labels,
            annotations,
        };
        rules.into_iter().map(texts).collect()
    })
}

/// Every text of a service's rules is read back as it was put in.
///
/// # Errors
/// The reader's error, or both documents where they differ.
pub fn rule_texts_survive(
    service: &str,
    texts: &[RuleTexts],
    read: YamlReader,
) -> Result<(), String> {
    let mut tree = empty_tree();
    tree.services = vec![named_service(1, service)];
    let numbered = (1..).zip(texts);
    tree.rules = numbered
        .map(|(id, texts)| service_rule(id, texts))
        .collect();
    let rendered = rules(&tree, &Select::All, &RuleOptions::default());
    let found = read(&rendered).map_err(|error| format!("{error} in\n{rendered}"))?;
    let expected = expected_rules(service, &tree.rules);
    if found == expected {
        Ok(())
    } else {
        Err(format!("{rendered}\nreads as\n{found}\nnot as\n{expected}"))
    }
}

fn expected_rules(service: &str, rules: &[Rule]) -> Value {
    let mut sorted: Vec<&Rule> = rules.iter().collect();
    sorted.sort_by_key(|rule| (rule.name.as_str(), rule.id));
    let expected = |rule: &&Rule| {
        let mut annotations = rule.annotations.clone();
        let link = format!("http://promgen.example.com/rule/{}", rule.id);
        annotations.insert("rule".to_owned(), link);
        let mut labels = rule.labels.clone();
        labels.remove("project");
        let escaped = service.replace("{{", r#"{{"{{"}}"#);
        labels.insert("service".to_owned(), escaped);
        let (alert, expr) = (rule.name.as_str(), rule.clause.as_str());
        json!({"alert": alert, "annotations": annotations, "expr": expr, "for": "5m", "labels": labels})
    };
    if sorted.is_empty() {
        return json!({"groups": []});
    }
    let rules: Vec<Value> = sorted.iter().map(expected).collect();
    json!({"groups": [{"name": service, "rules": rules}]})
}

/// Targets and URLs are the bytes of Python's `json.dumps(value, indent=2, sort_keys=True)`.
///
/// # Errors
/// The rendered text, when it is not JSON or laid out in another way.
pub fn groups_are_laid_out_as_by_python(tree: &Tree) -> Result<(), String> {
    for text in [targets(tree, &Select::All), urls(tree, &Select::All)] {
        let mut groups: Vec<BTreeMap<String, Value>> =
            serde_json::from_str(&text).map_err(|error| format!("{error} in\n{text}"))?;
        for labels in groups
            .iter_mut()
            .filter_map(|group| group.get_mut("labels"))
        {
            labels.sort_all_objects();
        }
        let pretty = serde_json::to_string_pretty(&groups).map_err(|error| error.to_string())?;
        let expected = ascii(&pretty);
        if text != expected {
            return Err(format!("{text}\nshould be\n{expected}"));
        }
    }
    Ok(())
}

fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c == '\n' || (' '..='~').contains(&c) {
            out.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            out.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// The outputs depend on the tree alone, and not on the order in which rows came.
///
/// # Errors
/// Both texts where they differ.
pub fn rendering_is_pure(tree: &Tree) -> Result<(), String> {
    let mut turned = tree.clone();
    turned.hosts.reverse();
    turned.exporters.reverse();
    turned.urls.reverse();
    turned.rules.reverse();
    for select in [
        Select::All,
        Select::Shard(ShardId(1)),
        Select::Service(ServiceId(1)),
        Select::Project(ProjectId(1)),
        Select::Some {
            services: [ServiceId(1)].into(),
            projects: [ProjectId(1), ProjectId(2)].into(),
        },
    ] {
        let first = outputs(tree, &select);
        for other in [outputs(&tree.clone(), &select), outputs(&turned, &select)] {
            if first != other {
                return Err(format!("{first:?}\nis not\n{other:?}"));
            }
        }
    }
    Ok(())
}

fn outputs(tree: &Tree, select: &Select) -> [String; 3] {
    let options = RuleOptions::default();
    [
        targets(tree, select),
        urls(tree, select),
        rules(tree, select, &options),
    ]
}

/// Trees of hostile names, whose references may lead nowhere.
pub fn trees() -> impl Strategy<Value = Tree> {
    let named = || vec(hostile_text(), 0..3);
    let placed = || vec((hostile_text(), 1..4_i32, 1..4_i32), 0..5);
    let owned = vec((rule_texts(), 0..3_i32, 1..4_i32), 0..3);
    (
        named(),
        named(),
        placed(),
        named(),
        placed(),
        placed(),
        placed(),
        owned,
    )
        .prop_map(
            |(shards, services, projects, farms, hosts, exporters, urls, owned)| {
                let mut tree = empty_tree();
                tree.shards = each(shards, |id, name| shard(id, &name));
                tree.services = each(services, |id, name| named_service(id, &name));
                tree.projects = each(projects, |id, (name, a, b)| project(id, &name, a, b));
                tree.farms = each(farms, farm);
                tree.hosts = each(hosts, |id, (name, farm, _)| host(id, name, farm));
                tree.exporters = each(exporters, |id, (path, project, n)| {
                    exporter(id, &path, project, n)
                });
                tree.probes = vec![probe(1), probe(2)];
                tree.urls = each(urls, |id, (text, project, probe)| {
                    url(id, text, project, probe)
                });
                let rules = owned.into_iter().flat_map(|(texts, kind, id)| {
                    texts.into_iter().map(move |texts| (texts, owner(kind, id)))
                });
                tree.rules = each(rules.collect(), |id, (texts, owner)| Rule {
                    owner,
                    ..service_rule(id, &texts)
                });
                tree
            },
        )
}

/// Numbers things from 1.
fn each<T, U>(things: Vec<T>, make: impl Fn(i32, T) -> U) -> Vec<U> {
    (1..)
        .zip(things)
        .map(|(id, thing)| make(id, thing))
        .collect()
}

fn empty_tree() -> Tree {
    Tree::empty(Site {
        domain: "promgen.example.com".to_owned(),
        name: String::new(),
        group: GroupOptions::default(),
    })
}

fn owner(kind: i32, id: i32) -> RuleOwner {
    match kind {
        0 => RuleOwner::Site,
        1 => RuleOwner::Service(ServiceId(id)),
        _ => RuleOwner::Project(ProjectId(id)),
    }
}

fn service_rule(id: i32, texts: &RuleTexts) -> Rule {
    Rule {
        id: RuleId(id),
        name: Name::stored(&texts.name),
        kind: RuleKind::Alert,
        clause: texts.clause.clone(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent: None,
        owner: RuleOwner::Service(ServiceId(1)),
        description: String::new(),
        labels: texts.labels.clone(),
        annotations: texts.annotations.clone(),
    }
}

fn shard(id: i32, name: &str) -> Shard {
    Shard {
        id: ShardId(id),
        name: Name::stored(name),
        url: String::new(),
        proxy: false,
        enabled: true,
        authorization: None,
        samples: 0,
        targets: 0,
    }
}

fn named_service(id: i32, name: &str) -> Service {
    Service {
        id: ServiceId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    }
}

fn project(id: i32, name: &str, service: i32, shard: i32) -> Project {
    Project {
        id: ProjectId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        service: ServiceId(service),
        shard: ShardId(shard),
        farm: Some(FarmId(id)),
        group: GroupOptions::default(),
    }
}

fn farm(id: i32, name: String) -> Farm {
    Farm {
        id: FarmId(id),
        source: name.clone(),
        name: Name::stored(name),
    }
}

fn host(id: i32, name: String, farm: i32) -> Host {
    Host {
        id: HostId(id),
        name,
        farm: FarmId(farm),
    }
}

fn exporter(id: i32, path: &str, project: i32, number: i32) -> Exporter {
    Exporter {
        id: ExporterId(id),
        job: path.to_owned(),
        port: u16::try_from(number).unwrap_or_default(),
        path: format!("/{path}?{path}=1&a=2"),
        scheme: Scheme::Http,
        project: ProjectId(project),
        enabled: number != 3,
    }
}

fn probe(id: i32) -> Probe {
    Probe {
        id: ProbeId(id),
        module: format!("module_{id}"),
        description: String::new(),
    }
}

fn url(id: i32, url: String, project: i32, probe: i32) -> Url {
    Url {
        id: UrlId(id),
        url,
        project: ProjectId(project),
        probe: ProbeId(probe),
    }
}
