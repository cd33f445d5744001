//! `/farm` and `/host`, and what projects do with farms.

use promgen_core::config;
use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use promgen_plugins as _;
use promgen_tests::source::{Reply, Source};

use super::Pages as _;
use crate::rest::world::{Person, World};

#[tokio::test]
async fn a_project_gets_a_farm_with_hosts_and_loses_them_again() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let made = world
        .submit(
            &superuser,
            "/service/1/new",
            &[("name", "bare"), ("shard", "2")],
        )
        .await;
    let project = made.leads().to_owned();
    let new = format!("{project}/newfarm");
    let form = world.page(&superuser, &new).await.shown();
    assert!(
        form.html.contains("value=\"bare\""),
        "a farm is usually called as its project"
    );
    let none = [("name", "racks"), ("hosts", " ,\n")];
    assert!(
        world
            .submit(&superuser, &new, &none)
            .await
            .shown()
            .says("holds no host")
    );
    let wrong = [("name", "racks"), ("hosts", "web1 http://x")];
    let refused = world.submit(&superuser, &new, &wrong).await.shown();
    assert!(refused.says("\"http://x\" is not a host") && refused.says("web1 http://x"));
    let fields = [("name", "racks"), ("hosts", "web1, web2\nweb1")];
    let made = world.submit(&superuser, &new, &fields).await;
    assert_eq!(made.leads(), format!("{project}#hosts"));
    let page = world.page(&superuser, &project).await.shown();
    assert!(
        page.says("racks promgen") && page.links_to("/host/web1") && page.links_to("/host/web2")
    );

    let at = page.html.find("/farm/").unwrap();
    let farm = page.html[at..].split('"').next().unwrap().to_owned();
    let renamed = world
        .submit(
            &superuser,
            &format!("{farm}/update"),
            &[("name", "shelves")],
        )
        .await;
    assert_eq!(renamed.leads(), farm);
    let added = world
        .submit(
            &superuser,
            &format!("{farm}/hosts"),
            &[("hosts", "web3 10.0.0.1")],
        )
        .await;
    assert_eq!(added.leads(), farm);
    let page = world.page(&superuser, &farm).await.shown();
    assert!(page.says("shelves") && page.says("4 entries") && page.links_to("/host/10.0.0.1"));

    let at = page.html.find("/host/").unwrap();
    let delete = page.html[at..]
        .split('"')
        .find(|text| text.ends_with("/delete"))
        .unwrap();
    assert!(
        world
            .page(&superuser, delete)
            .await
            .shown()
            .says("It is taken from the farm shelves.")
    );
    assert_eq!(world.submit(&superuser, delete, &[]).await.leads(), farm);
    assert!(
        world
            .page(&superuser, &farm)
            .await
            .shown()
            .says("3 entries")
    );

    let delete = format!("{farm}/delete");
    let asked = world.page(&superuser, &delete).await.shown();
    assert!(asked.says("3 hosts") && asked.says("Project bare is left without hosts"));
    let outside = [("next", "//evil.example/")];
    assert_eq!(
        world.submit(&superuser, &delete, &outside).await.leads(),
        "/"
    );
    assert!(
        world
            .page(&superuser, &project)
            .await
            .shown()
            .says("no hosts yet")
    );
}

/// The golden data set beside a source of farms, and an editor of a project without one.
async fn beside_a_source() -> (World, Source, Person) {
    let source = Source::start().await;
    let address = source.address();
    let world = World::with(|settings| {
        let text = format!(
            "permissions: {{default_role: none}}\n\
             promgen.discovery.http: {{url: 'http://{address}/sd'}}\n"
        );
        let database = settings.database.clone();
        *settings = config::parse(&text).unwrap().settings;
        settings.database = database;
    })
    .await;
    let on = RoleOn::Project(ProjectId(10));
    let editor = world.with_role("editor", Role::Editor, on).await;
    (world, source, editor)
}

#[tokio::test]
async fn a_remote_farm_is_linked_synced_converted_and_unlinked() {
    let (world, source, editor) = beside_a_source().await;
    source.offer(&[("front", &["f1", "f2"]), ("back <b>", &["b1"])]);
    let page = world.page(&editor, "/project/10").await.shown();
    assert!(page.links_to("/project/10/link/http"), "{}", page.text());
    let grid = world.page(&editor, "/project/10/link/http").await.shown();
    assert!(
        grid.html.contains("name=\"farm\" value=\"front\"") && !grid.html.contains("value=\"back")
    );
    assert!(
        grid.says("left out"),
        "a name that cannot be is told: {}",
        grid.text()
    );
    let linked = world
        .submit(&editor, "/project/10/link/http", &[("farm", "front")])
        .await;
    assert_eq!(linked.leads(), "/project/10#hosts");
    let page = world.page(&editor, "/project/10").await.shown();
    assert!(page.links_to("/host/f1") && page.links_to("/host/f2"));
    let at = page.html.find("/farm/").unwrap();
    let farm = page.html[at..].split('"').next().unwrap().to_owned();
    let refresh = format!("{farm}/refresh");

    source.offer(&[("front", &["f2", "f3"])]);
    let preview = world.page(&editor, &refresh).await.shown();
    assert!(preview.says("- f1") && preview.says("+ f3") && preview.posts_to(&refresh));
    assert!(
        world
            .page(&editor, &farm)
            .await
            .shown()
            .links_to("/host/f1"),
        "only looked at"
    );
    let synced = world
        .submit(&editor, &refresh, &[("next", "/project/10")])
        .await;
    assert_eq!(synced.leads(), "/project/10");
    assert!(
        synced.notices().contains("1 added, 1 removed"),
        "{}",
        synced.notices()
    );
    let now = world.page(&editor, &refresh).await.shown();
    assert!(now.says("exactly the hosts") && !now.posts_to(&refresh));

    source.say(Reply::Status(503));
    assert!(
        world
            .page(&editor, &refresh)
            .await
            .shown()
            .says("cannot be asked")
    );
    let failed = world.submit(&editor, &refresh, &[]).await;
    assert!(
        failed.notices().contains("\"error\"")
            && world
                .page(&editor, &farm)
                .await
                .shown()
                .links_to("/host/f3")
    );

    let convert = format!("{farm}/convert");
    assert!(
        world
            .page(&editor, &convert)
            .await
            .shown()
            .posts_to(&convert)
    );
    assert_eq!(world.submit(&editor, &convert, &[]).await.leads(), farm);
    assert!(
        world
            .page(&editor, &farm)
            .await
            .shown()
            .links_to(&format!("{farm}/hosts"))
    );
    let unlink = "/project/10/unlink";
    assert!(world.page(&editor, unlink).await.shown().says("stays"));
    assert_eq!(
        world.submit(&editor, unlink, &[]).await.leads(),
        "/project/10#hosts"
    );
    let again = world.submit(&editor, unlink, &[]).await;
    assert!(
        again.notices().contains("has no farm"),
        "{}",
        again.notices()
    );
}

#[tokio::test]
async fn a_shared_farm_says_who_else_it_serves() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let mut project = {
        let tx = world.app.store().read_tx().await.unwrap();
        tx.load_project(ProjectId(4)).await.unwrap().unwrap()
    };
    let tx = world.app.store().write_tx().await.unwrap();
    let first = tx.load_project(ProjectId(1)).await.unwrap().unwrap();
    project.farm = first.farm;
    tx.update_project(&project).await.unwrap();
    tx.commit().await.unwrap();
    let farm = format!("/farm/{}", first.farm.unwrap());
    let on = RoleOn::Service(ServiceId(1));
    let editor = world.with_role("editor", Role::Editor, on).await;
    let page = world.page(&editor, &farm).await.shown();
    assert!(page.says("and 1 that you may not see"), "{}", page.text());
    assert!(!page.links_to(&format!("{farm}/update")));
    assert_eq!(
        world.page(&editor, &format!("{farm}/update")).await.status,
        403
    );
    let form = world
        .page(&superuser, &format!("{farm}/update"))
        .await
        .shown();
    let both = format!("{}, {}", first.name, project.name);
    assert!(form.says(&both), "{}", form.text());
}

#[tokio::test]
async fn farms_and_hosts_are_listed_once_and_cut_to_what_one_sees() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let viewer = world
        .with_role("viewer", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    let all = world.page(&superuser, "/farm").await.shown();
    let some = world.page(&viewer, "/farm").await.shown();
    assert!(all.links_to("/farm/4") && some.links_to("/farm/1") && !some.links_to("/farm/4"));
    assert!(!some.html.contains("/delete\""));
    let none = world
        .page(&superuser, "/farm?name=no-such-farm")
        .await
        .shown();
    assert!(none.says("No such farm is found."));

    let hosts = world.page(&viewer, "/host/?name=host-000-00").await.shown();
    assert!(
        hosts.links_to("/host/host-000-00-000.example.com"),
        "{}",
        hosts.text()
    );
    let own = world
        .page(&viewer, "/host/host-000-00-000.example.com")
        .await
        .shown();
    assert!(own.links_to("/project/1#hosts") && !own.html.contains("/silence/new"));
    assert!(
        own.html
            .contains("data-load=\"/host/host-000-00-000.example.com/health\"")
    );
    let missing = world.page(&viewer, "/host/gh%2Fost").await;
    assert_eq!(missing.status, 404);
    assert!(missing.says("No hosts found") && missing.says("gh/ost"));
}
