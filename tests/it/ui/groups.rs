//! `/group`

use promgen_core::model::{GroupId, GroupRole};
use promgen_core::store::Slice;

use super::Pages as _;
use crate::rest::world::{Person, World};

/// The members of a group with their roles, as they are stored.
async fn members(world: &World, id: i32) -> Vec<(String, GroupRole)> {
    let tx = world.app.store().read_tx().await.unwrap();
    let listed = tx
        .page_members(GroupId(id), None, Slice::ALL)
        .await
        .unwrap();
    let named = |(user, role): (promgen_core::model::User, _)| (user.username, role);
    listed.items.into_iter().map(named).collect()
}

/// A group of somebody; its path and its id.
async fn founded(world: &World, who: &Person, name: &str) -> (String, i32) {
    let made = world.submit(who, "/group/new", &[("name", name)]).await;
    let path = made.leads().to_owned();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    (path, id)
}

#[tokio::test]
async fn a_group_is_founded_renamed_and_deleted_by_forms() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    let none = world.page(&maria, "/group").await.shown();
    assert!(none.says("You are in no group yet") && none.links_to("/group/new"));
    let refused = world.submit(&maria, "/group/new", &[("name", "")]).await;
    assert!(refused.shown().html.contains("aria-invalid=\"true\""));
    let (path, _) = founded(&world, &maria, "sre <b>").await;
    let list = world.page(&maria, "/group").await.shown();
    assert!(
        list.says("sre <b>") && list.says("maria"),
        "{}",
        list.text()
    );
    assert!(!list.html.contains("<b>"));

    let update = format!("{path}/update");
    let renamed = world.submit(&maria, &update, &[("name", "ops")]).await;
    assert_eq!(renamed.leads(), path);
    founded(&world, &maria, "web").await;
    let taken = world
        .submit(&maria, &update, &[("name", "web")])
        .await
        .shown();
    assert!(taken.says("exists already") && taken.html.contains("value=\"web\""));

    let delete = format!("{path}/delete");
    let asked = world.page(&maria, &delete).await.shown();
    assert!(asked.says("Delete group ops?") && asked.says("1 membership"));
    assert_eq!(world.submit(&maria, &delete, &[]).await.leads(), "/group");
    assert_eq!(world.page(&maria, &path).await.status, 404);
}

#[tokio::test]
async fn a_group_may_have_members_from_the_beginning() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    for name in ["otto", "zoe"] {
        world.person(name).await;
    }
    let form = world.page(&maria, "/group/new").await.shown();
    assert!(form.html.contains("value=\"otto\"") && form.html.contains("data-except=\"maria\""));
    let mut fields = vec![
        ("name", "sre"),
        ("users", "otto"),
        ("users", "ghost"),
        ("permission", "group_admin"),
    ];
    let refused = world.submit(&maria, "/group/new", &fields).await.shown();
    assert!(refused.says("there is no active user \"ghost\""));
    for kept in [
        "value=\"sre\"",
        "value=\"otto\"",
        "value=\"group_admin\" selected",
    ] {
        assert!(refused.html.contains(kept), "{kept}: {}", refused.html);
    }
    assert!(!world.page(&maria, "/group").await.shown().says("sre"));
    fields[2].1 = "zoe";
    let made = world.submit(&maria, "/group/new", &fields).await;
    assert!(made.notices().contains("Added: otto, zoe."));
    let id = made.leads().rsplit('/').next().unwrap().parse().unwrap();
    let expected = ["maria", "otto", "zoe"].map(|name| (name.to_owned(), GroupRole::Admin));
    assert_eq!(members(&world, id).await, expected);
}

#[tokio::test]
async fn a_founder_goes_where_they_were_asked_to_on_this_site() {
    let world = World::golden().await;
    let maria = world.person("maria").await;
    for (number, (next, leads)) in [("/service", "/service"), ("//evil.example.com", "/")]
        .into_iter()
        .enumerate()
    {
        let name = format!("group{number}");
        let fields = [("name", name.as_str()), ("next", next)];
        assert_eq!(
            world.submit(&maria, "/group/new", &fields).await.leads(),
            leads
        );
    }
}

#[tokio::test]
async fn admins_decide_who_is_in_it_and_members_look() {
    let world = World::golden().await;
    let (maria, otto) = (world.person("maria").await, world.person("otto").await);
    world.person("zoe").await;
    let (path, id) = founded(&world, &maria, "sre").await;
    let add = format!("{path}/add-member");
    let form = world.page(&maria, &add).await.shown();
    assert!(form.html.contains("<datalist") && form.html.contains("value=\"otto\""));
    let fields = [
        ("permission", "group_member"),
        ("users", "otto"),
        ("users", "zoe"),
    ];
    assert!(
        !form.html.contains("<option value=\"maria\""),
        "is in it already"
    );
    assert!(form.html.contains("data-except=\"maria\""));
    assert_eq!(form.html.matches("name=\"users\"").count(), 3);
    let added = world.submit(&maria, &add, &fields).await;
    assert_eq!(added.leads(), format!("{path}#members"));
    assert!(added.notices().contains("Added: otto, zoe."));
    let again = world.submit(&maria, &add, &fields).await;
    assert!(again.notices().contains("otto, zoe") && !again.notices().contains("Added"));
    let unknown = [("permission", "group_member"), ("users", "ghost, otto")];
    let unknown = world.submit(&maria, &add, &unknown).await.shown();
    assert!(
        unknown.says("there is no active user \"ghost\""),
        "{}",
        unknown.text()
    );

    let seen = world.page(&otto, &path).await.shown();
    assert!(seen.says("zoe") && !seen.links_to(&add) && !seen.links_to(&format!("{path}/delete")));
    assert_eq!(world.page(&otto, &add).await.status, 403);

    let update = format!("{path}/update-member");
    let raise = [("permission", "group_admin"), ("username", "otto")];
    assert_eq!(world.submit(&otto, &update, &raise).await.status, 403);
    world.submit(&maria, &update, &raise).await.leads();
    let nonsense = [("permission", "service_admin"), ("username", "otto")];
    let nonsense = world.submit(&maria, &update, &nonsense).await;
    assert!(nonsense.notices().contains("is no role in a group"));
    let expected = [
        ("maria".to_owned(), GroupRole::Admin),
        ("otto".to_owned(), GroupRole::Admin),
        ("zoe".to_owned(), GroupRole::Member),
    ];
    assert_eq!(members(&world, id).await, expected);

    let remove = format!("{path}/remove-member");
    let asked = world.page(&otto, &format!("{remove}?username=zoe")).await;
    assert!(asked.shown().says("Remove zoe from the group?"));
    let gone = world.submit(&otto, &remove, &[("username", "zoe")]).await;
    assert_eq!(gone.leads(), format!("{path}#members"));
    let left = world.submit(&otto, &remove, &[("username", "otto")]).await;
    assert_eq!(left.leads(), "/group", "whoever has left sees it no more");
    assert_eq!(members(&world, id).await.len(), 1);
}

#[tokio::test]
async fn resources_and_members_are_in_tabs() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let (path, _) = founded(&world, &peer, "sre").await;
    let fields = [
        ("model", "service"),
        ("id", "1"),
        ("perm-type", "group"),
        ("group", "sre"),
        ("permission", "service_editor"),
    ];
    world
        .submit(&peer, "/permission/assign", &fields)
        .await
        .leads();
    let page = world.page(&peer, &path).await.shown();
    assert!(page.links_to("#members") && page.links_to("#resources"));
    assert!(
        page.links_to("/service/1") && page.says("Editor"),
        "{}",
        page.text()
    );
    let other = world.person("other").await;
    assert_eq!(world.page(&other, &path).await.status, 403);
}
