//! What pages that ask before a delete say of what goes away, and of what cannot.

use axum::body::Body;
use http::{Request, header};
use promgen_core::model::{
    Exporter, ExporterId, FarmId, Grant, GrantId, Grantee, GroupId, GroupRole, Host, HostId,
    LOCAL_SOURCE, Member, Name, ProjectId, Role, RoleOn, RuleOwner, Scheme, ServiceId,
};

use super::{Page, Pages as _};
use crate::rest::world::{Person, World};

/// The page that asks before a delete.
async fn asked(world: &World, who: &Person, path: &str) -> Page {
    world.page(who, path).await.shown()
}

/// Makes exporters of the first project, and hosts of its farm.
async fn grow(world: &World, many: u16) {
    let tx = world.app.store().write_tx().await.unwrap();
    let project = tx.load_project(ProjectId(1)).await.unwrap().unwrap();
    for number in 0..many {
        let exporter = Exporter {
            id: ExporterId(0),
            job: format!("grown-{number:02}"),
            port: 9000 + number,
            path: String::new(),
            scheme: Scheme::Http,
            project: project.id,
            enabled: true,
        };
        tx.insert_exporter(&exporter).await.unwrap();
        let host = Host {
            id: HostId(0),
            name: format!("grown-{number:02}"),
            farm: project.farm.unwrap(),
        };
        tx.insert_host(&host).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn whoever_deletes_a_service_reads_what_goes_with_it() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let on = RoleOn::Project(ProjectId(1));
    let maria = world.with_role("maria", Role::Editor, on).await;
    world.subscribe(&maria, "svc-000").await;
    let page = asked(&world, &superuser, "/service/1/delete").await;
    for link in [
        "/project/1",
        "/project/1#exporters",
        "/project/1#members",
        "/rule/",
        "/notifier/",
    ] {
        assert!(
            page.html.contains(&format!("<li><a href=\"{link}")),
            "{link}: {}",
            page.html
        );
    }
    for text in ["prj-000-00", "maria", "prj-000-00, Editor", "svc-000"] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    assert!(page.posts_to("/service/1/delete"));
    let viewer = world
        .with_role("viewer", Role::Admin, RoleOn::Service(ServiceId(1)))
        .await;
    assert_eq!(world.page(&viewer, "/service/1/delete").await.status, 403);
}

#[tokio::test]
async fn of_many_things_the_first_are_named_and_the_others_counted() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    grow(&world, 30).await;
    let page = asked(&world, &superuser, "/project/1/delete").await;
    let named = page.html.matches("href=\"/project/1#exporters\"").count();
    assert_eq!(named, 20, "{}", page.text());
    assert!(
        page.says("32 exporters:") && page.says("and 12 more"),
        "{}",
        page.text()
    );
    let request = Request::get("/project/1/delete").header(header::ACCEPT_LANGUAGE, "ja,en;q=0.5");
    let japanese = world.browse(Some(&superuser), request, Body::empty()).await;
    assert!(japanese.says("エクスポーター") && japanese.says("他"));
    let farm = asked(&world, &superuser, "/farm/1/delete").await;
    assert!(farm.says("hosts:") && farm.says("more") && farm.links_to("/project/1"));
}

#[tokio::test]
async fn a_datasource_with_projects_has_no_button_but_their_names() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let shard = {
        let tx = world.app.store().read_tx().await.unwrap();
        tx.load_project(ProjectId(1)).await.unwrap().unwrap().shard
    };
    let delete = format!("/datasource/{shard}/delete");
    let page = asked(&world, &superuser, &delete).await;
    assert!(
        page.says("cannot be deleted as long as projects are on it")
            && page.says("Put them on another datasource"),
        "{}",
        page.text()
    );
    assert!(page.links_to("/project/1") && !page.posts_to(&delete));
    assert!(page.links_to(&format!("/datasource/{shard}")), "a way back");
}

#[tokio::test]
async fn a_rule_names_its_overrides_by_links_and_counts_those_one_may_not_see() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let fields = |name| {
        [
            ("name", name),
            ("clause", "up{<exclude>} == 0"),
            ("duration", "5m"),
            ("enabled", "on"),
        ]
    };
    let made = world
        .submit(&superuser, "/service/1/rule", &fields("Gone"))
        .await;
    let parent = made.leads().to_owned();
    let heir = {
        let tx = world.app.store().write_tx().await.unwrap();
        let mut rule = tx.find_rule("Gone").await.unwrap().unwrap();
        rule.parent = Some(rule.id);
        rule.name = Name::parse("GoneOne").unwrap();
        rule.owner = RuleOwner::Project(ProjectId(1));
        let heir = tx.insert_rule(&rule).await.unwrap();
        tx.commit().await.unwrap();
        heir
    };
    let page = asked(&world, &superuser, &format!("{parent}/delete")).await;
    assert!(
        page.says("1 rule overrides it. It stays, without a parent: GoneOne")
            && page.links_to(&format!("/rule/{heir}")),
        "{}",
        page.text()
    );
    assert!(page.posts_to(&format!("{parent}/delete")));
}

#[tokio::test]
async fn what_would_be_refused_has_no_button() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let own = format!("/admin/user/{}/disable", superuser.id());
    let owner = world.person("owner").await;
    let fields = [("name", "Hers"), ("description", ""), ("owner", "owner")];
    let made = world.submit(&superuser, "/new/service", &fields).await;
    let service = made.leads().rsplit('/').next().unwrap().to_owned();
    let role = format!(
        "/permission/delete?model=service&id={service}&perm-type=user&username={}",
        owner.user.username
    );
    let (host, unlinked) = {
        let tx = world.app.store().write_tx().await.unwrap();
        let mut farm = tx.find_farm(FarmId(1)).await.unwrap().unwrap();
        assert_eq!(farm.source, LOCAL_SOURCE);
        farm.source = "elsewhere".to_owned();
        tx.update_farm(&farm).await.unwrap();
        let hosts = tx.list_hosts_of(farm.id).await.unwrap();
        let projects = tx.load_outline().await.unwrap().projects;
        let bare = projects.iter().find(|project| project.farm.is_none());
        let mut bare = bare.unwrap_or(&projects[1]).clone();
        bare.farm = None;
        tx.update_project(&bare).await.unwrap();
        tx.commit().await.unwrap();
        (hosts[0].id, bare.id)
    };
    let host = format!("/host/{host}/delete");
    let unlink = format!("/project/{unlinked}/unlink");
    for (path, told) in [
        (&own, "Nobody disables themselves"),
        (&role, "The owner keeps their role"),
        (&host, "come from elsewhere"),
        (&unlink, "has no farm"),
    ] {
        let page = asked(&world, &superuser, path).await;
        assert!(page.says(told), "{path}: {}", page.text());
        assert!(
            !page.html.contains("class=\"danger\""),
            "{path}: {}",
            page.html
        );
    }
}

/// The page of a group that somebody founds, with those members, as viewers of the first service.
async fn founded(world: &World, by: &Person, members: &[&Person]) -> String {
    let made = world.submit(by, "/group/new", &[("name", "ops")]).await;
    let path = made.leads().to_owned();
    let group = GroupId(path.rsplit('/').next().unwrap().parse().unwrap());
    let tx = world.app.store().write_tx().await.unwrap();
    for who in members {
        let member = Member {
            group,
            user: who.user.id,
            role: GroupRole::Member,
        };
        tx.put_member(member).await.unwrap();
    }
    let grant = Grant {
        id: GrantId(0),
        on: RoleOn::Service(ServiceId(1)),
        to: Grantee::Group(group),
        role: Role::Viewer,
    };
    tx.insert_grant(&grant).await.unwrap();
    tx.commit().await.unwrap();
    path
}

#[tokio::test]
async fn a_group_names_its_members_and_what_they_get_by_it() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let path = founded(&world, &maria, &[]).await;
    let page = asked(&world, &maria, &format!("{path}/delete")).await;
    assert!(
        page.says("1 membership: maria Admin") && page.says("svc-000 Viewer"),
        "{}",
        page.text()
    );
    assert!(page.links_to("/service/1"));
    assert!(!page.says("subscription"), "{}", page.text());
}

#[tokio::test]
async fn subscriptions_that_end_with_a_role_are_named_and_stay_until_it_is_taken() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    // Whoever has a role by themselves, too, goes on hearing of it.
    let on = RoleOn::Service(ServiceId(1));
    let olga = world.with_role("olga", Role::Viewer, on).await;
    let maria = world.person("maria").await;
    let path = founded(&world, &superuser, &[&maria, &olga]).await;
    for who in [&maria, &olga] {
        world.subscribe(who, "svc-000").await;
    }
    let ends = "A subscription that ends, for its subscriber no longer sees the object: \
                User: maria svc-000";
    let remove = format!("{path}/remove-member");
    for asks in [
        format!("{path}/delete"),
        format!("{remove}?username=maria"),
        "/permission/delete?model=service&id=1&perm-type=group&group=ops".to_owned(),
    ] {
        // Asked twice: nothing happens until it is done.
        for _ in 0..2 {
            let page = asked(&world, &superuser, &asks).await;
            assert!(page.says(ends), "{asks}: {}", page.text());
        }
    }
    let keeps = asked(&world, &superuser, &format!("{remove}?username=olga")).await;
    assert!(!keeps.says("ends, for"), "{}", keeps.text());
    // Somebody who is not in it is no question.
    let nobody = format!("{remove}?username=nobody");
    let led = world.page(&superuser, &nobody).await;
    assert!(led.leads().starts_with(&format!("{path}#members")));
    let maria = [("username", "maria")];
    world.submit(&superuser, &remove, &maria).await;
    let shown = asked(&world, &superuser, "/service/1").await;
    let text = shown.text();
    assert!(shown.says("User olga") && !shown.says("maria"), "{text}");
}
