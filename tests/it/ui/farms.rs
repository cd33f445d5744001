//! `/farm` and `/host`, and what projects do with farms.

use promgen_core::config;
use promgen_core::model::{ProjectId, Role, RoleOn, ServiceId};
use promgen_plugins as _;
use promgen_tests::source::{Reply, Source};

use super::{Page, Pages as _};
use crate::rest::world::{Person, World};

/// The first link or value of a page that begins so.
fn first(page: &Page, start: &str) -> String {
    let found = page.html.split('"').find(|text| text.starts_with(start));
    found
        .unwrap_or_else(|| panic!("{start}: {}", page.html))
        .to_owned()
}

#[tokio::test]
async fn a_project_gets_a_farm_with_hosts() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let fields = [("name", "bare"), ("shard", "2")];
    let made = world.submit(&superuser, "/service/1/new", &fields).await;
    let project = made.leads().to_owned();
    let new = format!("{project}/newfarm");
    let form = world.page(&superuser, &new).await.shown();
    assert!(
        form.html.contains("value=\"bare\""),
        "a farm is usually called as its project"
    );
    let none = [("name", "racks"), ("hosts", " ,\n")];
    let refused = world.submit(&superuser, &new, &none).await.shown();
    assert!(refused.says("holds no host"), "{}", refused.text());
    let wrong = [("name", "racks"), ("hosts", "web1 http://x")];
    let refused = world.submit(&superuser, &new, &wrong).await.shown();
    assert!(refused.says("\"http://x\" is not a host") && refused.says("web1 http://x"));
    let fields = [("name", "racks"), ("hosts", "web1, web2\nweb1")];
    let made = world.submit(&superuser, &new, &fields).await;
    assert_eq!(made.leads(), format!("{project}#hosts"));
    let page = world.page(&superuser, &project).await.shown();
    assert!(page.says("racks promgen"), "{}", page.text());
    assert!(page.links_to("/host/web1") && page.links_to("/host/web2"));
    let second = world.submit(&superuser, &new, &fields).await.shown();
    assert!(second.says("already has a farm"), "{}", second.text());
}

#[tokio::test]
async fn what_is_asked_about_a_farm_leads_back_to_its_project() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let project = world.page(&superuser, "/project/1").await.shown();
    let back = "?next=%2Fproject%2F1%23hosts";
    assert!(project.links_to(&format!("/farm/1/delete{back}")));
    let asked = world
        .page(&superuser, &format!("/farm/1/delete{back}"))
        .await
        .shown();
    assert!(
        asked
            .html
            .contains("name=\"next\" value=\"/project/1#hosts\"")
            && asked.links_to("/project/1#hosts"),
        "{}",
        asked.html
    );
    let asked = world
        .page(&superuser, "/farm/1/delete?next=//evil.example")
        .await
        .shown();
    assert!(!asked.html.contains("evil"));
    // The way to it begins at its service.
    assert!(asked.links_to("/service/1") && asked.links_to("/project/1#hosts"));
}

#[tokio::test]
async fn a_local_farm_is_changed_and_deleted() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let count = async || {
        let farm = world.get(&superuser, "/rest/v2/farms/1/hosts").await;
        farm.expect(200)["count"].as_u64().unwrap()
    };
    let renamed = world
        .submit(&superuser, "/farm/1/update", &[("name", "shelves")])
        .await;
    assert_eq!(renamed.leads(), "/farm/1");
    let before = count().await;
    let hosts = [("hosts", "web3 10.0.0.1")];
    let added = world.submit(&superuser, "/farm/1/hosts", &hosts).await;
    assert_eq!((added.leads(), count().await), ("/farm/1", before + 2));
    let page = world.page(&superuser, "/farm/1").await.shown();
    assert!(page.says("shelves") && page.links_to("/host/10.0.0.1"));

    let listed = page
        .html
        .split('"')
        .find(|text| text.starts_with("/host/") && text.ends_with("/delete"));
    let delete = listed.unwrap();
    let asked = world.page(&superuser, delete).await.shown();
    assert!(
        asked.says("It is taken from the farm shelves."),
        "{}",
        asked.text()
    );
    let deleted = world.submit(&superuser, delete, &[]).await;
    assert_eq!((deleted.leads(), count().await), ("/farm/1", before + 1));

    let asked = world.page(&superuser, "/farm/1/delete").await.shown();
    assert!(
        asked.says("1 project stays, but without hosts: prj-000-00")
            && asked.links_to("/project/1")
            && asked.links_to("/host/web3"),
        "{}",
        asked.text()
    );
    let outside = [("next", "//evil.example/")];
    let deleted = world.submit(&superuser, "/farm/1/delete", &outside).await;
    assert_eq!(deleted.leads(), "/");
    let page = world.page(&superuser, "/project/1").await.shown();
    assert!(page.says("no hosts yet"), "{}", page.text());
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

/// Links the farm `front` to project 10 and answers its path.
async fn linked(world: &World, editor: &Person) -> String {
    let fields = [("farm", "front")];
    let linked = world.submit(editor, "/project/10/link/http", &fields).await;
    assert_eq!(linked.leads(), "/project/10#hosts");
    first(&world.page(editor, "/project/10").await.shown(), "/farm/")
}

#[tokio::test]
async fn a_remote_farm_is_chosen_from_a_grid_and_unlinked() {
    let (world, source, editor) = beside_a_source().await;
    source.offer(&[("front", &["f1", "f2"]), ("back <b>", &["b1"])]);
    let page = world.page(&editor, "/project/10").await.shown();
    assert!(page.links_to("/project/10/link/http"), "{}", page.text());
    let grid = world.page(&editor, "/project/10/link/http").await.shown();
    assert!(grid.html.contains("name=\"farm\" value=\"front\""));
    assert!(!grid.html.contains("value=\"back"));
    assert!(
        grid.says("left out"),
        "a name that cannot be is told: {}",
        grid.text()
    );
    let local = world
        .page(&editor, "/project/10/link/promgen")
        .await
        .shown();
    assert!(
        local.says("cannot link to a local farm"),
        "{}",
        local.text()
    );
    let unknown = world
        .submit(&editor, "/project/10/link/http", &[("farm", "nowhere")])
        .await;
    assert_eq!(unknown.leads(), "/project/10/link/http");
    assert!(
        unknown.notices().contains("\"error\""),
        "{}",
        unknown.notices()
    );

    let farm = linked(&world, &editor).await;
    let page = world.page(&editor, "/project/10").await.shown();
    assert!(page.links_to("/host/f1") && page.links_to("/host/f2"));
    let unlink = "/project/10/unlink";
    let asked = world.page(&editor, unlink).await.shown();
    assert!(
        asked.says("which serves no other one, goes away"),
        "{}",
        asked.text()
    );
    let unlinked = world.submit(&editor, unlink, &[]).await;
    assert_eq!(unlinked.leads(), "/project/10#hosts");
    assert_eq!(world.page(&editor, &farm).await.status, 404);
    let again = world.submit(&editor, unlink, &[]).await;
    assert!(
        again.notices().contains("has no farm") && !again.notices().contains("error: "),
        "{}",
        again.notices()
    );
}

#[tokio::test]
async fn a_sync_shows_what_it_changes_before_it_does() {
    let (world, source, editor) = beside_a_source().await;
    source.offer(&[("front", &["f1", "f2"])]);
    let farm = linked(&world, &editor).await;
    let refresh = format!("{farm}/refresh");
    source.offer(&[("front", &["f2", "f3"])]);
    let preview = world.page(&editor, &refresh).await.shown();
    assert!(preview.says("- f1") && preview.says("+ f3") && preview.posts_to(&refresh));
    let from_project = format!("{refresh}?next=%2Fproject%2F10%23hosts");
    let preview = world.page(&editor, &from_project).await.shown();
    assert!(preview.html.contains("value=\"/project/10#hosts\""));
    let before = world.page(&editor, &farm).await.shown();
    assert!(before.links_to("/host/f1"), "it was only looked at");
    let next = [("next", "/project/10")];
    let synced = world.submit(&editor, &refresh, &next).await;
    assert_eq!(synced.leads(), "/project/10");
    assert!(
        synced.notices().contains("1 added, 1 removed"),
        "{}",
        synced.notices()
    );
    let now = world.page(&editor, &refresh).await.shown();
    assert!(now.says("exactly the hosts") && !now.posts_to(&refresh));

    source.say(Reply::Status(503));
    let failed = world.page(&editor, &refresh).await.shown();
    assert!(failed.says("cannot be asked"), "{}", failed.text());
    let failed = world.submit(&editor, &refresh, &[]).await;
    assert!(
        failed.notices().contains("\"error\""),
        "{}",
        failed.notices()
    );
    let kept = world.page(&editor, &farm).await.shown();
    assert!(kept.links_to("/host/f3"));
}

#[tokio::test]
async fn a_remote_farm_becomes_a_local_one() {
    let (world, source, editor) = beside_a_source().await;
    source.offer(&[("front", &["f1"])]);
    let farm = linked(&world, &editor).await;
    let before = world.page(&editor, &farm).await.shown();
    assert!(!before.links_to(&format!("{farm}/hosts")));
    let convert = format!("{farm}/convert");
    let asked = world.page(&editor, &convert).await.shown();
    assert!(asked.posts_to(&convert) && asked.says("http is not asked any more"));
    let from_project = format!("{convert}?next=%2Fproject%2F10%23hosts");
    let asked = world.page(&editor, &from_project).await.shown();
    assert!(asked.html.contains("value=\"/project/10#hosts\""));
    assert_eq!(world.submit(&editor, &convert, &[]).await.leads(), farm);
    let after = world.page(&editor, &farm).await.shown();
    assert!(after.links_to(&format!("{farm}/hosts")) && after.links_to("/host/f1"));
    let local = world
        .page(&editor, &format!("{farm}/refresh"))
        .await
        .shown();
    assert!(local.says("are kept in Promgen"), "{}", local.text());
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
    let told = world
        .page(&superuser, &format!("{farm}/update"))
        .await
        .shown();
    let both = format!("{}, {}", first.name, project.name);
    assert!(told.says(&both), "{}", told.text());
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
