//! What goes with what: spec 01 §8.

use promgen_core::model::*;
use promgen_core::store::{Store, StoreError, Tx};

use super::sample::{self, Ground};

/// One of everything below a project, a service and a user.
struct Full {
    ground: Ground,
    farm: FarmId,
    probe: ProbeId,
    user: UserId,
    site_rule: RuleId,
}

async fn fill(store: &Store) -> Full {
    let ground = sample::ground(store).await;
    let tx = store.write_tx().await.unwrap();
    let user = tx.insert_user(&sample::user("alice")).await.unwrap();
    let farm = tx.insert_farm(&sample::farm("carts")).await.unwrap();
    tx.insert_host(&sample::host("web", farm)).await.unwrap();
    let probe = tx.insert_probe(&sample::probe("http")).await.unwrap();
    let server = Server {
        id: ServerId(0),
        shard: ground.shard,
        host: "p".to_owned(),
        port: 1,
    };
    let server = tx.insert_server(&server).await.unwrap();
    tx.save_server_state(server, &ServerState::default())
        .await
        .unwrap();
    tx.save_server_comparison(server, "{}").await.unwrap();
    let mut service = tx.find_service("shop").await.unwrap().unwrap();
    service.owner = Some(user);
    tx.update_service(&service).await.unwrap();
    let mut project = tx.find_project("cart").await.unwrap().unwrap();
    (project.farm, project.owner) = (Some(farm), Some(user));
    tx.update_project(&project).await.unwrap();
    tx.insert_exporter(&sample::exporter("node", project.id))
        .await
        .unwrap();
    tx.insert_url(&sample::url("http://a", project.id, probe))
        .await
        .unwrap();
    let site_rule = tx
        .insert_rule(&sample::rule("Down", RuleOwner::Site))
        .await
        .unwrap();
    own(&tx, &ground, user, site_rule).await;
    tx.commit().await.unwrap();
    Full {
        ground,
        farm,
        probe,
        user,
        site_rule,
    }
}

/// Rules and senders of the service and the project, and a personal sender.
async fn own(tx: &Tx, ground: &Ground, user: UserId, site_rule: RuleId) {
    for (name, owner) in [
        ("Down_shop", RuleOwner::Service(ground.service)),
        ("Down_cart", RuleOwner::Project(ground.project)),
    ] {
        let child = Rule {
            parent: Some(site_rule),
            ..sample::rule(name, owner)
        };
        tx.insert_rule(&child).await.unwrap();
    }
    for owner in [
        SenderOwner::Service(ground.service),
        SenderOwner::Project(ground.project),
        SenderOwner::User(user),
    ] {
        let sender = Sender {
            added_by: Some(user),
            ..sample::sender("a@example.com", owner)
        };
        tx.insert_sender(&sender).await.unwrap();
    }
}

/// How many there are, in the order: services, projects, exporters, URLs, rules, senders, servers.
fn counts(tree: &Tree) -> [usize; 7] {
    [
        tree.services.len(),
        tree.projects.len(),
        tree.exporters.len(),
        tree.urls.len(),
        tree.rules.len(),
        tree.senders.len(),
        tree.servers.len(),
    ]
}

on_every_database! {
    async fn a_service_takes_all_below_it_along(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        assert_eq!(counts(&tx.load_tree().await.unwrap()), [1, 1, 1, 1, 3, 3, 1]);
        tx.delete_service(full.ground.service).await.unwrap();
        let tree = tx.load_tree().await.unwrap();
        assert_eq!(counts(&tree), [0, 0, 0, 0, 1, 1, 1]);
        assert_eq!(tree.rules[0].id, full.site_rule);
        assert_eq!(tree.senders[0].owner, SenderOwner::User(full.user));
        assert_eq!((tree.farms.len(), tree.hosts.len(), tree.shards.len()), (1, 1, 1));
        tx.commit().await.unwrap();
        assert_eq!(database.number("SELECT COUNT(*) FROM filter").await, 2);
    }

    async fn a_project_takes_its_own_along_but_not_its_farm(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_project(full.ground.project).await.unwrap();
        let tree = tx.load_tree().await.unwrap();
        assert_eq!(counts(&tree), [1, 0, 0, 0, 2, 2, 1]);
        assert_eq!((tree.farms.len(), tree.hosts.len()), (1, 1));
    }

    async fn a_shard_takes_its_servers_and_projects_along(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_shard(full.ground.shard).await.unwrap();
        let tree = tx.load_tree().await.unwrap();
        assert_eq!(counts(&tree), [1, 0, 0, 0, 2, 2, 0]);
        assert_eq!(tx.list_server_states().await.unwrap(), []);
    }

    async fn a_farm_takes_its_hosts_along_and_leaves_its_projects(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_farm(full.farm).await.unwrap();
        let tree = tx.load_tree().await.unwrap();
        assert_eq!((tree.farms.len(), tree.hosts.len()), (0, 0));
        assert_eq!(tree.projects[0].farm, None);
    }

    async fn a_probe_takes_its_urls_along(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_probe(full.probe).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().urls, []);
    }

    async fn a_rule_leaves_its_overrides_without_a_parent(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_rule(full.site_rule).await.unwrap();
        let rules = tx.load_tree().await.unwrap().rules;
        assert_eq!(rules.len(), 2);
        assert!(rules.iter().all(|rule| rule.parent.is_none()));
    }

    async fn a_chain_of_overrides_goes_with_its_owners(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let owner = RuleOwner::Service(ground.service);
        let top = tx.insert_rule(&sample::rule("a", owner)).await.unwrap();
        let below = Rule { parent: Some(top), ..sample::rule("b", RuleOwner::Project(ground.project)) };
        let below = tx.insert_rule(&below).await.unwrap();
        tx.insert_rule(&Rule { parent: Some(below), ..sample::rule("c", owner) }).await.unwrap();
        tx.delete_service(ground.service).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().rules, []);
    }

    async fn a_user_takes_tokens_and_personal_senders_along(database: &TestDatabase) {
        let store = database.migrated().await;
        let full = fill(&store).await;
        let tx = store.write_tx().await.unwrap();
        tx.delete_user(full.user).await.unwrap();
        let tree = tx.load_tree().await.unwrap();
        assert_eq!(counts(&tree), [1, 1, 1, 1, 3, 2, 1]);
        assert_eq!((tree.services[0].owner, tree.projects[0].owner), (None, None));
        assert!(tree.senders.iter().all(|sender| sender.added_by.is_none()));
    }

    async fn referring_to_what_does_not_exist_is_refused(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let lost = tx.insert_project(&sample::project("lost", ServiceId(4711), ground.shard)).await;
        assert!(matches!(lost, Err(StoreError::ForeignKey)), "{lost:?}");
        drop(tx);
        let tx = store.write_tx().await.unwrap();
        let lost = tx.insert_host(&sample::host("web", FarmId(4711))).await;
        assert!(matches!(lost, Err(StoreError::ForeignKey)), "{lost:?}");
    }
}
