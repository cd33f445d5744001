//! From text to [`Document`], with every finding at once.

use super::document::{
    At, Document, ExporterDoc, FarmDoc, HostDoc, PresetDoc, ProbeDoc, ProjectDoc, ProjectFarm,
    RuleDoc, SecretDoc, SenderDoc, SenderValue, ServerDoc, ServiceDoc, ShardDoc, SiteDoc, UrlDoc,
    UserDoc,
};
use crate::document::{self, Fields, Node, Value};
use crate::model::{
    GroupOptions, Hostname, LOCAL_SOURCE, LabelName, Name, Problem, PromDuration, RuleKind, Scheme,
    Secret, Site, has_errors, is_line, is_web_url,
};

/// The version of the format that this program reads and writes.
pub(super) const VERSION: &str = "1";

type Problems = Vec<Problem>;

/// Reads a tree document, YAML or JSON.
///
/// # Errors
/// Every finding at once, each with its path and its line.
pub fn read(text: &str) -> Result<Document, Vec<Problem>> {
    let node = document::read(text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let document = top(&node, &mut problems);
    match document {
        Some(document) if !has_errors(&problems) => Ok(document),
        _ => Err(problems),
    }
}

fn top(node: &Node, problems: &mut Problems) -> Option<Document> {
    let known = [
        "promgen", "site", "shards", "probes", "presets", "users", "farms", "services",
    ];
    let fields = Fields::open(node, "", &known, problems)?;
    match fields.required("promgen", problems) {
        Some(version) if version != VERSION => {
            let message = format!("is version {version} of the format");
            let remedy = format!("this program knows version {VERSION}");
            problems.push(fields.problem("promgen", message, remedy));
        }
        _ => {}
    }
    Some(Document {
        site: fields.node("site").and_then(|node| site(node, problems)),
        shards: items(&fields, "shards", problems, shard),
        probes: items(&fields, "probes", problems, probe),
        presets: items(&fields, "presets", problems, preset),
        users: items(&fields, "users", problems, user),
        farms: items(&fields, "farms", problems, farm),
        services: items(&fields, "services", problems, service),
    })
}

/// The items of a list, each read by `one`; those that cannot be read have left their findings.
fn items<T>(
    fields: &Fields<'_>,
    key: &str,
    problems: &mut Problems,
    one: impl Fn(&Node, &str, &mut Problems) -> Option<T>,
) -> Option<Vec<T>> {
    let list = fields.list(key, problems)?;
    Some(
        list.into_iter()
            .filter_map(|(path, node)| one(node, &path, problems))
            .collect(),
    )
}

fn at(fields: &Fields<'_>) -> At {
    At {
        path: fields.path.clone(),
        place: fields.place,
    }
}

fn site(node: &Node, problems: &mut Problems) -> Option<SiteDoc> {
    let fields = Fields::open(
        node,
        "site",
        &["domain", "name", "group", "rules"],
        problems,
    )?;
    let domain = fields.text("domain", problems);
    if domain
        .as_ref()
        .is_some_and(|domain| !Site::is_domain(domain))
    {
        let remedy = "write a host, or a host and a port, of at most 100 characters";
        problems.push(fields.problem("domain", "is not a host", remedy));
    }
    Some(SiteDoc {
        domain,
        name: short(&fields, "name", 50, problems),
        group: group(&fields, problems),
        rules: items(&fields, "rules", problems, rule),
    })
}

/// A text of at most `max` characters on one line.
fn short(fields: &Fields<'_>, key: &str, max: usize, problems: &mut Problems) -> Option<String> {
    let text = fields.text(key, problems)?;
    if !is_line(&text, max) {
        let remedy = format!("write at most {max} characters, on one line");
        problems.push(fields.problem(key, "is too long, or not one line", remedy));
    }
    Some(text)
}

/// As [`short`], and not empty.
fn required_short(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<String> {
    let text = fields.required(key, problems)?;
    if text.is_empty() {
        problems.push(fields.problem(key, "is empty", "write something"));
    }
    short(fields, key, 128, problems)
}

fn group(fields: &Fields<'_>, problems: &mut Problems) -> Option<GroupOptions> {
    let node = fields.node("group")?;
    let known = ["interval", "limit", "query_offset"];
    let group = Fields::open(node, &fields.path_of("group"), &known, problems)?;
    Some(GroupOptions {
        interval: group.parsed("interval", problems),
        limit: group.count("limit", problems),
        query_offset: group.parsed("query_offset", problems),
    })
}

fn shard(node: &Node, path: &str, problems: &mut Problems) -> Option<ShardDoc> {
    let known = [
        "id",
        "name",
        "url",
        "proxy",
        "enabled",
        "authorization",
        "samples",
        "targets",
        "servers",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let url = short(&fields, "url", 256, problems);
    if url
        .as_ref()
        .is_some_and(|url| !url.is_empty() && !is_web_url(url))
    {
        problems.push(fields.problem(
            "url",
            "is not a URL",
            "write it like http://prometheus:9090",
        ));
    }
    let name = fields.required_parsed::<Name>("name", problems);
    Some(ShardDoc {
        at: at(&fields),
        id: fields.parsed("id", problems),
        url,
        proxy: fields.bool("proxy", problems),
        enabled: fields.bool("enabled", problems),
        authorization: secret(&fields, "authorization", problems),
        samples: fields.parsed("samples", problems),
        targets: fields.parsed("targets", problems),
        servers: items(&fields, "servers", problems, server),
        name: name?,
    })
}

/// A text, or `{secret: kept}`.
fn secret(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<SecretDoc> {
    let node = fields.node(key)?;
    if matches!(node.value, Value::Map(_)) {
        let inner = Fields::open(node, &fields.path_of(key), &["secret"], problems)?;
        if inner.required("secret", problems)? != "kept" {
            let remedy = "write `{secret: kept}`, or the secret itself";
            problems.push(inner.problem("secret", "is not `kept`", remedy));
        }
        return Some(SecretDoc::Kept);
    }
    let text = fields.text(key, problems)?;
    Some(SecretDoc::Given(Secret::new(text)))
}

fn port(fields: &Fields<'_>, problems: &mut Problems) -> Option<u16> {
    let port: u16 = fields.required_parsed("port", problems)?;
    if port == 0 {
        problems.push(fields.problem("port", "0 is not a port", "write 1 to 65535"));
    }
    Some(port)
}

fn server(node: &Node, path: &str, problems: &mut Problems) -> Option<ServerDoc> {
    let fields = Fields::open(node, path, &["host", "port"], problems)?;
    let host = fields.required_parsed::<Hostname>("host", problems);
    let port = port(&fields, problems);
    Some(ServerDoc {
        at: at(&fields),
        host: host?.to_string(),
        port: port?,
    })
}

fn probe(node: &Node, path: &str, problems: &mut Problems) -> Option<ProbeDoc> {
    let fields = Fields::open(node, path, &["id", "module", "description"], problems)?;
    let module = required_short(&fields, "module", problems);
    Some(ProbeDoc {
        at: at(&fields),
        id: fields.parsed("id", problems),
        description: fields.text("description", problems),
        module: module?,
    })
}

fn preset(node: &Node, path: &str, problems: &mut Problems) -> Option<PresetDoc> {
    let fields = Fields::open(node, path, &["job", "port", "path", "scheme"], problems)?;
    let (job, port) = (
        required_short(&fields, "job", problems),
        port(&fields, problems),
    );
    Some(PresetDoc {
        at: at(&fields),
        path: exporter_path(&fields, problems),
        scheme: fields
            .parsed::<Scheme>("scheme", problems)
            .unwrap_or_default(),
        job: job?,
        port: port?,
    })
}

fn exporter_path(fields: &Fields<'_>, problems: &mut Problems) -> String {
    let path = short(fields, "path", 128, problems).unwrap_or_default();
    if !(path.is_empty() || path.starts_with(['/', '?'])) {
        problems.push(fields.problem("path", "is not a path", "begin it with /"));
    }
    path
}

fn user(node: &Node, path: &str, problems: &mut Problems) -> Option<UserDoc> {
    let fields = Fields::open(node, path, &["username", "email", "senders"], problems)?;
    let username = required_short(&fields, "username", problems);
    Some(UserDoc {
        at: at(&fields),
        email: short(&fields, "email", 254, problems),
        senders: items(&fields, "senders", problems, sender),
        username: username?,
    })
}

fn farm(node: &Node, path: &str, problems: &mut Problems) -> Option<FarmDoc> {
    let fields = Fields::open(node, path, &["name", "source", "hosts"], problems)?;
    let name = fields.required_parsed::<Name>("name", problems);
    let source = short(&fields, "source", 128, problems);
    Some(FarmDoc {
        source: source.unwrap_or_else(|| LOCAL_SOURCE.to_owned()),
        hosts: items(&fields, "hosts", problems, host),
        name: name?,
    })
}

fn host(node: &Node, path: &str, problems: &mut Problems) -> Option<HostDoc> {
    let refuse = |message: String| {
        let remedy = "write an address or a DNS name, without port";
        Problem::error(path, message, remedy).at(node.place)
    };
    let (Value::Text(text) | Value::Number(text)) = &node.value else {
        problems.push(refuse(format!("is {}", node.value.kind())));
        return None;
    };
    match Hostname::parse(text) {
        Ok(name) => {
            let at = At {
                path: path.to_owned(),
                place: node.place,
            };
            Some(HostDoc {
                at,
                name: name.to_string(),
            })
        }
        Err(error) => {
            problems.push(refuse(error.to_string()));
            None
        }
    }
}

fn service(node: &Node, path: &str, problems: &mut Problems) -> Option<ServiceDoc> {
    let known = [
        "id",
        "name",
        "description",
        "owner",
        "group",
        "rules",
        "senders",
        "projects",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let name = fields.required_parsed::<Name>("name", problems);
    Some(ServiceDoc {
        at: at(&fields),
        id: fields.parsed("id", problems),
        description: fields.text("description", problems),
        owner: fields.text("owner", problems),
        group: group(&fields, problems),
        rules: items(&fields, "rules", problems, rule),
        senders: items(&fields, "senders", problems, sender),
        projects: items(&fields, "projects", problems, project),
        name: name?,
    })
}

fn project(node: &Node, path: &str, problems: &mut Problems) -> Option<ProjectDoc> {
    let known = [
        "id",
        "name",
        "description",
        "owner",
        "shard",
        "group",
        "farm",
        "exporters",
        "urls",
        "rules",
        "senders",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let name = fields.required_parsed::<Name>("name", problems);
    let shard = fields.required("shard", problems);
    Some(ProjectDoc {
        at: at(&fields),
        id: fields.parsed("id", problems),
        description: fields.text("description", problems),
        owner: fields.text("owner", problems),
        group: group(&fields, problems),
        farm: project_farm(&fields, problems),
        exporters: items(&fields, "exporters", problems, exporter),
        urls: items(&fields, "urls", problems, url),
        rules: items(&fields, "rules", problems, rule),
        senders: items(&fields, "senders", problems, sender),
        name: name?,
        shard: shard?,
    })
}

fn project_farm(fields: &Fields<'_>, problems: &mut Problems) -> Option<ProjectFarm> {
    if fields.is_null("farm") {
        return Some(ProjectFarm::None);
    }
    let node = fields.node("farm")?;
    let path = fields.path_of("farm");
    let shares = match &node.value {
        Value::Map(entries) => entries.iter().any(|entry| entry.key == "like"),
        _ => false,
    };
    if !shares {
        return farm(node, &path, problems).map(ProjectFarm::Own);
    }
    let inner = Fields::open(node, &path, &["like"], problems)?;
    let project = inner.required("like", problems)?;
    Some(ProjectFarm::Like {
        at: at(&inner),
        project,
    })
}

fn exporter(node: &Node, path: &str, problems: &mut Problems) -> Option<ExporterDoc> {
    let known = ["job", "port", "path", "scheme", "enabled"];
    let fields = Fields::open(node, path, &known, problems)?;
    let (job, port) = (
        required_short(&fields, "job", problems),
        port(&fields, problems),
    );
    Some(ExporterDoc {
        at: at(&fields),
        path: exporter_path(&fields, problems),
        scheme: fields
            .parsed::<Scheme>("scheme", problems)
            .unwrap_or_default(),
        enabled: fields.bool("enabled", problems).unwrap_or(true),
        job: job?,
        port: port?,
    })
}

fn url(node: &Node, path: &str, problems: &mut Problems) -> Option<UrlDoc> {
    let fields = Fields::open(node, path, &["url", "probe"], problems)?;
    let (url, probe) = (
        fields.required("url", problems),
        fields.required("probe", problems),
    );
    if url.as_ref().is_some_and(|url| !is_web_url(url)) {
        let remedy = "write an http or https URL of at most 256 characters";
        problems.push(fields.problem("url", "is not a URL", remedy));
    }
    Some(UrlDoc {
        at: at(&fields),
        url: url?,
        probe: probe?,
    })
}

fn rule(node: &Node, path: &str, problems: &mut Problems) -> Option<RuleDoc> {
    let known = [
        "id",
        "name",
        "kind",
        "clause",
        "duration",
        "keep_firing_for",
        "enabled",
        "parent",
        "description",
        "labels",
        "annotations",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let name = fields.required_parsed::<Name>("name", problems);
    let clause = fields.required("clause", problems);
    let duration = fields.parsed::<PromDuration>("duration", problems);
    Some(RuleDoc {
        at: at(&fields),
        id: fields.parsed("id", problems),
        kind: kind(&fields, problems),
        duration: duration.unwrap_or_else(|| PromDuration::stored("0s")),
        keep_firing_for: fields.parsed("keep_firing_for", problems),
        enabled: fields.bool("enabled", problems).unwrap_or(true),
        parent: fields.text("parent", problems),
        description: fields.text("description", problems).unwrap_or_default(),
        labels: fields.texts("labels", problems).unwrap_or_default(),
        annotations: fields.texts("annotations", problems).unwrap_or_default(),
        name: name?,
        clause: clause?,
    })
}

fn kind(fields: &Fields<'_>, problems: &mut Problems) -> RuleKind {
    match fields.text("kind", problems).as_deref() {
        None | Some("alert") => RuleKind::Alert,
        Some("record") => RuleKind::Record,
        Some(other) => {
            let message = format!("{other:?} is no kind of rule");
            problems.push(fields.problem("kind", message, "write alert or record"));
            RuleKind::Alert
        }
    }
}

fn sender(node: &Node, path: &str, problems: &mut Problems) -> Option<SenderDoc> {
    let known = [
        "driver", "value", "ref", "alias", "enabled", "added_by", "secret", "filters",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let driver = required_short(&fields, "driver", problems);
    let value = match (fields.text("value", problems), fields.text("ref", problems)) {
        (Some(value), None) if !value.is_empty() => Some(SenderValue::Given(value)),
        (None, Some(reference)) => Some(SenderValue::Ref(reference)),
        _ => {
            let remedy = "write its value, or, where an export masked it, its ref; not both";
            problems.push(fields.problem("value", "has no value", remedy));
            None
        }
    };
    let alias = short(&fields, "alias", 128, problems);
    let filters = items(&fields, "filters", problems, filter);
    Some(SenderDoc {
        at: at(&fields),
        alias: alias.unwrap_or_default(),
        enabled: fields.bool("enabled", problems).unwrap_or(true),
        added_by: fields.text("added_by", problems),
        secret: secret(&fields, "secret", problems),
        filters: sorted(filters.unwrap_or_default()),
        driver: driver?,
        value: value?,
    })
}

fn sorted(mut filters: Vec<(LabelName, String)>) -> Vec<(LabelName, String)> {
    filters.sort();
    filters.dedup();
    filters
}

fn filter(node: &Node, path: &str, problems: &mut Problems) -> Option<(LabelName, String)> {
    let fields = Fields::open(node, path, &["name", "value"], problems)?;
    let name = fields.required_parsed::<LabelName>("name", problems);
    let value = fields.required("value", problems);
    Some((name?, value?))
}
