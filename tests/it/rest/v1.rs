//! `/rest/` and `/api/`: what the golden answers do not show

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use serde_json::{Value, json};

use super::World;
use super::world::Person;

async fn asked(
    world: &World,
    who: &Person,
    path: &str,
    accept: &str,
) -> (http::response::Parts, String) {
    let request = Request::get(path)
        .header(header::AUTHORIZATION, format!("Token {}", who.token))
        .header(header::ACCEPT, accept);
    world.exchange(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn nobody_unknown_gets_anything() {
    let world = World::golden().await;
    for path in [
        "/rest/",
        "/api/",
        "/rest/service/",
        "/api/farm/1/",
        "/rest/all/targets/",
        "/rest/shard/shard-a/",
    ] {
        let answer = world.send(None, "GET", path, None).await;
        assert_eq!(answer.status, 401, "{path}");
    }
}

#[tokio::test]
async fn what_one_may_not_see_does_not_exist() {
    let world = World::golden().await;
    let nobody = world.person("nobody").await;
    for kind in ["service", "project", "farm"] {
        assert_eq!(
            world
                .get(&nobody, &format!("/rest/{kind}/"))
                .await
                .expect(200),
            json!([])
        );
    }
    let hidden = [
        "service/svc-000/",
        "service/svc-000/projects/",
        "service/svc-000/rules/",
        "service/svc-000/targets/",
        "service/svc-000/notifiers/",
        "project/prj-000-00/",
        "project/prj-000-00/rules/",
        "project/prj-000-00/targets/",
        "project/prj-000-00/notifiers/",
        "farm/1/",
        "farm/x/",
        "farm/99999999999/",
        "service/a%00b/",
        "service/%ff/",
    ];
    for path in hidden {
        world
            .get(&nobody, &format!("/rest/{path}"))
            .await
            .expect(404);
    }
    let viewer = world
        .with_role("viewer", Role::Viewer, RoleOn::Project(ProjectId(1)))
        .await;
    let farms = world
        .get(&viewer, "/rest/farm/?source=promgen")
        .await
        .expect(200);
    assert_eq!(farms.as_array().unwrap().len(), 1);
    world
        .get(&viewer, "/rest/project/prj-000-00/")
        .await
        .expect(200);
    world
        .get(&viewer, "/rest/project/prj.000.01/")
        .await
        .expect(404);
    world
        .get(&viewer, "/rest/service/svc-000/")
        .await
        .expect(404);
}

#[tokio::test]
async fn outputs_are_cut_to_what_one_sees() {
    let world = World::golden().await;
    let labels = async |who: &Person, path: &str, label: &str| {
        let groups = world.get(who, path).await.expect(200);
        let mut values: Vec<String> = groups
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["labels"][label].as_str().unwrap().to_owned())
            .collect();
        values.sort();
        values.dedup();
        values
    };
    let project = world
        .with_role("project", Role::Viewer, RoleOn::Project(ProjectId(1)))
        .await;
    assert_eq!(
        labels(&project, "/rest/all/targets/", "project").await,
        ["prj-000-00"]
    );
    assert_eq!(
        labels(&project, "/rest/all/urls/", "project").await,
        ["prj-000-00"]
    );
    let service = world
        .with_role("service", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    assert_eq!(
        labels(&service, "/rest/all/targets/", "service").await,
        ["svc-000"]
    );
    let (_, rules) = asked(&world, &project, "/rest/all/rules/", "*/*").await;
    let rules: Value = serde_yaml::from_str(&rules).unwrap();
    let groups: Vec<&str> = rules["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        groups,
        ["promgen.example.com", "svc-000 » prj-000-00"],
        "the site's, and one's own"
    );
    let nobody = world.person("nobody").await;
    assert_eq!(
        world.get(&nobody, "/rest/all/targets/").await.expect(200),
        json!([])
    );
}

#[tokio::test]
async fn formats_follow_the_path_in_the_place_of_the_slash() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in [
        "/rest/service",
        "/api/shard",
        "/rest/project",
        "/api/farm",
        "/rest/service/svc.001",
        "/rest/shard/shard-a/projects",
        "/rest/all/targets",
    ] {
        let plain = world.get(&peer, &format!("{path}/")).await.expect(200);
        let with = world.get(&peer, &format!("{path}.json")).await.expect(200);
        assert_eq!(plain, with, "{path}");
        for suffix in ["", ".yaml", ".xml"] {
            world
                .get(&peer, &format!("{path}{suffix}"))
                .await
                .expect(404);
        }
    }
    for path in ["/rest/all/rules.yaml", "/rest/service/svc-000/rules.yaml"] {
        let (head, _) = asked(&world, &peer, path, "*/*").await;
        assert_eq!(head.status, 200, "{path}");
    }
}

#[tokio::test]
async fn rules_are_yaml_and_nothing_else() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in [
        "/rest/all/rules/",
        "/rest/service/svc-000/rules/",
        "/api/project/prj-000-00/rules/",
    ] {
        let (head, _) = asked(&world, &peer, path, "application/json").await;
        assert_eq!(head.status, 406, "{path}");
        let (head, _) = asked(&world, &peer, path, "text/html, */*;q=0.1").await;
        assert_eq!(head.status, 200, "{path}");
        assert_eq!(
            head.headers["content-type"],
            "application/x-yaml; charset=utf-8"
        );
    }
    let file = async |path: &str| {
        let (head, _) = asked(&world, &peer, path, "*/*").await;
        head.headers["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        file("/rest/all/rules/").await,
        "attachment; filename=alert.rule.yml"
    );
    assert_eq!(
        file("/rest/service/svc-000/rules/").await,
        "attachment; filename=svc-000.rule.yml"
    );
    let blank = file("/rest/service/svc%20002/rules/").await;
    assert!(
        blank.starts_with("attachment; filename=\"svc 002.rule.yml\";"),
        "{blank}"
    );
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn only_superusers_change_shards_and_farms() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let editor = world
        .with_role("editor", Role::Admin, RoleOn::Project(ProjectId(1)))
        .await;
    let shard = json!({"name": "new", "url": "http://p:9090"});
    world
        .json(&editor, "POST", "/rest/shard/", shard.clone())
        .await
        .expect(403);
    assert_eq!(
        world
            .send(None, "POST", "/rest/shard/", Some(shard.clone()))
            .await
            .status,
        401
    );
    let made = world
        .json(&peer, "POST", "/rest/shard/", shard)
        .await
        .expect(201);
    assert_eq!(made["name"], "new");
    let changed = world
        .json(&peer, "PATCH", "/api/shard/new/", json!({"proxy": true}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["proxy"], &changed["url"]),
        (&json!(true), &json!("http://p:9090"))
    );
    let whole = json!({"name": "newer", "url": ""});
    assert_eq!(
        world
            .json(&peer, "PUT", "/rest/shard/new/", whole)
            .await
            .expect(200)["proxy"],
        false
    );
    world.delete(&peer, "/rest/shard/newer/").await.expect(204);
    world.delete(&peer, "/rest/shard/newer/").await.expect(404);

    let farm = json!({"name": "own", "source": "promgen", "project": 10});
    world
        .json(&editor, "POST", "/rest/farm/", farm.clone())
        .await
        .expect(403);
    let made = world
        .json(&peer, "POST", "/rest/farm/", farm)
        .await
        .expect(201);
    assert_eq!(made["project"], 10);
    let path = format!("/rest/farm/{}/", made["id"]);
    let renamed = world
        .json(&peer, "PUT", &path, json!({"name": "other"}))
        .await
        .expect(200);
    assert_eq!(renamed["name"], "other");
    world
        .json(&editor, "PATCH", "/rest/farm/1/", json!({"name": "x"}))
        .await
        .expect(403);
    world.delete(&peer, &path).await.expect(204);
    world.get(&peer, &path).await.expect(404);
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test]
async fn only_superusers_change_services_and_projects() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let admin = world.with_role("admin", Role::Admin, on).await;
    let service = json!({"name": "made", "description": "by hand"});
    let all = "/rest/service/";
    world
        .json(&admin, "POST", all, service.clone())
        .await
        .expect(403);
    let made = world.json(&peer, "POST", all, service).await.expect(201);
    assert_eq!(
        (&made["owner"], &made["description"]),
        (&json!("peer"), &json!("by hand"))
    );
    let one = "/rest/service/made/";
    let renamed = json!({"name": "renamed"});
    let after = world.json(&peer, "PATCH", one, renamed).await.expect(200);
    assert_eq!(
        (&after["name"], &after["description"]),
        (&json!("renamed"), &json!("by hand"))
    );
    let wrong = json!({"name": "a/b"});
    let refused = world
        .json(&peer, "PUT", "/api/service/renamed/", wrong)
        .await
        .expect(400);
    assert!(refused["name"].is_array(), "{refused}");

    let project = json!({"name": "part", "service": "renamed", "shard": "shard-a"});
    let all = "/rest/project/";
    world
        .json(&admin, "POST", all, project.clone())
        .await
        .expect(403);
    for field in ["service", "shard"] {
        let mut wrong = project.clone();
        wrong[field] = json!("ghost");
        let refused = world.json(&peer, "POST", all, wrong).await.expect(400);
        assert!(refused[field].is_array(), "{refused}");
    }
    let made = world.json(&peer, "POST", all, project).await.expect(201);
    assert_eq!(made["service"], "renamed");
    let said = json!({"description": "said", "shard": "shard-b"});
    let after = world
        .json(&peer, "PATCH", "/rest/project/part/", said)
        .await
        .expect(200);
    assert_eq!(after["description"], "said");
    let there = world
        .get(&peer, "/rest/shard/shard-b/projects/")
        .await
        .expect(200);
    assert!(there.to_string().contains("/project/"), "{there}");
    world
        .json(&admin, "PATCH", "/rest/project/prj-000-00/", json!({}))
        .await
        .expect(403);
    world.delete(&peer, "/rest/project/part/").await.expect(204);
    world
        .delete(&peer, "/rest/service/renamed/")
        .await
        .expect(204);
    world.get(&peer, "/rest/service/renamed/").await.expect(404);
}
