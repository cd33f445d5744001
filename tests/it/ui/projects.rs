//! `/project`, and the projects of services and datasources.

use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::{Person, World};

/// Somebody with a service of their own, and its path.
async fn with_service(world: &World) -> (Person, String) {
    let owner = world.person("owner").await;
    let founded = world
        .submit(&owner, "/new/service", &[("name", "shop")])
        .await;
    (owner, founded.leads().to_owned())
}

#[tokio::test]
async fn a_project_is_registered_by_a_form() {
    let world = World::golden().await;
    let (owner, service) = with_service(&world).await;
    let new = format!("{service}/new");
    let form = world.page(&owner, &new).await.shown();
    assert!(
        form.posts_to(&new) && form.says("shard-a"),
        "{}",
        form.text()
    );
    assert!(!form.html.contains("name=\"owner\""));
    let chosen = world.page(&owner, &format!("{new}?shard=2")).await.shown();
    assert!(
        chosen
            .html
            .contains("name=\"shard\" value=\"2\" required checked")
    );

    let refused = world.submit(&owner, &new, &[("name", "a/b")]).await.shown();
    assert!(refused.html.contains("value=\"a/b\"") && refused.html.contains("id_shard_problems"));
    let fields = [
        ("name", "till"),
        ("description", "takes money"),
        ("shard", "2"),
    ];
    let made = world.submit(&owner, &new, &fields).await;
    let page = world.page(&owner, made.leads()).await.shown();
    for text in [
        "till",
        "takes money",
        "Owner owner",
        "no hosts yet",
        "Nothing is scraped",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    let listed = world.page(&owner, &service).await.shown();
    assert!(listed.links_to(made.leads()) && listed.links_to("/datasource/2"));
}

#[tokio::test]
async fn where_nothing_takes_projects_the_form_says_what_to_do() {
    let world = World::golden().await;
    let (maria, service) = with_service(&world).await;
    let superuser = world.superuser().await;
    let shards = world.get(&superuser, "/rest/v2/shards?page_size=100").await;
    for id in shards.column("id") {
        let off = serde_json::json!({"enabled": false});
        let path = format!("/rest/v2/shards/{id}");
        world
            .json(&superuser, "PATCH", &path, off)
            .await
            .expect(200);
    }
    let new = format!("{service}/new");
    let form = world.page(&maria, &new).await.shown();
    assert!(
        form.says("a superuser lets one of them do so"),
        "{}",
        form.text()
    );
    let notice = "href=\"/datasource\">Datasources</a></p>";
    assert!(!form.html.contains(notice));
    let form = world.page(&superuser, &new).await.shown();
    assert!(form.html.contains(notice), "{}", form.html);
    let sent = [("name", "web"), ("description", "kept <b>")];
    let refused = world.submit(&maria, &new, &sent).await.shown();
    assert!(refused.says("is not chosen") && refused.says("kept <b>"));
}

#[tokio::test]
async fn a_project_is_changed_and_deleted_by_forms() {
    let world = World::golden().await;
    let (owner, service) = with_service(&world).await;
    let fields = [("name", "till"), ("shard", "2")];
    let made = world
        .submit(&owner, &format!("{service}/new"), &fields)
        .await;
    let project = made.leads().to_owned();
    let update = format!("{project}/update");
    let form = world.page(&owner, &update).await.shown();
    assert!(form.says("time series begin anew") && form.html.contains("value=\"shop\""));
    let other = [("name", "desk"), ("service", "nowhere"), ("shard", "2")];
    let refused = world.submit(&owner, &update, &other).await.shown();
    assert!(
        refused.html.contains("id_service_problems"),
        "{}",
        refused.text()
    );
    // An id is taken too, as from the original's form.
    let id = service.strip_prefix("/service/").unwrap();
    let fields = [
        ("name", "desk"),
        ("description", "see https://desk.example/"),
        ("service", id),
        ("shard", "3"),
    ];
    assert_eq!(
        world.submit(&owner, &update, &fields).await.leads(),
        project
    );
    let page = world.page(&owner, &project).await.shown();
    assert!(page.says("desk") && page.links_to("/datasource/3"));
    assert!(page.links_to("https://desk.example/"));
    assert!(page.posts_to(&format!("{project}/subscribe")));
    assert!(form.html.contains("name=\"owner\""));
    let on = RoleOn::Service(ServiceId(id.parse().unwrap()));
    let editor = world.with_role("editor-of-it", Role::Editor, on).await;
    let form = world.page(&editor, &update).await.shown();
    assert!(
        !form.html.contains("name=\"owner\""),
        "whoever may not give it away is not asked to"
    );

    let delete = format!("{project}/delete");
    let asked = world.page(&owner, &delete).await.shown();
    assert!(asked.says("Delete project desk?") && !asked.says("0 exporters"));
    let gone = world.submit(&owner, &delete, &[]).await;
    assert_eq!(gone.leads(), format!("{service}#projects"));
    assert_eq!(world.page(&owner, &project).await.status, 404);
}

#[tokio::test]
async fn only_a_superuser_chooses_who_owns_a_new_project() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let editor = world
        .with_role("editor", Role::Editor, RoleOn::Service(ServiceId(1)))
        .await;
    let fields = |name| [("name", name), ("shard", "2"), ("owner", "editor")];
    assert!(
        world
            .page(&superuser, "/service/1/new")
            .await
            .shown()
            .html
            .contains("name=\"owner\"")
    );
    let made = world
        .submit(&superuser, "/service/1/new", &fields("given"))
        .await;
    let page = world.page(&editor, made.leads()).await.shown();
    assert!(page.says("Owner editor"), "{}", page.text());
    let other = [("name", "taken"), ("shard", "2"), ("owner", "admin")];
    let refused = world
        .submit(&editor, "/service/1/new", &other)
        .await
        .shown();
    assert!(
        refused.says("you do not have permission to choose the owner"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn buttons_are_for_those_who_may_use_them() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(1));
    let viewer = world.with_role("viewer", Role::Viewer, on).await;
    let editor = world.with_role("editor", Role::Editor, on).await;
    let seen = world.page(&viewer, "/project/1").await.shown();
    assert!(!seen.links_to("/project/1/update") && !seen.posts_to("/url/1/new#http-checks"));
    assert!(!seen.html.contains("action=\"/exporter/") && !seen.html.contains("/silence/new"));
    assert!(
        seen.posts_to("/project/1/scrape"),
        "whoever sees an exporter may test it"
    );
    let edited = world.page(&editor, "/project/1").await.shown();
    for link in [
        "/project/1/update",
        "/project/1/exporter",
        "/project/1/unlink",
    ] {
        assert!(edited.links_to(link), "{link}");
    }
    assert!(edited.posts_to("/url/1/new#http-checks") && !edited.links_to("/project/1/delete"));
    assert!(
        edited
            .html
            .contains("name=\"instance\" value=\"host-000-00-000\\.example\\.com:[0-9]*\"")
    );
}

#[tokio::test]
async fn each_list_of_a_project_has_pages_of_its_own() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let hosts: Vec<String> = (0..60).map(|number| format!("more-{number:02}")).collect();
    let hosts = hosts.join("\n");
    let added = world
        .submit(&superuser, "/farm/1/hosts", &[("hosts", &hosts)])
        .await;
    assert_eq!(added.leads(), "/farm/1");
    let first = world.page(&superuser, "/project/1").await.shown();
    assert!(first.links_to("/project/1?hosts=2#hosts") && !first.says("more-59"));
    let second = world.page(&superuser, "/project/1?hosts=2").await.shown();
    assert!(second.says("more-59") && second.links_to("/project/1#hosts"));
    assert!(
        second
            .html
            .contains("data-load=\"/project/1/health?hosts=2\"")
    );
}
