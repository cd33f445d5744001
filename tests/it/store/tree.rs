//! The whole tree in one picture.

use promgen_core::model::*;

use super::sample;

on_every_database! {
    async fn every_list_is_sorted_by_id(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        let probe = tx.insert_probe(&sample::probe("http")).await.unwrap();
        for name in ["zebra", "ant", "mole"] {
            tx.insert_shard(&sample::shard(name)).await.unwrap();
            tx.insert_service(&sample::service(name)).await.unwrap();
            tx.insert_host(&sample::host(name, farm)).await.unwrap();
            tx.insert_url(&sample::url(name, ground.project, probe)).await.unwrap();
            tx.insert_rule(&sample::rule(name, RuleOwner::Site)).await.unwrap();
            tx.insert_user(&sample::user(name)).await.unwrap();
            tx.insert_sender(&sample::sender(name, SenderOwner::Project(ground.project))).await.unwrap();
        }
        let tree = tx.load_tree().await.unwrap();
        assert!(tree.shards.is_sorted_by_key(|shard| shard.id));
        assert!(tree.services.is_sorted_by_key(|service| service.id));
        assert!(tree.hosts.is_sorted_by_key(|host| host.id));
        assert!(tree.urls.is_sorted_by_key(|url| url.id));
        assert!(tree.rules.is_sorted_by_key(|rule| rule.id));
        assert!(tree.senders.is_sorted_by_key(|sender| sender.id));
        assert!(tree.users.is_sorted_by_key(|user| user.id));
        let names: Vec<&str> = tree.hosts.iter().map(|host| host.name.as_str()).collect();
        assert_eq!(names, ["zebra", "ant", "mole"]);
        let filters: Vec<&str> = tree.senders[0].filters.iter().map(|filter| filter.value.as_str()).collect();
        assert_eq!(filters, ["major", "minor"]);
    }

    async fn the_outline_leaves_out_what_there_may_be_many_of(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        tx.insert_host(&sample::host("web", farm)).await.unwrap();
        let probe = tx.insert_probe(&sample::probe("http")).await.unwrap();
        tx.insert_url(&sample::url("http://a", ground.project, probe)).await.unwrap();
        tx.insert_exporter(&sample::exporter("node", ground.project)).await.unwrap();
        tx.insert_sender(&sample::sender("a", SenderOwner::Project(ground.project))).await.unwrap();
        let whole = tx.load_tree().await.unwrap();
        assert_eq!((whole.hosts.len(), whole.urls.len(), whole.senders.len()), (1, 1, 1));
        let recipients = tx.load_recipients().await.unwrap();
        assert_eq!(recipients.senders, whole.senders);
        assert_eq!(recipients.projects, whole.projects);
        assert_eq!(recipients.services, whole.services);
        assert_eq!((recipients.revision, recipients.hosts.len(), recipients.rules.len()), (1, 0, 0));
        let outline = tx.load_outline().await.unwrap();
        assert_eq!(
            outline,
            Tree { hosts: Vec::new(), urls: Vec::new(), senders: Vec::new(), ..whole }
        );
    }
}
