//! Forms tell all that is wrong at once, each beside its field.

use promgen_core::model::{ProjectId, Role, RoleOn};

use super::Pages as _;
use crate::rest::world::{Person, World};

/// A form, what is sent, and the fields that are wrong.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

/// Sends forms, and looks for what is wrong beside every field.
async fn told(world: &World, who: &Person, cases: &[Case<'_>]) {
    for (path, sent, wrong) in cases {
        let page = world.submit(who, path, sent).await.shown();
        for field in *wrong {
            assert!(
                page.html.contains(&format!("id=\"id_{field}_problems\"")),
                "{path}: {field}: {}",
                page.text()
            );
        }
    }
}

const LONG: &str = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\
                    nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

/// Forms of the tree.
const TREE: &[Case<'static>] = &[
    (
        "/new/service",
        &[("name", "a » b"), ("owner", "nobody-like-it")],
        &["name", "owner"],
    ),
    (
        "/service/1/update",
        &[("name", "svc.001"), ("owner", "nobody-like-it")],
        &["name", "owner"],
    ),
    (
        "/service/1/new",
        &[("name", "prj-000-00"), ("owner", "nobody-like-it")],
        &["name", "owner"],
    ),
    (
        "/project/1/update",
        &[
            ("name", "a/b"),
            ("owner", "nobody-like-it"),
            ("service", "no-service-like-it"),
        ],
        &["name", "owner", "service"],
    ),
    (
        "/project/1/exporter",
        &[
            ("job", ""),
            ("port", "many"),
            ("path", "metrics"),
            ("scheme", "ftp"),
        ],
        &["job", "port", "path", "scheme"],
    ),
    (
        "/preset/new",
        &[("job", ""), ("port", "0"), ("path", "metrics")],
        &["job", "port", "path"],
    ),
    (
        "/datasource/new",
        &[("name", "a/b"), ("url", "nowhere"), ("samples", "many")],
        &["name", "url", "samples"],
    ),
    (
        "/datasource/2/update",
        &[("name", ""), ("url", "nowhere"), ("targets", "few")],
        &["name", "url", "targets"],
    ),
    (
        "/datasource/2/server",
        &[("host", "a b"), ("port", "many")],
        &["host", "port"],
    ),
    (
        "/service/1/rule",
        &[
            ("name", "ProjectOnly"),
            ("clause", "up{"),
            ("duration", "5x"),
        ],
        &["name", "clause", "duration"],
    ),
];

#[tokio::test]
async fn forms_of_the_tree_tell_everything_at_once() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let before = world.log(1).await;
    told(&world, &superuser, TREE).await;
    assert_eq!(world.log(1).await, before, "nothing was written");
}

/// Forms about people.
const PEOPLE: &[Case<'static>] = &[
    (
        "/group/new",
        &[
            ("name", " x"),
            ("users", "nobody-like-it"),
            ("permission", "king"),
        ],
        &["name", "users", "permission"],
    ),
    (
        "/permission/assign",
        &[
            ("model", "service"),
            ("id", "1"),
            ("users", "nobody-like-it"),
            ("permission", "king"),
        ],
        &["users", "permission"],
    ),
    (
        "/admin/user/new",
        &[
            ("username", "peer"),
            ("email", "nowhere"),
            ("first_name", LONG),
            ("last_name", LONG),
            ("password", "short"),
        ],
        &["username", "email", "first_name", "last_name", "password"],
    ),
    (
        "/profile/account",
        &[
            ("email", "nowhere"),
            ("first_name", LONG),
            ("timezone", "Moon/Base"),
            ("language", "xx"),
        ],
        &["email", "first_name", "timezone", "language"],
    ),
    (
        "/admin/site",
        &[("domain", "a b"), ("name", "")],
        &["domain", "name"],
    ),
    (
        "/admin/token/new",
        &[("username", "nobody-like-it"), ("days", "many")],
        &["username", "days", "scopes"],
    ),
    ("/profile/token", &[("days", "31")], &["scope", "days"]),
    (
        "/admin/auth/user/merge/",
        &[
            ("user_to_merge_from", "nobody-like-it"),
            ("user_to_merge_into", "nor-them"),
        ],
        &["user_to_merge_from", "user_to_merge_into"],
    ),
];

#[tokio::test]
async fn forms_of_people_tell_everything_at_once() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let maria = world.person("maria").await;
    let update = format!("/admin/user/{}/update", maria.id());
    let own = format!("/admin/user/{}/update", superuser.id());
    let before = world.log(1).await;
    told(&world, &superuser, PEOPLE).await;
    told(
        &world,
        &superuser,
        &[
            (
                &update,
                &[("email", "nowhere"), ("first_name", LONG), ("active", "on")],
                &["email", "first_name"],
            ),
            (
                &own,
                &[("email", "nowhere"), ("active", "on")],
                &["email", "superuser"],
            ),
        ],
    )
    .await;
    assert_eq!(world.log(1).await, before, "nothing was written");
}

#[tokio::test]
async fn every_user_who_is_unknown_is_named() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let both = "nobody-like-it nor-them";
    for (path, fields) in [
        ("/group/new", vec![("name", "ops"), ("users", both)]),
        (
            "/permission/assign",
            vec![
                ("model", "service"),
                ("id", "1"),
                ("users", both),
                ("permission", "service_viewer"),
            ],
        ),
    ] {
        let page = world.submit(&superuser, path, &fields).await.shown();
        for name in ["nobody-like-it", "nor-them"] {
            let told = page.says(&format!("user \"{name}\""));
            assert!(told, "{path}: {name}: {}", page.text());
        }
    }
    let page = world.page(&superuser, "/group").await.shown();
    assert!(!page.says("ops"), "{}", page.text());
}

#[tokio::test]
async fn a_farm_a_url_and_the_guide_tell_everything_at_once() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let bare = {
        let tx = world.app.store().write_tx().await.unwrap();
        let mut project = tx.load_project(ProjectId(1)).await.unwrap().unwrap();
        project.farm = None;
        tx.update_project(&project).await.unwrap();
        tx.commit().await.unwrap();
        project.id
    };
    let (farm, url) = (
        format!("/project/{bare}/newfarm"),
        format!("/url/{bare}/new"),
    );
    told(
        &world,
        &superuser,
        &[
            (&farm, &[("name", "a/b"), ("hosts", "")], &["name", "hosts"]),
            (
                &farm,
                &[("name", "a/b"), ("hosts", "a:1 b_")],
                &["name", "hosts"],
            ),
        ],
    )
    .await;
    let page = world
        .submit(&superuser, &url, &[("url", "nowhere"), ("probe", "none")])
        .await
        .shown();
    assert!(
        page.says("is not a URL") && page.says("is not chosen"),
        "{}",
        page.text()
    );
    let fields = [
        ("shard", ""),
        ("prometheus", "nowhere"),
        ("service", "svc-000"),
        ("project", "a/b"),
        ("hosts", ""),
        ("job", ""),
        ("port", "many"),
    ];
    let page = world.submit(&superuser, "/guide/start", &fields).await;
    let page = page.shown();
    for text in [
        "is no address",
        "exists already",
        "names no host",
        "is not a job",
        "is no port",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
}

#[tokio::test]
async fn what_was_only_looked_through_is_not_written() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(1));
    let maria = world.with_role("maria", Role::Editor, on).await;
    let fields = [("job", "fine"), ("port", "many"), ("path", "/metrics")];
    let page = world
        .submit(&maria, "/project/1/exporter", &fields)
        .await
        .shown();
    assert!(page.html.contains("id_port_problems") && page.html.contains("value=\"fine\""));
    let page = world.page(&maria, "/project/1").await.shown();
    assert!(!page.says("fine"), "{}", page.text());
    let fields = [("job", "fine"), ("port", "9999"), ("path", "/metrics")];
    let made = world.submit(&maria, "/project/1/exporter", &fields).await;
    made.leads();
    let page = world.page(&maria, "/project/1").await.shown();
    assert!(page.says("fine"), "{}", page.text());
}
