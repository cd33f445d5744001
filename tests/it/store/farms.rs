//! What discovery asks of farms and their hosts.

use promgen_core::model::*;

use super::sample;

on_every_database! {
    async fn hosts_are_counted_listed_and_deleted_by_farm(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let one = tx.insert_farm(&sample::farm("one")).await.unwrap();
        let two = tx.insert_farm(&sample::farm("two")).await.unwrap();
        let none = tx.insert_farm(&sample::farm("none")).await.unwrap();
        // More than fit into one statement.
        let hosts: Vec<Host> = (0..2100).map(|number| sample::host(&format!("h{number}"), one)).collect();
        let ids = tx.insert_hosts(&hosts).await.unwrap();
        tx.insert_host(&sample::host("h0", two)).await.unwrap();
        let counts = tx.count_hosts().await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(one, 2100), (two, 1)]);
        let listed = tx.list_hosts_of(one).await.unwrap();
        assert_eq!(listed.iter().map(|host| host.id).collect::<Vec<_>>(), ids);
        assert_eq!(tx.list_hosts_of(none).await.unwrap(), []);
        tx.delete_hosts(&ids[1..]).await.unwrap();
        tx.delete_hosts(&[]).await.unwrap();
        let left = tx.list_hosts_of(one).await.unwrap();
        assert_eq!(left.iter().map(|host| host.name.as_str()).collect::<Vec<_>>(), ["h0"]);
        assert_eq!(tx.list_hosts_of(two).await.unwrap().len(), 1);
    }

    async fn a_farm_is_found_by_source_and_name_byte_for_byte(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let remote = |name: &str| Farm { source: "http".to_owned(), ..sample::farm(name) };
        let local = tx.insert_farm(&sample::farm("web")).await.unwrap();
        let web = tx.insert_farm(&remote("web")).await.unwrap();
        let other = tx.insert_farm(&remote("Web")).await.unwrap();
        let found = tx.find_farm_of("http", "web").await.unwrap();
        assert_eq!(found.map(|farm| farm.id), Some(web));
        assert_eq!(tx.find_farm_of("file", "web").await.unwrap(), None);
        let all = tx.list_farms().await.unwrap();
        assert_eq!(all.iter().map(|farm| farm.id).collect::<Vec<_>>(), [local, web, other]);
    }

    async fn a_farm_is_used_as_long_as_a_project_has_it(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let farm = tx.insert_farm(&sample::farm("own")).await.unwrap();
        assert!(!tx.is_farm_used(farm).await.unwrap());
        let mut project = sample::project("using", ground.service, ground.shard);
        project.farm = Some(farm);
        project.id = tx.insert_project(&project).await.unwrap();
        assert!(tx.is_farm_used(farm).await.unwrap());
        tx.delete_project(project.id).await.unwrap();
        assert!(!tx.is_farm_used(farm).await.unwrap());
    }
}
