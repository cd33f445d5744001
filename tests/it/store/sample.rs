//! Small objects to fill a database with. What a test does not care about is the same everywhere.

use std::collections::BTreeMap;

use promgen_core::model::*;
use promgen_core::store::{Lease, NewAlert, NewDelivery, Store, StoreError, Tx};

pub(super) fn name(text: &str) -> Name {
    Name::stored(text)
}

pub(super) fn shard(text: &str) -> Shard {
    Shard {
        id: ShardId(0),
        name: name(text),
        url: "http://prometheus.example.com".to_owned(),
        proxy: true,
        enabled: true,
        authorization: Some(Secret::new("Bearer x".to_owned())),
        samples: 5_000_000,
        targets: 10_000,
    }
}

pub(super) fn service(text: &str) -> Service {
    Service {
        id: ServiceId(0),
        name: name(text),
        description: "Sells things".to_owned(),
        owner: None,
        group: GroupOptions {
            interval: Some(PromDuration::stored("30s")),
            limit: Some(u32::MAX),
            query_offset: None,
        },
    }
}

pub(super) fn project(text: &str, service: ServiceId, shard: ShardId) -> Project {
    Project {
        id: ProjectId(0),
        name: name(text),
        description: String::new(),
        owner: None,
        service,
        shard,
        farm: None,
        group: GroupOptions::default(),
    }
}

pub(super) fn farm(text: &str) -> Farm {
    Farm {
        id: FarmId(0),
        name: name(text),
        source: LOCAL_SOURCE.to_owned(),
    }
}

pub(super) fn host(text: &str, farm: FarmId) -> Host {
    Host {
        id: HostId(0),
        name: text.to_owned(),
        farm,
    }
}

pub(super) fn exporter(job: &str, project: ProjectId) -> Exporter {
    Exporter {
        id: ExporterId(0),
        job: job.to_owned(),
        port: 65_535,
        path: "/metrics?module=a".to_owned(),
        scheme: Scheme::Https,
        project,
        enabled: true,
    }
}

pub(super) fn preset(job: &str) -> Preset {
    Preset {
        id: PresetId(0),
        job: job.to_owned(),
        port: 9999,
        path: "/p".to_owned(),
        scheme: Scheme::Http,
    }
}

pub(super) fn probe(module: &str) -> Probe {
    Probe {
        id: ProbeId(0),
        module: module.to_owned(),
        description: "Looks".to_owned(),
    }
}

pub(super) fn url(text: &str, project: ProjectId, probe: ProbeId) -> Url {
    Url {
        id: UrlId(0),
        url: text.to_owned(),
        project,
        probe,
    }
}

pub(super) fn rule(text: &str, owner: RuleOwner) -> Rule {
    Rule {
        id: RuleId(0),
        name: name(text),
        kind: RuleKind::Alert,
        clause: "up{<exclude>} == 0 # \u{1f4a5} '\"\\".to_owned(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: Some(PromDuration::stored("1h30m")),
        enabled: true,
        parent: None,
        owner,
        description: "Why".to_owned(),
        labels: BTreeMap::from([("severity".to_owned(), "major".to_owned())]),
        annotations: BTreeMap::from([(
            "summary".to_owned(),
            "{{ $value }} \"%\"\n日本".to_owned(),
        )]),
    }
}

pub(super) fn sender(value: &str, owner: SenderOwner) -> Sender {
    Sender {
        id: SenderId(0),
        driver: "promgen.notification.email".to_owned(),
        value: value.to_owned(),
        alias: "mail".to_owned(),
        owner,
        added_by: None,
        enabled: true,
        secret: Some(Secret::new("hush".to_owned())),
        filters: vec![filter("severity", "major"), filter("severity", "minor")],
    }
}

pub(super) fn filter(label: &str, value: &str) -> Filter {
    Filter {
        id: FilterId(0),
        name: label.to_owned(),
        value: value.to_owned(),
    }
}

pub(super) fn user(username: &str) -> User {
    User {
        id: UserId(0),
        username: username.to_owned(),
        email: "someone@example.com".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        superuser: false,
        active: true,
        created: Timestamp(1_700_000_000_123),
        timezone: None,
        language: None,
    }
}

/// A service with one project in one shard.
pub(super) struct Ground {
    pub(super) shard: ShardId,
    pub(super) service: ServiceId,
    pub(super) project: ProjectId,
}

/// Makes the least that projects' objects need.
pub(super) async fn ground(store: &Store) -> Ground {
    let tx = store.write_tx().await.unwrap();
    let shard = tx.insert_shard(&shard("tokyo")).await.unwrap();
    let service = tx.insert_service(&service("shop")).await.unwrap();
    let project = tx
        .insert_project(&project("cart", service, shard))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Ground {
        shard,
        service,
        project,
    }
}

/// Keeps alerts with these bodies, accepted at the time 1000.
pub(super) async fn post(store: &Store, bodies: &[&str]) {
    let alerts: Vec<NewAlert<'_>> = bodies
        .iter()
        .map(|body| NewAlert {
            created: Timestamp(1000),
            body,
        })
        .collect();
    let tx = store.write_tx().await.unwrap();
    tx.insert_alerts(&alerts).await.unwrap();
    tx.commit().await.unwrap();
}

/// A lease of this token until a time.
pub(super) fn lease(token: &str, until: i64) -> Lease {
    Lease {
        token: token.to_owned(),
        until: Timestamp(until),
    }
}

/// A delivery to an address, of one group, due at the time 1000.
pub(super) fn delivery(value: &str, group_key: &str) -> NewDelivery {
    NewDelivery {
        part: 0,
        sender: None,
        driver: "promgen.notification.email".to_owned(),
        value: value.to_owned(),
        alias: String::new(),
        group_key: group_key.to_owned(),
        order: group_key.to_owned(),
        source: "an Alertmanager".to_owned(),
        created: Timestamp(1000),
        due: Timestamp(1000),
    }
}

/// Claims what is due at a time.
pub(super) async fn claim_due(
    tx: &Tx,
    now: i64,
    lease: &Lease,
    limit: u64,
) -> Result<Vec<Delivery>, StoreError> {
    let due = tx.due_deliveries(Timestamp(now), limit, &[]).await?;
    let ids: Vec<DeliveryId> = due.into_iter().map(|(id, _)| id).collect();
    tx.claim_deliveries(&ids, lease).await
}

/// An entry of the audit log.
pub(super) fn entry() -> AuditEntry {
    AuditEntry {
        id: AuditId(0),
        created: Timestamp(1),
        actor: "system".to_owned(),
        user: None,
        body: "Created Rule x".to_owned(),
        kind: "rule".to_owned(),
        object: 1,
        parent: None,
        before: String::new(),
        after: "{}".to_owned(),
    }
}
