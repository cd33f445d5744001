//! Groups from claims: they come and go with them, and those given by hand stay.

use promgen_core::app::login::{self, Origin};
use promgen_core::model::{GroupRole, Member};
use promgen_core::plugin::Peer;
use promgen_core::testing::HeaderCase;

use super::World;

const SETTINGS: &str = "login: {backends: [proxy-header]}\n\
    promgen.auth.proxy-header: {from: [unix]}\n";

async fn enter(world: &World, groups: Option<&str>) {
    let mut request = HeaderCase::from(Peer::Unix).header("remote-user", "maria");
    if let Some(groups) = groups {
        request = request.header("remote-groups", groups);
    }
    let entered = login::by_header(&world.app, &request, &Origin::default()).await;
    entered.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn memberships_follow_the_claims() {
    let world = World::start(SETTINGS).await;
    for name in ["ops", "web", "hand"] {
        world.group(name).await;
    }
    enter(&world, Some("ops, web, no such group")).await;
    assert_eq!(world.groups_of("maria").await, ["ops", "web"]);
    enter(&world, Some("web")).await;
    assert_eq!(world.groups_of("maria").await, ["web"]);
    enter(&world, None).await;
    assert_eq!(
        world.groups_of("maria").await,
        ["web"],
        "nothing was claimed"
    );
    enter(&world, Some("")).await;
    assert!(world.groups_of("maria").await.is_empty());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_by_hand_stays() {
    let world = World::start(SETTINGS).await;
    let hand = world.group("hand").await;
    enter(&world, None).await;
    let user = world.find("maria").await.id;
    let member = Member {
        group: hand,
        user,
        role: GroupRole::Admin,
    };
    let tx = world.app.store().write_tx().await.unwrap();
    tx.put_member(member).await.unwrap();
    tx.commit().await.unwrap();
    enter(&world, Some("hand")).await;
    enter(&world, Some("")).await;
    let tx = world.app.store().read_tx().await.unwrap();
    assert_eq!(
        tx.list_memberships(user).await.unwrap(),
        [member],
        "role and all"
    );
    drop(tx);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_mapping_only_what_it_names_counts() {
    let settings = SETTINGS.replace("{backends", "{groups: {idp-ops: ops}, backends");
    let world = World::start(&settings).await;
    world.group("ops").await;
    world.group("web").await;
    enter(&world, Some("idp-ops, web")).await;
    assert_eq!(world.groups_of("maria").await, ["ops"]);
    enter(&world, Some("ops")).await;
    assert!(
        world.groups_of("maria").await.is_empty(),
        "ops is no claim of the mapping"
    );
    world.finish().await;
}
