//! Families of rules, and searching.

use promgen_core::model::*;
use promgen_core::store::{Slice, Visible};

use super::sample;

fn rule(name: &str, owner: RuleOwner, parent: Option<RuleId>) -> Rule {
    Rule {
        parent,
        ..sample::rule(name, owner)
    }
}

const ALL: Slice = Slice::ALL;

on_every_database! {
    async fn a_family_is_everything_above_and_below(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let shard = tx.insert_shard(&sample::shard("east")).await.unwrap();
        let mut services = Vec::new();
        for name in ["a", "b"] {
            services.push(tx.insert_service(&sample::service(name)).await.unwrap());
        }
        let project = tx.insert_project(&sample::project("p", services[0], shard)).await.unwrap();
        let mut ids = Vec::new();
        for (name, owner, parent) in [
            ("Other", RuleOwner::Site, None),
            ("Down", RuleOwner::Site, None),
            ("Down_a", RuleOwner::Service(services[0]), Some(1)),
            ("Down_b", RuleOwner::Service(services[1]), Some(1)),
            ("Down_a_p", RuleOwner::Project(project), Some(2)),
        ] {
            let parent = parent.map(|at: usize| ids[at]);
            ids.push(tx.insert_rule(&rule(name, owner, parent)).await.unwrap());
        }
        for id in &ids[1..] {
            let one = tx.load_rule(*id).await.unwrap().unwrap();
            let family = tx.load_family(&one).await.unwrap();
            let found: Vec<RuleId> = family.rules.iter().map(|rule| rule.id).collect();
            assert_eq!(found, ids[1..]);
            assert_eq!((family.services.len(), family.projects.len()), (2, 1));
        }
        let overrides = tx
            .list_overrides_for(RuleOwner::Service(services[0]), &ids)
            .await
            .unwrap();
        assert_eq!(overrides.iter().map(|one| one.id).collect::<Vec<_>>(), [ids[2]]);
    }

    async fn names_are_found_by_any_part_whatever_their_case(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let shard = tx.insert_shard(&sample::shard("east")).await.unwrap();
        let service = tx.insert_service(&sample::service("Web Shop")).await.unwrap();
        let other = tx.insert_service(&sample::service("50%_off")).await.unwrap();
        let mut projects = Vec::new();
        for (name, service) in [("cart", service), ("CARTs", other)] {
            let farm = tx.insert_farm(&sample::farm(name)).await.unwrap();
            for host in [format!("{name}-1"), "both".to_owned()] {
                tx.insert_host(&sample::host(&host, farm)).await.unwrap();
            }
            let project = Project { farm: Some(farm), ..sample::project(name, service, shard) };
            projects.push(tx.insert_project(&project).await.unwrap());
        }
        tx.insert_rule(&rule("Full", RuleOwner::Service(service), None)).await.unwrap();
        let texts = |texts: &[&str]| texts.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let services = async |text: &str| {
            let found = tx.search_services(&Visible::All, &texts(&[text]), ALL).await.unwrap();
            found.items.into_iter().map(|one| one.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(services("shop").await, ["Web Shop"]);
        assert_eq!(services("B S").await, ["Web Shop"]);
        // What means something to LIKE is a letter like any other.
        assert_eq!(services("%").await, ["50%_off"]);
        assert_eq!(services("_").await, ["50%_off"]);
        assert_eq!(services("!").await, [""; 0]);
        assert_eq!(services("\\").await, [""; 0]);
        let found = tx.search_projects(&Visible::All, &texts(&["cart"]), ALL).await.unwrap();
        assert_eq!(found.count, 2);
        let some = Visible::Some { services: Vec::new(), projects: vec![projects[0]] };
        let found = tx.search_projects(&some, &texts(&["cart"]), ALL).await.unwrap();
        assert_eq!(found.items.iter().map(|one| one.id).collect::<Vec<_>>(), projects[..1]);
        let hosts = async |visible: &Visible, wanted: &[&str]| {
            tx.search_hosts(visible, &texts(wanted)).await.unwrap()
        };
        assert_eq!(hosts(&Visible::All, &["BOTH", "-1"]).await.len(), 3, "each name once");
        assert_eq!(hosts(&some, &["-1"]).await, ["cart-1"]);
        let clause = sample::rule("x", RuleOwner::Site).clause;
        let found = tx.search_rules(&Visible::All, &texts(&[&clause]), ALL).await.unwrap();
        assert_eq!(found.count, 1);
        assert_eq!(tx.search_rules(&some, &texts(&["full"]), ALL).await.unwrap().count, 0);
        let counts = tx.count_rules_of(&[RuleOwner::Service(service), RuleOwner::Service(other)]).await.unwrap();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(RuleOwner::Service(service), 1)]);
        let tallies = tx.tally_services(&[service, other]).await.unwrap();
        let counts: Vec<_> = tallies.into_iter().map(|(id, one)| (id, one.projects, one.rules)).collect();
        assert_eq!(counts, [(service, 1, 1), (other, 1, 0)]);
    }
}
