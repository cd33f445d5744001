//! The truth table of routing, row by row.

use serde_json::{Value, json};

use super::*;
use crate::model::{
    Filter, FilterId, GroupOptions, Name, Project, ProjectId, Service, ServiceId, ShardId, Site,
    Timestamp, Tree, User, UserId,
};

const S: SenderOwner = SenderOwner::Service(ServiceId(1));
const T: SenderOwner = SenderOwner::Service(ServiceId(2));
const P: SenderOwner = SenderOwner::Project(ProjectId(1));

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

fn service(id: i32, name: &str) -> Service {
    Service {
        id: ServiceId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    }
}

/// Service S with project P, and service T.
fn tree(senders: Vec<Sender>) -> Tree {
    let site = Site {
        domain: "p".to_owned(),
        name: "P".to_owned(),
        group: GroupOptions::default(),
    };
    let project = Project {
        id: ProjectId(1),
        name: Name::stored("P"),
        description: String::new(),
        owner: None,
        service: ServiceId(1),
        shard: ShardId(1),
        farm: None,
        group: GroupOptions::default(),
    };
    let user = |id, active| User {
        id: UserId(id),
        username: format!("u{id}"),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        superuser: false,
        active,
        created: Timestamp(0),
        timezone: None,
        language: None,
    };
    Tree {
        services: vec![service(1, "S"), service(2, "T")],
        projects: vec![project],
        users: vec![user(1, true), user(2, false)],
        senders,
        ..Tree::empty(site)
    }
}

fn routed_with(senders: Vec<Sender>, message: &Value, split: bool) -> Routing {
    let driver = |key: &str| match key {
        "user" => Driver::FanOut,
        "gone" => Driver::Missing,
        _ => Driver::Sends,
    };
    let directory = Directory::new(&tree(senders), &driver);
    let blacklist = BTreeMap::from([("severity".to_owned(), vec!["debug".to_owned()])]);
    let rules = RouteRules {
        split,
        blacklist,
        link_base: "http://p".to_owned(),
    };
    let message = Message::parse(message.to_string().as_bytes(), 64).unwrap();
    route(&message, &directory, &rules)
}

fn routed(senders: Vec<Sender>, common: &Value) -> Routing {
    let message = json!({ "commonLabels": common, "alerts": [{ "labels": common }] });
    routed_with(senders, &message, true)
}

fn values(routing: &Routing) -> Vec<&str> {
    routing
        .parts
        .iter()
        .flat_map(|part| &part.recipients)
        .map(|r| r.value.as_str())
        .collect()
}

fn reasons(routing: &Routing) -> Vec<(i32, Reason)> {
    let one = |decision: &Decision| (decision.sender.map_or(0, |id| id.0), decision.reason);
    routing.decisions.iter().map(one).collect()
}

fn usual() -> Vec<Sender> {
    vec![
        sender(1, S, "web", "ns"),
        sender(2, P, "web", "np"),
        sender(3, T, "web", "nt"),
    ]
}

#[test]
fn service_and_project_both_hear() {
    let routing = routed(usual(), &json!({"service": "S", "project": "P"}));
    assert_eq!(values(&routing), ["np", "ns"]);
    assert_eq!(
        routing.parts[0].annotations["project"],
        "http://p/project/1"
    );
    assert_eq!(
        routing.parts[0].annotations["service"],
        "http://p/service/1"
    );
}

#[test]
fn the_service_is_not_inferred_from_the_project() {
    assert_eq!(values(&routed(usual(), &json!({"project": "P"}))), ["np"]);
    assert_eq!(values(&routed(usual(), &json!({"service": "S"}))), ["ns"]);
}

#[test]
fn an_unknown_name_does_not_stop_the_other() {
    let routing = routed(usual(), &json!({"service": "S", "project": "?"}));
    assert_eq!(values(&routing), ["ns"]);
    assert_eq!(
        reasons(&routing),
        [(0, Reason::NoSuchObject), (1, Reason::Matched)]
    );
    assert_eq!(
        values(&routed(usual(), &json!({"service": "?", "project": "P"}))),
        ["np"]
    );
}

#[test]
fn a_project_of_another_service_reaches_nobody_and_says_why() {
    let routing = routed(usual(), &json!({"service": "T", "project": "P"}));
    assert_eq!(values(&routing), [""; 0]);
    assert_eq!(
        reasons(&routing),
        [(2, Reason::Mismatch), (3, Reason::Mismatch)]
    );
    assert_eq!(routing.parts[0].annotations.len(), 2);
}

#[test]
fn the_blacklist_drops_and_keeps_the_trace() {
    let routing = routed(usual(), &json!({"service": "S", "severity": "debug"}));
    assert!(routing.is_dropped());
    assert_eq!(reasons(&routing), [(1, Reason::Blacklisted)]);
}

#[test]
fn disabled_filtered_missing_and_double_senders_get_nothing() {
    let mut senders = vec![
        sender(1, S, "web", "a"),
        sender(2, S, "web", "b"),
        sender(3, S, "gone", "c"),
        sender(4, P, "web", "d"),
        sender(5, S, "web", "d"),
    ];
    senders[0].enabled = false;
    let filter = |id, name: &str, value: &str| Filter {
        id: FilterId(id),
        name: name.to_owned(),
        value: value.to_owned(),
    };
    senders[1].filters = vec![filter(1, "severity", "critical"), filter(2, "team", "y")];
    let labels = json!({"service": "S", "project": "P", "severity": "major", "team": "x"});
    let routing = routed(senders.clone(), &labels);
    assert_eq!(
        reasons(&routing),
        [
            (4, Reason::Matched),
            (1, Reason::Disabled),
            (2, Reason::Filtered),
            (3, Reason::DriverMissing),
            (5, Reason::Duplicate),
        ]
    );
    senders[1].filters[1].value = "x".to_owned();
    assert_eq!(values(&routed(senders, &labels)), ["d", "b"]);
}

#[test]
fn a_subscription_stands_for_the_personal_senders_behind_it() {
    let user = SenderOwner::User(UserId(1));
    let mut senders = vec![
        sender(1, S, "user", "1"),
        sender(2, user, "mail", "m1"),
        sender(3, user, "web", "h1"),
        sender(4, P, "mail", "m1"),
    ];
    senders[2].enabled = false;
    let routing = routed(senders, &json!({"service": "S", "project": "P"}));
    assert_eq!(values(&routing), ["m1"]);
    assert_eq!(
        reasons(&routing),
        [
            (4, Reason::Matched),
            (1, Reason::Matched),
            (2, Reason::Duplicate),
            (3, Reason::Disabled)
        ]
    );
}

#[test]
fn nobody_behind_a_subscription_is_no_error() {
    let inactive = SenderOwner::User(UserId(2));
    let senders = vec![
        sender(1, S, "user", "1"),
        sender(2, S, "user", "2"),
        sender(3, S, "user", "99"),
        sender(4, inactive, "mail", "m2"),
    ];
    let routing = routed(senders, &json!({"service": "S"}));
    assert_eq!(
        reasons(&routing),
        [
            (1, Reason::NoPersonalNotifier),
            (2, Reason::Inactive),
            (4, Reason::Inactive),
            (3, Reason::NoPersonalNotifier),
        ]
    );
}

#[test]
fn a_message_of_several_pairs_is_split_and_recomputed() {
    let alert = |service: &str, status: &str, instance: &str| {
        json!({"status": status, "labels": {"service": service, "a": "b", "instance": instance},
               "annotations": {"summary": service}})
    };
    let message = json!({"status": "firing", "groupKey": "g", "commonLabels": {"a": "b"}, "alerts": [
        alert("S", "resolved", "1"), alert("T", "firing", "2"), alert("S", "resolved", "3"),
    ]});
    let routing = routed_with(usual(), &message, true);
    assert_eq!(values(&routing), ["ns", "nt"]);
    assert_eq!(routing.parts[0].group_key, "g/S/");
    let posted = Message::parse(message.to_string().as_bytes(), 64).unwrap();
    let sent = routing.parts[0].message(&posted, "http://p/alert/1");
    assert_eq!(sent.status(), "resolved");
    assert_eq!(sent.alerts().len(), 2);
    assert_eq!(
        sent.common_labels(),
        BTreeMap::from([("a", "b"), ("service", "S")].map(own))
    );
    assert_eq!(sent.common_annotations()["summary"], "S");

    let whole = routed_with(usual(), &message, false);
    assert_eq!(values(&whole), [""; 0]);
    assert_eq!(
        reasons(&whole),
        [(1, Reason::NotCommon), (3, Reason::NotCommon)]
    );
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn without_common_labels_the_alerts_are_looked_at() {
    let message = json!({"alerts": [{"labels": {"service": "S"}}]});
    assert_eq!(values(&routed_with(usual(), &message, true)), ["ns"]);
    assert_eq!(values(&routed_with(usual(), &message, false)), [""; 0]);
    assert_eq!(values(&routed_with(usual(), &json!({}), true)), [""; 0]);
}

#[test]
fn what_only_single_alerts_name_gets_nothing_and_a_reason() {
    let message = json!({"commonLabels": {"a": "b"},
        "alerts": [{"labels": {"a": "b", "service": "S", "project": "?"}}]});
    let routing = routed_with(usual(), &message, true);
    assert_eq!(values(&routing), [""; 0]);
    assert_eq!(
        reasons(&routing),
        [(1, Reason::NotCommon), (0, Reason::NoSuchObject)]
    );
}

#[test]
fn an_empty_label_names_nothing() {
    let routing = routed(usual(), &json!({"service": "", "project": "P"}));
    assert_eq!(reasons(&routing), [(2, Reason::Matched)]);
}

#[test]
fn a_message_is_dropped_only_when_every_part_is() {
    let alert = |service: &str, severity: &str| json!({"labels": {"service": service, "severity": severity}});
    let half = json!({"alerts": [alert("S", "debug"), alert("T", "major")]});
    let routing = routed_with(usual(), &half, true);
    assert_eq!(values(&routing), ["nt"]);
    assert!(routing.parts[0].dropped.is_some() && !routing.is_dropped());
    let whole = json!({"alerts": [alert("S", "debug"), alert("T", "debug")]});
    let dropped = routed_with(usual(), &whole, true).dropped.unwrap();
    assert_eq!(
        own((&dropped.label, &dropped.value)),
        own(("severity", "debug"))
    );
}

#[test]
fn a_message_of_very_many_pairs_and_a_huge_group_key_stays_small() {
    let alerts: Vec<Value> = (0..1000)
        .map(|n| json!({"labels": {"service": "S", "project": format!("p{n}")}}))
        .collect();
    let message = json!({"groupKey": "k".repeat(1_000_000), "alerts": alerts});
    let routing = routed_with(usual(), &message, true);
    assert_eq!(routing.parts.len(), 1000);
    assert!(
        routing
            .parts
            .iter()
            .all(|part| part.group_key.len() < 1_200)
    );
}

#[test]
fn a_trace_reads_back_without_the_destinations() {
    let routing = routed(usual(), &json!({"service": "S", "project": "P"}));
    let trace = serde_json::to_string(&routing).unwrap();
    let mut read: Routing = serde_json::from_str(&trace).unwrap();
    assert_eq!(read.parts[0].recipients[0].value, "");
    for (read, routed) in read.parts[0]
        .recipients
        .iter_mut()
        .zip(&routing.parts[0].recipients)
    {
        read.value.clone_from(&routed.value);
    }
    // What only deliveries are made of is not kept either.
    read.parts[0].order.clone_from(&routing.parts[0].order);
    read.parts[0].source.clone_from(&routing.parts[0].source);
    assert_eq!(read, routing);
}

#[test]
fn an_unsplit_message_is_passed_on_as_it_came() {
    let common = json!({"service": "S", "alertname": "Down"});
    let posted = json!({"version": "4", "strange": [1, null], "externalURL": "http://am",
        "commonLabels": common, "commonAnnotations": {"x": "y"}, "alerts": [{"labels": common}]});
    let routing = routed_with(usual(), &posted, true);
    let message = Message::parse(posted.to_string().as_bytes(), 64).unwrap();
    let sent = routing.parts[0].message(&message, "http://p/alert/7");
    let mut expected = posted;
    expected["externalURL"] = json!("http://p/alert/7");
    expected["commonAnnotations"]["service"] = json!("http://p/service/1");
    assert_eq!(Value::Object(sent.fields().clone()), expected);
}

fn flood(alerts: impl Iterator<Item = Value>) -> Value {
    let alerts: Vec<Value> = alerts.map(|labels| json!({ "labels": labels })).collect();
    json!({ "groupKey": "g", "alerts": alerts })
}

#[test]
fn a_thousand_unknown_projects_are_told_apart_and_more_are_one_part_of_their_service() {
    let message = |count| {
        let names = (0..count).map(|n| json!({"service": "S", "project": format!("x{n:06}")}));
        flood(names)
    };
    let routing = routed_with(usual(), &message(1000), true);
    assert_eq!((routing.parts.len(), values(&routing).len()), (1000, 1000));

    let routing = routed_with(usual(), &message(100_000), true);
    assert_eq!(values(&routing), ["ns"]);
    let part = &routing.parts[0];
    assert_eq!((part.service.as_deref(), &part.project), (Some("S"), &None));
    assert_eq!(part.group_key, "g/S/");
    assert_eq!(part.alerts.as_ref().map(Vec::len), Some(100_000));
    assert_eq!(
        reasons(&routing),
        [(1, Reason::Matched), (0, Reason::NoSuchObject)]
    );
    assert_eq!(routing.decisions[1].owner, "x000000 and 99999 others");
}

#[test]
fn in_a_flood_of_names_nobody_misses_what_is_theirs() {
    let noise = (0..1100).map(|n| json!({"service": format!("y{n:04}"), "project": "P"}));
    let further = [
        json!({"service": "S", "project": "P"}),
        json!({"service": "T", "project": "P"}),
        json!({"service": "T"}),
        json!({"service": "T", "project": "x"}),
        json!({"service": "x"}),
        json!({}),
    ];
    let routing = routed_with(usual(), &flood(noise.chain(further)), true);
    let pairs: Vec<_> = routing
        .parts
        .iter()
        .map(|part| {
            (
                part.service.as_deref(),
                part.project.as_deref(),
                part.recipients.len(),
            )
        })
        .collect();
    let expected = [
        (None, Some("P"), 1),
        (Some("S"), Some("P"), 2),
        (Some("T"), Some("P"), 0),
        (Some("T"), None, 1),
        (None, None, 0),
    ];
    assert_eq!(pairs, expected);
    let mismatched = |d: &&Decision| d.part == 2 && d.reason == Reason::Mismatch;
    assert_eq!(routing.decisions.iter().filter(mismatched).count(), 2);
    let unknown: Vec<_> = routing
        .decisions
        .iter()
        .filter(|d| d.reason == Reason::NoSuchObject)
        .map(|d| (d.part, d.owner.as_str()))
        .collect();
    assert_eq!(unknown, [(0, "y0000 and 1099 others"), (3, "x"), (4, "x")]);
}
