//! The people, the objects that paths name, and the bodies that routes take.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use promgen_core::app::alerts::{self, AlertFilter};
use promgen_core::app::intake;
use promgen_core::app::policy::Act;
use promgen_core::model::{
    AlertId, Filter, FilterId, Group, GroupId, GroupRole, Member, ProjectId, Role, RoleOn, Sender,
    SenderId, SenderOwner, ServiceId,
};
use promgen_core::tree::USER_DRIVER;
use promgen_http::RouteRow;
use serde_json::{Value, json};

use super::KINDS;
use crate::rest::world::{Person, World, operator};

/// Whether what a path names is below service 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) enum Whose {
    Own,
    Foreign,
}

/// A world with somebody of each kind.
pub(in crate::rest) struct Cast {
    world: World,
    people: BTreeMap<&'static str, Person>,
    /// What a path names, by the part of the path before it: own and foreign.
    objects: BTreeMap<&'static str, (String, String)>,
}

impl Cast {
    pub(in crate::rest) async fn new() -> Self {
        let world = World::golden().await;
        let on = RoleOn::Service(ServiceId(1));
        let mut people = BTreeMap::from([("none", world.person("none").await)]);
        for (name, role) in [
            ("viewer", Role::Viewer),
            ("editor", Role::Editor),
            ("admin", Role::Admin),
            ("owner", Role::Admin),
        ] {
            // The data set has an admin of its own, who owns everything.
            let username = format!("{name}-of-one");
            people.insert(name, world.with_role(&username, role, on).await);
        }
        people.insert("superuser", world.superuser().await);
        let mut cast = Self {
            world,
            people,
            objects: BTreeMap::new(),
        };
        cast.own().await;
        cast.found().await;
        cast.discover().await;
        cast
    }

    /// The same, where notifiers are the subscriptions of somebody to both services.
    pub(super) async fn with_subscriptions(kind: &str) -> Self {
        let mut cast = Self::new().await;
        let user = cast.people[kind].user.id;
        let tx = cast.world.app.store().write_tx().await.unwrap();
        let mut senders = Vec::new();
        for service in [1, 2] {
            let sender = Sender {
                driver: USER_DRIVER.to_owned(),
                value: user.to_string(),
                ..webhook(service)
            };
            let id = tx.insert_sender(&sender).await.unwrap();
            let sender = tx.load_sender(id).await.unwrap().unwrap();
            senders.push((id, sender.filters[0].id));
        }
        tx.bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        cast.note("notifiers", senders[0].0, senders[1].0);
        cast.note("notifier", senders[0].0, senders[1].0);
        cast.note("filters", senders[0].1, senders[1].1);
        cast
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and names are written down as they are"
    )]
    fn note<T: ToString>(&mut self, part: &'static str, own: T, foreign: T) {
        self.objects
            .insert(part, (own.to_string(), foreign.to_string()));
    }

    /// Has paths speak of another object than before.
    pub(in crate::rest) fn speak_of(&mut self, part: &'static str, own: &str) {
        let (_, foreign) = self.objects[part].clone();
        self.note(part, own.to_owned(), foreign);
    }

    /// Makes the owner the owner of service 1 and its projects.
    async fn own(&self) {
        let owner = Some(self.people["owner"].user.id);
        let tx = self.world.app.store().write_tx().await.unwrap();
        let mut service = tx.load_service(ServiceId(1)).await.unwrap().unwrap();
        service.owner = owner;
        tx.update_service(&service).await.unwrap();
        for id in [1, 2, 3] {
            let mut project = tx.load_project(ProjectId(id)).await.unwrap().unwrap();
            assert_eq!(project.service, ServiceId(1));
            project.owner = owner;
            tx.update_project(&project).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Makes groups, and a notifier for each of two services.
    async fn found(&mut self) {
        let tx = self.world.app.store().write_tx().await.unwrap();
        let mut groups = Vec::new();
        for name in ["own", "foreign"] {
            let group = Group {
                id: GroupId(0),
                name: name.to_owned(),
            };
            groups.push(tx.insert_group(&group).await.unwrap());
        }
        for (name, role) in [
            ("viewer", GroupRole::Member),
            ("editor", GroupRole::Member),
            ("admin", GroupRole::Admin),
            ("owner", GroupRole::Admin),
        ] {
            let member = Member {
                group: groups[0],
                user: self.people[name].user.id,
                role,
            };
            tx.put_member(member).await.unwrap();
        }
        let mut senders = Vec::new();
        for service in [1, 2] {
            senders.push(tx.insert_sender(&webhook(service)).await.unwrap());
        }
        let mut filters = Vec::new();
        for id in &senders {
            let sender = tx.load_sender(*id).await.unwrap().unwrap();
            filters.push(sender.filters[0].id);
        }
        let mut rules = Vec::new();
        for name in ["Rule0000_svc_000", "Rule0001_svc001"] {
            rules.push(tx.find_rule(name).await.unwrap().unwrap().id);
        }
        tx.bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        self.note("groups", groups[0], groups[1]);
        self.note("group", groups[0], groups[1]);
        self.note("notifiers", senders[0], senders[1]);
        self.note("filters", filters[0], filters[1]);
        self.note("rules", rules[0], rules[1]);
        self.note("rule", rules[0], rules[1]);
        self.note("notifier", senders[0], senders[1]);
        self.note("sites", 1, 1);
        self.note("site", 1, 1);
        self.note("probes", 1, 1);
    }

    /// Finds out what the ids of the rest are.
    async fn discover(&mut self) {
        self.note("services", 1, 2);
        self.note("projects", 1, 4);
        self.note("service", 1, 2);
        self.note("project", 1, 4);
        let own = self.alert("svc-000").await;
        let foreign = self.alert("svc.001").await;
        self.note("alerts", own.0, foreign.0);
        self.note("alert", own.0, foreign.0);
        self.note("deliveries", own.1, foreign.1);
        let token = |person: &Person| person.user.id;
        let (viewer, none) = (token(&self.people["viewer"]), token(&self.people["none"]));
        self.note("users", viewer, none);
        self.note("members", viewer, none);
        // Nobody who is asked for: pages of the administration shut people out.
        self.note("user", 4, 5);
        self.note("token", 1_000_000, 1_000_000);
        self.note("audit", 1, 1);
        self.note("tokens", 1_000_000, 1_000_000);
        self.note("docs", "swagger-ui.css", "swagger-ui.css");
        self.note("static", "any", "any");
        self.note("static by name", "promgen.css", "promgen.js");
        // There is no Alertmanager here. Who may silence what is asked in `silences/rights.rs`.
        self.note("silences", "x", "x");
        self.note("silence", "x", "x");
        self.note("label by name", "job", "job");
        // Sessions and links are nobody's here; that they are their owner's alone is asked in `login`.
        for part in ["session", "token"] {
            self.note(part, 1_000_000, 1_000_000);
        }
        for part in ["setup", "password_reset"] {
            self.note(part, "x", "x");
        }
        for part in ["login", "complete", "disconnect"] {
            self.note(part, "oidc", "oidc");
        }
        for kind in ["farms", "hosts", "exporters", "urls"] {
            let (own, foreign) = self.below_projects(kind).await;
            self.note(kind, own, foreign);
        }
        self.note("shards", 2, 3);
        self.note("servers", 1, 1);
        self.note("remotes", "promgen", "promgen");
        self.note("host", "host-000-00-000.example.com", "ghost");
        self.note("service by name", "svc-000", "svc.001");
        self.note("project by name", "prj-000-00", "prj.001.01");
        // Pages call objects by one word, and what everybody sees is nobody's.
        for (page, part) in [
            ("exporter", "exporters"),
            ("farm", "farms"),
            ("url", "urls"),
        ] {
            let (own, foreign) = self.objects[part].clone();
            self.note(page, own, foreign);
        }
        self.note("link", "http", "http");
        self.note("datasource", 2, 3);
        self.note("server", 1, 1);
        self.note("probe", 1, 1);
        self.note("preset", 1, 1);
        self.note("shard by name", "shard-a", "shard-b");
        self.note("farm by name", 1, 4);
    }

    /// Ids of things below the projects 1 and 4.
    async fn below_projects(&self, kind: &str) -> (i64, i64) {
        let peer = &self.people["superuser"];
        let first = async |project: u8| {
            let path = match kind {
                "farms" => format!("/rest/v2/projects/{project}/farms"),
                "hosts" => format!("/rest/v2/farms/{project}/hosts"),
                _ => format!("/rest/v2/{kind}?project_id={project}"),
            };
            let listed = self.world.get(peer, &path).await.results();
            listed[0]["id"].as_i64().unwrap()
        };
        (first(1).await, first(4).await)
    }

    /// Stores an alert of a service and the delivery that comes of it.
    pub(in crate::rest) async fn alert(&self, service: &str) -> (AlertId, i64) {
        let body = json!({
            "version": "4", "status": "firing", "groupKey": service, "groupLabels": {},
            "commonLabels": {"service": service}, "commonAnnotations": {},
            "alerts": [{"status": "firing", "labels": {"service": service}, "annotations": {}}],
        });
        let body = body.to_string().into_bytes();
        let (app, operator) = (&self.world.app, operator());
        intake::accept(app, &operator, body.into()).await.unwrap();
        let newest = alerts::list(app, &operator, AlertFilter::default(), 1).await;
        let id = newest.unwrap()[0].id;
        let report = alerts::show(app, &operator, id).await.unwrap();
        let delivery = report.deliveries.first().map(|(delivery, _)| delivery.id.0);
        let delivery = delivery.unwrap_or_else(|| panic!("{service}: {report:?}"));
        (id, delivery)
    }

    /// Everything that can be asked for: as whom, which path, and the answer as text.
    pub(in crate::rest) async fn crawl(&self) -> Vec<(String, String)> {
        let mut told = Vec::new();
        for row in promgen_http::route_rows() {
            if row.method != Method::GET {
                continue;
            }
            for whose in [Whose::Own, Whose::Foreign] {
                let path = self.path(&row.path, whose);
                for kind in KINDS {
                    let answer = self.world.text(self.people.get(kind), &path).await;
                    told.push((format!("{kind}: GET {path}"), answer));
                }
            }
        }
        told
    }

    /// The world.
    pub(in crate::rest) fn world(&self) -> &World {
        &self.world
    }

    /// Sends the request of a row; answers the status.
    pub(super) async fn ask(&self, row: &RouteRow, kind: &str, whose: Whose) -> u16 {
        let path = self.path(&row.path, whose);
        let body = (row.method != Method::GET && row.method != Method::DELETE)
            .then(|| body(&row.method, &row.path));
        let who = self.people.get(kind);
        if row.method == Method::POST
            && let Some((path, fields)) = path.split_once('?')
        {
            return self.post(who, path, fields).await;
        }
        let answer = self.world.send(who, row.method.as_str(), &path, body).await;
        assert!(
            answer.status != 400 || !body_is_missing(&answer.body),
            "{} {} takes another body: {}",
            row.method,
            row.path,
            answer.body
        );
        answer.status
    }

    /// Sends a form; answers the status.
    async fn post(&self, who: Option<&Person>, path: &str, fields: &str) -> u16 {
        let mut request = Request::post(path)
            .header(header::HOST, "promgen")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Token {}", who.token));
        }
        let request = request.body(Body::from(fields.to_owned())).unwrap();
        self.world.exchange(request).await.0.status.as_u16()
    }

    /// The path with what it names. Pages whose object is named by fields have those as a query.
    pub(in crate::rest) fn path(&self, template: &str, whose: Whose) -> String {
        let mut path = String::new();
        let mut before = "";
        for part in template.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                let named = format!("{before} by name");
                let key = match template {
                    // The id of a project stands there, and that of a host in a farm.
                    "/url/{id}/new" => "project",
                    "/host/{id}/delete" => "hosts",
                    _ if part == "{name}" => &named,
                    _ => before,
                };
                let (own, foreign) = self
                    .objects
                    .get(key)
                    .unwrap_or_else(|| panic!("{template}: what is {part} about?"));
                path.push_str(if whose == Whose::Own { own } else { foreign });
            } else {
                path.push_str(part);
                before = part;
            }
        }
        if template.starts_with("/permission/") {
            path.push_str("?model=service&perm-type=user&username=nobody&id=");
            path.push_str(if whose == Whose::Own { "1" } else { "2" });
        }
        // Without a slash at the end, version 1 wants a format after a name.
        if template.ends_with("{name}") && !template.starts_with("/static/") {
            path.push_str(".json");
        }
        path
    }
}

/// Whether what one may not see is not found there.
pub(super) fn hides(row: &RouteRow) -> bool {
    let v1 = row.path.starts_with("/rest/") && !row.path.starts_with("/rest/v2/");
    v1 || row.path.starts_with("/api/") && !row.path.starts_with("/api/v1/")
}

/// Whether it is an answer for want of a server that this world does not have.
pub(super) fn is_away(row: &RouteRow, status: u16) -> bool {
    let elsewhere = ["/proxy/", "/rest/v2/silences", "/silence/", "/readyz"];
    let elsewhere = elsewhere.iter().any(|path| row.path.starts_with(path));
    (502..=504).contains(&status) && (elsewhere || row.act == Act::Query)
}

fn webhook(service: i32) -> Sender {
    Sender {
        id: SenderId(0),
        driver: "promgen.notification.webhook".to_owned(),
        value: "http://127.0.0.1:1/nobody".to_owned(),
        alias: String::new(),
        owner: SenderOwner::Service(ServiceId(service)),
        added_by: None,
        enabled: true,
        secret: None,
        filters: vec![Filter {
            id: FilterId(0),
            name: "service".to_owned(),
            value: if service == 1 { "svc-000" } else { "svc.001" }.to_owned(),
        }],
    }
}

/// Whether a body lacked fields, so that nothing was found out about rights.
fn body_is_missing(answer: &Value) -> bool {
    let problems = answer["problems"].as_array();
    problems.is_some_and(|all| all.iter().any(|one| one["message"] == "is required"))
}

/// A body that can be read. What a route makes of it is not looked at here.
fn body(method: &Method, template: &str) -> Value {
    match (method.as_str(), template) {
        ("POST", "/rest/v2/alerts/explain") => json!({"labels": {"service": "svc-000"}}),
        ("POST", "/rest/v2/tokens") => json!({"scopes": ["read"]}),
        ("POST", "/rest/v2/probes") => json!({"module": "icmp"}),
        ("POST", "/rest/v2/notifiers/{id}/filters") => json!({"name": "a", "value": "b"}),
        ("POST", path) if path.ends_with("/rules/override") => json!({"original_rule_id": 6}),
        ("POST", path) if path.ends_with("/rules") => rule(),
        ("PUT", "/rest/v2/rules/{id}") => rule(),
        ("POST", path) if path.ends_with("/notifiers") => {
            json!({"sender": "promgen.notification.webhook", "value": "http://127.0.0.1:1/x"})
        }
        (_, "/rest/v2/silences" | "/rest/v2/silences/{id}") => json!({"matchers": []}),
        ("PUT", "/rest/v2/farms/{id}") => json!({"name": "renamed"}),
        ("POST", "/rest/v2/farms/{id}/hosts") => json!({"hosts": ["new"]}),
        ("POST", "/rest/v2/projects/{id}/farms") => json!({"name": "new", "source": "promgen"}),
        ("POST", "/rest/v2/projects/{id}/exporters") => json!({"job": "new", "port": 1}),
        ("POST", "/rest/v2/projects/{id}/urls") => {
            json!({"url": "http://new", "probe": "http_2xx"})
        }
        ("POST", "/rest/v2/shards/{id}/servers") => json!({"host": "new", "port": 1}),
        ("POST" | "PUT", path) if path.contains("/shard") => json!({"name": "new", "url": ""}),
        ("POST", "/rest/farm/" | "/api/farm/") => {
            json!({"name": "new", "source": "promgen", "project": 10})
        }
        ("POST" | "PUT", path) if path.contains("/service/") => json!({"name": "new"}),
        ("POST" | "PUT", path) if path.contains("/project/") => {
            json!({"name": "new", "service": "svc 002", "shard": "shard-a"})
        }
        ("PUT", path) if path.contains("/farm/") => json!({"name": "renamed"}),
        ("POST", "/rest/v2/users") => json!({"username": "somebody"}),
        // Nobody: whoever is merged away could not be asked any more.
        ("POST", "/rest/v2/users/{id}/merge") => json!({"into": 0}),
        ("POST" | "PUT", "/rest/v2/services" | "/rest/v2/services/{id}") => {
            json!({"name": "something", "owner": null})
        }
        ("POST", "/rest/v2/services/{id}/project") => json!({"name": "something", "shard": 2}),
        ("PUT", "/rest/v2/projects/{id}") => {
            json!({"name": "something", "owner": null, "service": 1, "shard": 2})
        }
        ("POST" | "PUT", "/rest/v2/groups" | "/rest/v2/groups/{id}") => json!({"name": "us"}),
        ("POST", "/rest/v2/groups/{id}/members") => {
            json!({"user_ids": [5], "group_role": "MEMBER"})
        }
        ("PUT", "/rest/v2/groups/{id}/members/{user}") => json!({"group_role": "MEMBER"}),
        ("POST", path) if path.ends_with("/users") || path.ends_with("/groups") => {
            json!({"id": 1, "role": "VIEWER"})
        }
        _ => json!({}),
    }
}

fn rule() -> Value {
    json!({"name": "Fresh", "clause": "up == 0", "duration": "5m"})
}
