//! `/admin/exporter`, `/admin/role`: what there is of everybody, in one list.

use promgen_core::model::{
    Exporter, ExporterId, Group, GroupId, GroupRole, Member, ProjectId, Role, RoleOn, Scheme,
    ServiceId,
};
use regex::Regex;

use super::Pages as _;
use crate::rest::world::World;

/// Exporters of two projects, two of which are alike.
async fn exporters(world: &World) {
    let tx = world.app.store().write_tx().await.unwrap();
    for (project, job, port, path, enabled) in [
        (1, "zz-shop", 9100, "/m?a=b&c", true),
        (2, "zz-shop", 9100, "/m?a=b&c", false),
        (2, "zz-shop", 9100, "", true),
        (2, "zz-shop", 9200, "", true),
    ] {
        let exporter = Exporter {
            id: ExporterId(0),
            job: job.to_owned(),
            port,
            path: path.to_owned(),
            scheme: Scheme::Https,
            project: ProjectId(project),
            enabled,
        };
        tx.insert_exporter(&exporter).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn all_exporters_are_found_and_counted_by_what_they_have_in_common() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    exporters(&world).await;
    let row = Regex::new("<bdi>zz-shop</bdi></a></td>").unwrap();
    let seen = async |query: &str| {
        let page = world.page(&peer, &format!("/admin/exporter?{query}")).await;
        row.find_iter(&page.shown().html).count()
    };
    assert_eq!(seen("q=zz-").await, 4);
    assert_eq!(seen("q=a%3Db").await, 2, "by a part of the path");
    assert_eq!(seen("q=zz-&port=9200").await, 1);
    assert_eq!(seen("q=zz-&enabled=off").await, 1);
    assert_eq!(seen("q=nothing").await, 0);
    let alike = "job=zz-shop&port=9100&path=%2Fm%3Fa%3Db%26c";
    assert_eq!(seen(alike).await, 2);
    assert_eq!(seen("job=zz-shop").await, 2, "a job alone has no path");
    let page = world.page(&peer, "/admin/exporter?q=zz-").await.shown();
    let alike = format!("/admin/exporter?{}", alike.replace('&', "&#38;"));
    assert_eq!(page.html.matches(&alike).count(), 2, "{}", page.html);
    assert!(page.links_to("/project/1#exporters") && page.links_to("/project/2"));
    assert!(page.says("2 with this job, port and path"));
    let narrowed = world
        .page(&peer, "/admin/exporter?job=zz-shop&enabled=on")
        .await
        .shown();
    assert!(narrowed.links_to("/admin/exporter"), "the way back to all");
    assert!(
        narrowed
            .html
            .contains("<input type=\"hidden\" name=\"job\" value=\"zz-shop\">")
    );
    let most = world
        .page(&peer, "/admin/exporter?q=zz-&sort=-uses")
        .await
        .shown();
    let at = |text: &str| most.html.find(text).unwrap();
    assert!(at("/m?a=b&#38;c") < at(">9200<"));
}

#[tokio::test]
async fn all_roles_are_found_by_their_users_and_groups() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let (service, project) = (RoleOn::Service(ServiceId(1)), RoleOn::Project(ProjectId(2)));
    let maria = world.with_role("zz-maria", Role::Editor, service).await;
    world.with_role("zz-otto", Role::Viewer, project).await;
    let tx = world.app.store().write_tx().await.unwrap();
    let group = Group {
        id: GroupId(0),
        name: "zz-crew <b>".to_owned(),
    };
    let group = tx.insert_group(&group).await.unwrap();
    let member = Member {
        group,
        user: maria.user.id,
        role: GroupRole::Member,
    };
    tx.put_member(member).await.unwrap();
    tx.commit().await.unwrap();
    let fields = [
        ("model", "project"),
        ("id", "2"),
        ("perm-type", "group"),
        ("group", "zz-crew <b>"),
        ("permission", "project_admin"),
    ];
    world
        .submit(&peer, "/permission/assign", &fields)
        .await
        .leads();
    let seen = async |query: &str| {
        let path = format!("/admin/role?{query}");
        let page = world.page(&peer, &path).await.shown();
        ["zz-maria", "zz-otto", "zz-crew <b>"].map(|name| page.says(name))
    };
    assert_eq!(seen("user=zz-").await, [true, true, true]);
    assert_eq!(seen("user=zz-otto").await, [false, true, false]);
    assert_eq!(seen("user=zz-crew").await, [false, false, true]);
    assert_eq!(seen("user=zz-&on=service").await, [true, false, false]);
    assert_eq!(seen("user=zz-&role=admin").await, [false, false, true]);
    let page = world.page(&peer, "/admin/role?user=zz-maria").await.shown();
    assert!(page.says("zz-crew <b> group Admin"), "{}", page.text());
    assert!(page.links_to("/service/1#members") && page.links_to("/project/2#members"));
    assert!(page.links_to(&format!("/admin/user/{}", maria.user.id)));
    let by_name = world
        .page(&peer, "/admin/role?user=zz-&sort=-holder")
        .await
        .shown();
    let at = |text: &str| by_name.html.find(text).unwrap();
    assert!(at("zz-otto") < at("<bdi>zz-maria") && at("<bdi>zz-maria") < at("zz-crew"));
    let start = world.page(&peer, "/admin/").await.shown();
    assert!(start.links_to("/admin/role") && start.links_to("/admin/exporter"));
}
