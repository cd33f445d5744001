//! Who would hear about an alert of a rule, asked by somebody who sees a part of the tree.

use std::collections::BTreeMap;

use promgen_core::alert::Reason;
use promgen_core::app::rules::{self, Audience};
use promgen_core::app::{Actor, AppError};
use promgen_core::model::{ProjectId, Role, RoleOn, Rule, ServiceId};

use super::Pages as _;
use crate::rest::world::{Person, World, operator};

async fn rule(world: &World, name: &str) -> Rule {
    let tx = world.app.store().read_tx().await.unwrap();
    tx.find_rule(name).await.unwrap().unwrap()
}

async fn ask(
    world: &World,
    actor: &Actor,
    rule: &Rule,
    series: &[(&str, &str)],
) -> Result<Audience, AppError> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let series: BTreeMap<String, String> = series.iter().map(owned).collect();
    rules::audience(&world.app, actor, rule.id, &series).await
}

fn actor(person: &Person) -> Actor {
    Actor::User(person.user.clone())
}

fn to(audience: &Audience) -> Vec<&str> {
    let parts = audience.routing.parts.iter();
    let recipients = parts.flat_map(|part| &part.recipients);
    recipients.map(|one| one.value.as_str()).collect()
}

#[tokio::test]
async fn candidates_are_told_by_label_and_lead_to_their_notifier() {
    let world = World::golden().await;
    let everywhere = rule(&world, "Rule0000").await;
    let superuser = world.superuser().await;
    let path = format!("/rule/{}/audience?service=svc-000", everywhere.id);
    let page = world.page(&superuser, &path).await.shown();
    assert!(page.html.contains("href=\"/notifier/"), "{}", page.text());
    assert!(!page.says("promgen.notification"), "{}", page.text());
}

#[tokio::test]
async fn a_project_that_one_may_not_see_counts_as_none() {
    let world = World::golden().await;
    let everywhere = rule(&world, "Rule0000").await;
    let hidden = [("service", "svc-000"), ("project", "prj-001-00")];
    let nothing = [("service", "svc-000"), ("project", "nothing")];
    let all = ask(&world, &operator(), &everywhere, &hidden)
        .await
        .unwrap();
    let reasons = |audience: &Audience| -> Vec<Reason> {
        let decisions = audience.routing.decisions.iter();
        decisions.map(|one| one.reason).collect()
    };
    // Whoever sees both is told that the project belongs to another service.
    assert!(to(&all).is_empty() && reasons(&all).contains(&Reason::Mismatch));
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let told = ask(&world, &actor(&viewer), &everywhere, &hidden).await;
    let none = ask(&world, &actor(&viewer), &everywhere, &nothing).await;
    let (told, none) = (told.unwrap(), none.unwrap());
    assert_eq!(reasons(&told)[0], Reason::NoSuchObject);
    assert_eq!(reasons(&told), reasons(&none));
    assert_eq!((to(&told), told.hidden), (to(&none), 0));
    assert!(to(&told).contains(&"http://127.0.0.1:18080/hook/s0"));
    assert_eq!(
        told.routing.parts[0].annotations,
        none.routing.parts[0].annotations
    );
    // A service that they may not see is as good as one that is not there, too.
    let unseen = ask(
        &world,
        &actor(&viewer),
        &everywhere,
        &[("service", "svc.001")],
    )
    .await;
    let unseen = unseen.unwrap();
    assert_eq!(reasons(&unseen), [Reason::NoSuchObject]);
    assert_eq!((to(&unseen), unseen.hidden), (Vec::new(), 0));
    // By itself it is nobody's either.
    let alone = ask(&world, &actor(&viewer), &everywhere, &hidden[1..]).await;
    let alone = alone.unwrap();
    assert_eq!(reasons(&alone), [Reason::NoSuchObject]);
    assert!(to(&alone).is_empty());
}

#[tokio::test]
async fn of_a_service_that_one_may_not_see_the_number_is_told() {
    let world = World::golden().await;
    let on = RoleOn::Project(ProjectId(1));
    let viewer = world.with_role("viewer-of-project", Role::Viewer, on).await;
    let own = rule(&world, "ProjectOnly").await;
    let told = ask(&world, &actor(&viewer), &own, &[]).await.unwrap();
    assert!(told.hidden > 0);
    assert_eq!(to(&told), ["http://127.0.0.1:18080/hook/p0.0"]);
    let part = &told.routing.parts[0];
    let links: Vec<&str> = part.annotations.keys().map(String::as_str).collect();
    assert_eq!(links, ["project"]);
    let decisions = told.routing.decisions.iter();
    assert_eq!(decisions.filter(|one| one.owner == "svc-000").count(), 0);
    let all = ask(&world, &operator(), &own, &[]).await.unwrap();
    assert!(all.hidden == 0 && to(&all).contains(&"http://127.0.0.1:18080/hook/s0"));
}
