//! Who may see, make and end which silences. Service 1 is `svc-000` with the projects `prj-000-00`
//! (1), `prj.000.01` and `prj 000 02`; service 2 is `svc.001`.

use promgen_core::model::{ProjectId, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::{Manager, matcher, request, role, world};
use crate::rest::World;
use crate::rest::world::Person;

const SERVICE: RoleOn = RoleOn::Service(ServiceId(1));
const PROJECT: RoleOn = RoleOn::Project(ProjectId(1));

/// Everybody of the table, by what they are.
async fn people(world: &World) -> Vec<(&'static str, Person)> {
    let mut people = vec![
        ("superuser", world.superuser().await),
        ("nobody", world.person("nobody").await),
    ];
    for (what, word, on) in [
        ("viewer of service", "viewer", SERVICE),
        ("editor of service", "editor", SERVICE),
        ("admin of service", "admin", SERVICE),
        ("viewer of project", "viewer", PROJECT),
        ("editor of project", "editor", PROJECT),
    ] {
        let name = what.replace(' ', "-");
        people.push((what, world.with_role(&name, role(word), on).await));
    }
    people
}

/// What a silence is for, and who may make and end it beside the superuser.
fn table() -> Vec<(Vec<Value>, &'static [&'static str])> {
    const OF_SERVICE: &[&str] = &["editor of service", "admin of service"];
    const OF_PROJECT: &[&str] = &["editor of service", "admin of service", "editor of project"];
    let service = || matcher("service", "=", "svc-000");
    let instance = || matcher("instance", "=", "web1");
    vec![
        (vec![service()], OF_SERVICE),
        (vec![service(), matcher("project", "=~", ".+")], OF_SERVICE),
        (vec![matcher("project", "=", "prj-000-00")], OF_PROJECT),
        (
            vec![service(), matcher("project", "=~", "prj-.*")],
            OF_PROJECT,
        ),
        // `prj-001-00` is of another service.
        (vec![matcher("project", "=~", "prj-00[01]-00")], &[]),
        (vec![matcher("service", "=", "svc.001")], &[]),
        (vec![matcher("service", "=", "nowhere")], &[]),
        (vec![matcher("service", "!=", "svc.001"), instance()], &[]),
        (vec![matcher("project", "!~", "x.*"), instance()], &[]),
        // No project is of that service: it hits nothing.
        (vec![service(), matcher("project", "=", "prj-001-00")], &[]),
    ]
}

#[tokio::test]
async fn a_silence_takes_an_editor_of_all_that_it_touches() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let people = people(&world).await;
    let (_, peer) = &people[0];
    for (matchers, allowed) in table() {
        let body = request(&matchers);
        let made = world
            .json(peer, "POST", "/rest/v2/silences", body.clone())
            .await;
        let id = made.expect(201)["id"].as_str().unwrap().to_owned();
        for (what, person) in people.iter().skip(1) {
            let may = allowed.contains(what);
            let case = format!("{what}: {matchers:?}");
            let path = format!("/proxy/v1/silences/{id}");
            if !may {
                let refused = world.delete(person, &path).await;
                assert_eq!(refused.status, 403, "{case}");
                let mut edit = body.clone();
                edit["id"] = id.as_str().into();
                let refused = world.json(person, "POST", "/proxy/v2/silences", edit).await;
                assert_eq!(refused.status, 403, "{case}");
            }
            let made = world
                .json(person, "POST", "/proxy/v2/silences", body.clone())
                .await;
            assert_eq!(made.status, if may { 200 } else { 403 }, "{case}");
            if may {
                let own = made.body["silenceID"].as_str().unwrap();
                let path = format!("/proxy/v1/silences/{own}");
                assert_eq!(world.delete(person, &path).await.status, 200, "{case}");
            } else {
                assert_eq!(made.body["messages"][0]["class"], "alert alert-danger");
            }
        }
        assert_eq!(manager.silence(&id).await["status"]["state"], "active");
    }
}

#[tokio::test]
async fn labels_are_judged_as_matchers_are() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    for (what, person) in people(&world).await {
        let all = what == "superuser";
        let service = all || ["editor of service", "admin of service"].contains(&what);
        let project = service || what == "editor of project";
        for (labels, may) in [
            (json!({"service": "svc-000"}), service),
            (
                json!({"project": "prj-000-00", "service": "svc-000"}),
                project,
            ),
            (json!({"project": "prj*"}), all),
            (json!({"service": "nowhere"}), all),
        ] {
            let body = json!({"labels": labels, "duration": "1m"});
            let made = world
                .json(&person, "POST", "/proxy/v1/silences", body)
                .await;
            assert_eq!(made.status, if may { 200 } else { 403 }, "{what}: {labels}");
            if !may {
                let message = &made.body["messages"][0]["message"];
                assert_eq!(message, "You do not have permission to silence this alert.");
            }
        }
        let body = json!({"labels": {"alertname": "Unknown"}, "duration": "1m"});
        let made = world
            .json(&person, "POST", "/proxy/v1/silences", body)
            .await;
        if !all {
            let body = made.expect(422);
            let message = &body["messages"][0]["message"];
            assert_eq!(
                message,
                "You must specify either a project or service label."
            );
        }
    }
}

#[tokio::test]
async fn an_edit_takes_the_right_on_what_was_silenced_before() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let peer = world.superuser().await;
    let editor = world.with_role("editor", role("editor"), SERVICE).await;
    let other = request(&[matcher("service", "=", "svc.001")]);
    let made = world.json(&peer, "POST", "/rest/v2/silences", other).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    let own = request(&[matcher("service", "=", "svc-000")]);
    let path = format!("/rest/v2/silences/{id}");
    world.json(&editor, "PUT", &path, own).await.expect(403);
    assert_eq!(manager.states().await, ["active"]);
}

#[tokio::test]
async fn everybody_sees_what_touches_what_they_may_see() {
    let Some(manager) = Manager::start().await else {
        return;
    };
    let world = world(&[manager.url()]).await;
    let people = people(&world).await;
    let (_, peer) = &people[0];
    for (service, project) in [
        ("svc-000", "prj-000-00"),
        ("svc-000", "prj.000.01"),
        ("svc.001", "prj-001-00"),
    ] {
        let labels = json!({"alertname": project, "service": service, "project": project});
        manager.fire(labels).await;
        let body = request(&[matcher("project", "=", project)]);
        world
            .json(peer, "POST", "/rest/v2/silences", body)
            .await
            .expect(201);
    }
    manager.fire(json!({"alertname": "Nobodys"})).await;
    for (what, person) in &people {
        let silences = world.get(person, "/proxy/v1/silences").await.expect(200);
        let alerts = world.get(person, "/proxy/v1/alerts").await.expect(200);
        let count = |list: &Value| list.as_array().unwrap().len();
        let expected = match *what {
            "superuser" => (3, 4),
            "nobody" => (0, 0),
            what if what.ends_with("of service") => (2, 2),
            _ => (1, 1),
        };
        assert_eq!((count(&silences), count(&alerts)), expected, "{what}");
        let listed = world.get(person, "/rest/v2/silences").await.column("id");
        assert_eq!(listed.len(), expected.0, "{what}");
    }
    // What one may not see is not found.
    let (_, nobody) = &people[1];
    let id = manager.silences().await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world
        .get(nobody, &format!("/rest/v2/silences/{id}"))
        .await
        .expect(404);
}
