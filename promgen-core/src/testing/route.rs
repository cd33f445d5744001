//! What routing must keep to, whatever the tree and the message.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::alert::{
    AlertItem, Directory, Driver, Message, Part, Reason, RouteRules, Routing, body, labels, route,
    subject,
};
use crate::model::{
    Filter, FilterId, GroupOptions, Name, Project, ProjectId, Sender, SenderId, SenderOwner,
    Service, ServiceId, ShardId, Site, Timestamp, Tree, User, UserId,
};

/// Reads any bytes as a message, and does with it all that is done on the way: routing with and
/// without splitting, the message of every part, texts, labels.
///
/// # Panics
/// When anything does; it must not.
pub fn alert_payload_body(data: &[u8]) {
    let Ok(message) = Message::parse(data, 64) else {
        return;
    };
    let tree = small_tree(vec![sender(
        1,
        SenderOwner::Service(ServiceId(1)),
        "web",
        "a",
    )]);
    let directory = Directory::new(&tree, &driver);
    for split in [true, false] {
        let routing = route(&message, &directory, &rules(split));
        for part in &routing.parts {
            let sent = part.message(&message, "http://p/alert/1");
            assert!(!subject(&sent).chars().any(char::is_control));
            let text = body(&sent);
            assert_eq!(text, text.trim());
            let again = Message::parse(&sent.to_json(), 66);
            assert_eq!(again.ok().as_ref(), Some(&sent));
        }
        let trace = serde_json::to_string(&routing).unwrap_or_default();
        assert!(serde_json::from_str::<Routing>(&trace).is_ok(), "{trace}");
    }
    let indexed = labels(&message);
    let distinct: BTreeSet<_> = indexed.iter().collect();
    assert_eq!(distinct.len(), indexed.len());
}

/// A tree, a message, and whether messages are split.
#[derive(Debug, Clone)]
pub struct Case {
    /// Services `a` and `b`, projects `p` (of `a`) and `q` (of `b`), users 1 and 2 (inactive), and
    /// senders of all of them.
    pub tree: Tree,
    /// What is posted.
    pub message: Message,
    /// [`RouteRules::split`].
    pub split: bool,
}

/// Cases from a small vocabulary, so that names meet: known and unknown objects, senders that are
/// double, filtered, disabled, without driver, subscriptions of users who exist or not.
pub fn routing_cases() -> impl Strategy<Value = Case> {
    let senders = vec(any_sender(), 0..12).prop_map(|mut senders| {
        for (id, sender) in (1..).zip(&mut senders) {
            sender.id = SenderId(id);
        }
        senders
    });
    (senders, any_message(), any::<bool>()).prop_map(|(senders, message, split)| Case {
        tree: small_tree(senders),
        message,
        split,
    })
}

/// Routes a case and compares with what the rules say, told in another way: every candidate has
/// exactly one decision; the recipients are the matched ones, none twice; and they are those whom
/// the original would tell, part by part.
///
/// # Panics
/// When routing does otherwise.
pub fn routing_is_whole(case: &Case) {
    let directory = Directory::new(&case.tree, &driver);
    let rules = rules(case.split);
    let routing = route(&case.message, &directory, &rules);
    assert_eq!(routing, route(&case.message, &directory, &rules));
    let alerts = case.message.alerts();
    let all_indices: BTreeSet<usize> = (0..alerts.len()).collect();
    let mut seen = Vec::new();
    for (index, part) in routing.parts.iter().enumerate() {
        seen.extend(
            part.alerts
                .clone()
                .unwrap_or_else(|| all_indices.iter().copied().collect()),
        );
        check_part(case, &routing, index, part, &alerts);
    }
    assert_eq!(
        seen.len(),
        all_indices.len(),
        "an alert is in two parts or in none"
    );
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all_indices);
    let dropped = routing.parts.iter().all(|part| part.dropped.is_some());
    assert_eq!(routing.is_dropped(), dropped);
}

fn check_part(case: &Case, routing: &Routing, index: usize, part: &Part, alerts: &[AlertItem]) {
    let decisions = || routing.decisions.iter().filter(|d| d.part == index);
    let decided: Vec<_> = decisions()
        .filter_map(|d| Some((d.sender?, d.via)))
        .collect();
    let distinct: BTreeSet<_> = decided.iter().copied().collect();
    assert_eq!(distinct.len(), decided.len(), "a candidate has two reasons");
    let sent = part.message(&case.message, "http://p/alert/1");
    let common = sent.common_labels();
    let in_common = owners(&case.tree, [&common]);
    let named = match part.alerts {
        Some(_) => in_common.clone(),
        None => owners(
            &case.tree,
            alerts.iter().map(|a| &a.labels).chain([&common]),
        ),
    };
    assert_eq!(distinct, candidates(&case.tree, &named), "candidates");

    let matched: Vec<SenderId> = decisions()
        .filter(|d| d.reason == Reason::Matched && d.driver != "user")
        .filter_map(|d| d.sender)
        .collect();
    let recipients: Vec<SenderId> = part.recipients.iter().map(|r| r.sender).collect();
    assert_eq!(recipients, matched, "recipients are the matched ones");
    let reached: BTreeSet<(String, String)> = part
        .recipients
        .iter()
        .map(|r| (r.driver.clone(), r.value.clone()))
        .collect();
    assert_eq!(reached.len(), recipients.len(), "somebody is told twice");
    assert_eq!(
        reached,
        expected(&case.tree, &in_common, &common),
        "who is told"
    );
}

/// The services and projects that labels name.
fn owners<'a>(
    tree: &Tree,
    labels: impl IntoIterator<Item = &'a BTreeMap<String, String>>,
) -> BTreeSet<SenderOwner> {
    let mut owners = BTreeSet::new();
    for labels in labels {
        let named =
            |label: &str, name: &Name| labels.get(label).is_some_and(|l| *name == l.as_str());
        let services = tree.services.iter().filter(|s| named("service", &s.name));
        owners.extend(services.map(|service| SenderOwner::Service(service.id)));
        let projects = tree.projects.iter().filter(|p| named("project", &p.name));
        owners.extend(projects.map(|project| SenderOwner::Project(project.id)));
    }
    owners
}

/// Each sender of the owners, and each personal one behind each subscription.
fn candidates(
    tree: &Tree,
    owners: &BTreeSet<SenderOwner>,
) -> BTreeSet<(SenderId, Option<SenderId>)> {
    let mut candidates = BTreeSet::new();
    for sender in tree.senders.iter().filter(|s| owners.contains(&s.owner)) {
        candidates.insert((sender.id, None));
        let personal = behind(tree, sender).map(|personal| (personal.id, Some(sender.id)));
        candidates.extend(personal);
    }
    candidates
}

/// The personal senders behind a subscription; none for any other sender.
fn behind<'a>(tree: &'a Tree, subscription: &Sender) -> impl Iterator<Item = &'a Sender> {
    let user = (subscription.driver == "user").then(|| subscription.value.parse::<UserId>().ok());
    let user = user.flatten().filter(|id| tree.user(*id).is_some());
    let personal = tree.senders.iter();
    personal.filter(move |s| user.is_some_and(|user| s.owner == SenderOwner::User(user)))
}

/// Destinations by the specification: what is enabled, passes its filters and can send, of every
/// object that is named, once; nobody after a mismatch or by the blacklist.
fn expected(
    tree: &Tree,
    owners: &BTreeSet<SenderOwner>,
    common: &BTreeMap<String, String>,
) -> BTreeSet<(String, String)> {
    let service_of = |owner: &SenderOwner| match owner {
        SenderOwner::Service(id) => Some(*id),
        SenderOwner::Project(id) => tree.project(*id).map(|project| project.service),
        SenderOwner::User(_) => None,
    };
    let services: BTreeSet<_> = owners.iter().map(service_of).collect();
    if services.len() > 1 || common.get("severity").is_some_and(|s| s == "debug") {
        return BTreeSet::new();
    }
    let able = |sender: &&Sender| sender.enabled && sender.passes(common);
    let active = |s: &Sender| {
        let user = s.value.parse::<UserId>().ok().and_then(|id| tree.user(id));
        user.is_some_and(|user| user.active)
    };
    let mut reached = BTreeSet::new();
    for sender in tree
        .senders
        .iter()
        .filter(|s| owners.contains(&s.owner))
        .filter(able)
    {
        if driver(&sender.driver) == Driver::Sends {
            reached.insert((sender.driver.clone(), sender.value.clone()));
        }
        if sender.driver == "user" && active(sender) {
            let personal = behind(tree, sender).filter(able);
            let sends = personal.filter(|p| driver(&p.driver) == Driver::Sends);
            reached.extend(sends.map(|p| (p.driver.clone(), p.value.clone())));
        }
    }
    reached
}

fn driver(key: &str) -> Driver {
    match key {
        "web" | "mail" => Driver::Sends,
        "user" => Driver::FanOut,
        _ => Driver::Missing,
    }
}

fn rules(split: bool) -> RouteRules {
    RouteRules {
        split,
        blacklist: BTreeMap::from([("severity".to_owned(), vec!["debug".to_owned()])]),
        link_base: "http://p".to_owned(),
    }
}

fn any_sender() -> impl Strategy<Value = Sender> {
    let owner = prop_oneof![
        (1..3).prop_map(|id| SenderOwner::Service(ServiceId(id))),
        (1..3).prop_map(|id| SenderOwner::Project(ProjectId(id))),
        (1..3).prop_map(|id| SenderOwner::User(UserId(id))),
    ];
    let drivers = select(vec!["web", "web", "mail", "user", "user", "gone"]);
    let values = select(vec!["1", "1", "2", "9", "x"]);
    let filter = select(vec![
        ("severity", "major"),
        ("severity", "minor"),
        ("team", "x"),
    ]);
    let parts = (
        owner,
        drivers,
        values,
        prop::bool::weighted(0.8),
        vec(filter, 0..2),
    );
    parts.prop_map(|(owner, driver, value, enabled, filters)| Sender {
        enabled,
        filters: filters
            .into_iter()
            .map(|(name, value)| Filter {
                id: FilterId(1),
                name: name.to_owned(),
                value: value.to_owned(),
            })
            .collect(),
        ..sender(1, owner, driver, value)
    })
}

fn any_message() -> impl Strategy<Value = Message> {
    let names = || {
        select(vec![
            "service", "service", "project", "project", "severity", "team",
        ])
    };
    let values = select(vec![
        "a",
        "b",
        "p",
        "q",
        "major",
        "minor",
        "debug",
        "x",
        "",
        "a\0b\r\nc",
    ]);
    let labels = || btree_map(names(), values.clone(), 0..4);
    let alert = (labels(), select(vec!["firing", "resolved"]))
        .prop_map(|(labels, status)| json!({"labels": labels, "status": status}));
    let common = prop::option::of(labels());
    (vec(alert, 0..5), common).prop_map(|(alerts, common)| {
        let mut message = json!({"groupKey": "g", "status": "firing", "alerts": alerts});
        if let (Some(fields), Some(common)) = (message.as_object_mut(), common) {
            fields.insert("commonLabels".to_owned(), json!(common));
        }
        match message {
            Value::Object(fields) => Message::from_fields(fields),
            _ => Message::default(),
        }
    })
}

fn small_tree(senders: Vec<Sender>) -> Tree {
    let site = Site {
        domain: "p".to_owned(),
        name: "P".to_owned(),
        group: GroupOptions::default(),
    };
    let service = |id, name: &str| Service {
        id: ServiceId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    };
    let project = |id, name: &str| Project {
        id: ProjectId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        service: ServiceId(id),
        shard: ShardId(1),
        farm: None,
        group: GroupOptions::default(),
    };
    let user = |id| User {
        id: UserId(id),
        username: format!("u{id}"),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        superuser: false,
        active: id == 1,
        created: Timestamp(0),
        timezone: None,
        language: None,
    };
    Tree {
        services: vec![service(1, "a"), service(2, "b")],
        projects: vec![project(1, "p"), project(2, "q")],
        users: vec![user(1), user(2)],
        senders,
        ..Tree::empty(site)
    }
}

fn sender(id: i32, owner: SenderOwner, driver: &str, value: &str) -> Sender {
    Sender {
        id: SenderId(id),
        driver: driver.to_owned(),
        value: value.to_owned(),
        alias: String::new(),
        owner,
        added_by: None,
        enabled: true,
        secret: None,
        filters: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::property_config;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..property_config() })]

        #[test]
        fn every_candidate_has_one_reason_and_the_matched_ones_are_told(case in routing_cases()) {
            routing_is_whole(&case);
        }

        #[test]
        fn messages_from_the_vocabulary_go_all_the_way(message in any_message()) {
            alert_payload_body(&message.to_json());
        }

        #[test]
        fn no_bytes_break_anything(bytes in vec(any::<u8>(), 0..200)) {
            alert_payload_body(&bytes);
        }
    }

    #[test]
    fn strange_messages_go_all_the_way() {
        for body in [
            "{}",
            r#"{"alerts": null, "commonLabels": [], "commonAnnotations": 7, "groupKey": {}}"#,
            r#"{"alerts": [1, null, [], {"labels": {"service": 1}}, {"labels": {"service": null}}]}"#,
            r#"{"status": "\u0000\r\n", "commonLabels": {"a\u0000": "b\u0000", "service": "a"}}"#,
        ] {
            alert_payload_body(body.as_bytes());
        }
    }
}
