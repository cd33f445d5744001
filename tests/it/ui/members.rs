//! The members tab, `/permission/assign` and `/permission/delete`

use promgen_core::model::{Grantee, ProjectId, Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::{Person, World};

const ON: RoleOn = RoleOn::Service(ServiceId(1));

/// The role that somebody was given themselves.
async fn role(world: &World, on: RoleOn, who: &Person) -> Option<Role> {
    let tx = world.app.store().read_tx().await.unwrap();
    let grant = tx.find_grant(on, Grantee::User(who.user.id)).await.unwrap();
    grant.map(|grant| grant.role)
}

/// Makes somebody the owner of a project of service 1.
async fn own_project(world: &World, who: &Person) {
    let tx = world.app.store().write_tx().await.unwrap();
    let mut project = tx.load_project(ProjectId(1)).await.unwrap().unwrap();
    project.owner = Some(who.user.id);
    tx.update_project(&project).await.unwrap();
    tx.commit().await.unwrap();
}

fn user<'a>(name: &'a str, permission: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("model", "service"),
        ("id", "1"),
        ("perm-type", "user"),
        ("username", name),
        ("permission", permission),
    ]
}

#[tokio::test]
async fn admins_give_and_take_roles_and_others_see_them() {
    let world = World::golden().await;
    let admin = world.with_role("admin-of-one", Role::Admin, ON).await;
    let viewer = world.with_role("viewer-of-one", Role::Viewer, ON).await;
    let maria = world.person("maria").await;
    let page = world.page(&viewer, "/service/1").await.shown();
    assert!(
        page.links_to("#members") && page.says("admin-of-one"),
        "{}",
        page.text()
    );
    assert!(!page.html.contains("/permission/"));
    let page = world.page(&admin, "/service/1").await.shown();
    assert!(page.posts_to("/permission/assign"));

    let form = "/permission/assign?model=service&id=1&perm-type=user";
    assert_eq!(world.page(&viewer, form).await.status, 403);
    let form = world.page(&admin, form).await.shown();
    assert!(form.html.contains("value=\"maria\"") && form.says("Add user"));
    let fields = user("maria", "service_admin");
    let refused = world.submit(&viewer, "/permission/assign", &fields).await;
    assert_eq!(refused.status, 403);

    // The original sends the kind with a capital letter.
    let mut fields = user("maria", "service_editor");
    fields[0].1 = "Service";
    let assigned = world.submit(&admin, "/permission/assign", &fields).await;
    assert_eq!(assigned.leads(), "/service/1#members");
    assert_eq!(role(&world, ON, &maria).await, Some(Role::Editor));
    for (fields, told) in [
        (
            user("ghost", "service_viewer"),
            "there is no user \"ghost\"",
        ),
        (user("maria", "project_viewer"), "is no role on a service"),
        (user("maria", ""), "is no role on a service"),
    ] {
        let page = world
            .submit(&admin, "/permission/assign", &fields)
            .await
            .shown();
        assert!(page.says(told), "{told}: {}", page.text());
    }
    assert_eq!(role(&world, ON, &maria).await, Some(Role::Editor));

    let ask = "/permission/delete?model=service&id=1&perm-type=user&username=maria";
    let asked = world.page(&admin, ask).await.shown();
    assert!(asked.says("Remove maria?") && asked.html.contains("name=\"remove_sub_permissions\""));
    let taken = world
        .submit(&admin, "/permission/delete", &user("maria", ""))
        .await;
    assert_eq!(taken.leads(), "/service/1#members");
    assert_eq!(role(&world, ON, &maria).await, None);
}

#[tokio::test]
async fn several_get_a_role_at_once_and_those_who_have_one_are_not_offered() {
    let world = World::golden().await;
    let admin = world.with_role("admin-of-one", Role::Admin, ON).await;
    world.with_role("maria", Role::Editor, ON).await;
    world.person("otto").await;
    world.person("zoe").await;
    let form = "/permission/assign?model=service&id=1&perm-type=user";
    let form = world.page(&admin, form).await.shown();
    assert!(
        form.html.contains("<option value=\"zoe\"")
            && !form.html.contains("<option value=\"maria\"")
    );
    let both = [
        ("model", "service"),
        ("id", "1"),
        ("perm-type", "user"),
        ("permission", "service_viewer"),
        ("users", "otto"),
        ("users", ""),
        ("users", "zoe"),
    ];
    let given = world.submit(&admin, "/permission/assign", &both).await;
    assert!(
        given.notices().contains("The role of otto, zoe is saved."),
        "{}",
        given.notices()
    );
}

#[tokio::test]
async fn an_owner_is_marked_and_keeps_their_role() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let owner = world.person("owner-to-be").await;
    let fields = [
        ("name", "svc-000"),
        ("description", ""),
        ("owner", "owner-to-be"),
    ];
    world
        .submit(&peer, "/service/1/update", &fields)
        .await
        .leads();
    let page = world.page(&owner, "/service/1").await.shown();
    assert!(page.says("owner-to-be Owner"), "{}", page.text());
    assert!(!page.html.contains("username=owner-to-be\""));
    let fields = user("owner-to-be", "service_viewer");
    let refused = world
        .submit(&peer, "/permission/assign", &fields)
        .await
        .shown();
    assert!(
        refused.says("transfer the ownership first"),
        "{}",
        refused.text()
    );
    let refused = world
        .submit(&peer, "/permission/delete", &user("owner-to-be", ""))
        .await;
    assert!(refused.notices().contains("transfer the ownership first"));
    assert_eq!(role(&world, ON, &owner).await, Some(Role::Admin));
}

#[tokio::test]
async fn whoever_leaves_a_service_leaves_its_projects_to_its_owner() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.with_role("maria", Role::Editor, ON).await;
    let project = RoleOn::Project(ProjectId(1));
    world.grant(&maria, Role::Admin, project).await;
    own_project(&world, &maria).await;
    world.person("heir").await;
    let fields = [("name", "svc-000"), ("description", ""), ("owner", "heir")];
    world
        .submit(&peer, "/service/1/update", &fields)
        .await
        .leads();

    let kept = world
        .submit(&peer, "/permission/delete", &user("maria", ""))
        .await;
    assert!(!kept.notices().contains("went to the owner"));
    assert_eq!(role(&world, project, &maria).await, Some(Role::Admin));
    world.grant(&maria, Role::Editor, ON).await;
    let mut fields = user("maria", "").to_vec();
    fields.push(("remove_sub_permissions", "on"));
    let taken = world.submit(&peer, "/permission/delete", &fields).await;
    assert!(
        taken.notices().contains("prj-000-00"),
        "{}",
        taken.notices()
    );
    assert_eq!(role(&world, project, &maria).await, None);
}

#[tokio::test]
async fn whoever_takes_their_own_access_is_sent_home() {
    let world = World::golden().await;
    let admin = world.with_role("admin-of-one", Role::Admin, ON).await;
    let fields = user("admin-of-one", "");
    let gone = world.submit(&admin, "/permission/delete", &fields).await;
    assert_eq!(gone.leads(), "/");
    assert_eq!(world.page(&admin, "/service/1").await.status, 403);
}

#[tokio::test]
async fn an_address_to_go_on_to_is_one_of_this_site() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    world.person("maria").await;
    for (next, leads) in [
        ("/service/1?a=b#members", "/service/1?a=b#members"),
        ("//x.y", "/"),
    ] {
        let mut fields = user("maria", "service_viewer").to_vec();
        fields.push(("next", next));
        let assigned = world.submit(&peer, "/permission/assign", &fields).await;
        assert_eq!(assigned.leads(), leads);
    }
    let fields = [("model", "farm"), ("id", "1")];
    let nothing = world.submit(&peer, "/permission/assign", &fields).await;
    assert_eq!(nothing.status, 404);
}
