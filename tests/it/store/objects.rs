//! Every kind of object comes back as it was written.

use promgen_core::model::*;
use promgen_core::store::StoreError;

use super::sample;

on_every_database! {
    async fn the_first_rows_are_there(database: &TestDatabase) {
        let store = database.migrated().await;
        let tree = store.read_tx().await.unwrap().load_tree().await.unwrap();
        assert_eq!((tree.site.domain.as_str(), tree.site.name.as_str()), ("example.com", "Promgen"));
        assert_eq!(tree.revision, 1);
        let presets: Vec<_> = tree.presets.iter().map(|preset| (preset.job.as_str(), preset.port)).collect();
        assert_eq!(presets, [("node", 9100), ("nginx", 9113), ("mysqld", 9104), ("apache", 9117)]);
        assert_eq!(tree.shards, []);
    }

    async fn the_site_is_changed_in_place(database: &TestDatabase) {
        let store = database.migrated().await;
        let site = Site {
            domain: "promgen.example.org:8080".to_owned(),
            name: "Ours".to_owned(),
            group: GroupOptions {
                interval: Some(PromDuration::stored("1m")),
                limit: Some(7),
                query_offset: Some(PromDuration::stored("5s")),
            },
        };
        let tx = store.write_tx().await.unwrap();
        tx.update_site(&site).await.unwrap();
        assert_eq!(tx.load_site().await.unwrap(), site);
    }

    async fn shards_and_servers_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut shard = sample::shard("東京 eins");
        shard.id = tx.insert_shard(&shard).await.unwrap();
        assert_eq!(tx.find_shard("東京 eins").await.unwrap(), Some(shard.clone()));
        shard.authorization = None;
        shard.enabled = false;
        tx.update_shard(&shard).await.unwrap();
        assert_eq!(tx.find_shard("東京 eins").await.unwrap(), Some(shard.clone()));

        let mut server = Server { id: ServerId(0), shard: shard.id, host: "prometheus001".to_owned(), port: 9090 };
        server.id = tx.insert_server(&server).await.unwrap();
        server.port = 65_535;
        tx.update_server(&server).await.unwrap();
        assert_eq!(tx.find_server("prometheus001", 65_535).await.unwrap(), Some(server.clone()));
        assert_eq!(tx.find_server("prometheus001", 9090).await.unwrap(), None);
        tx.delete_server(server.id).await.unwrap();
        assert_eq!(tx.find_server("prometheus001", 65_535).await.unwrap(), None);
    }

    async fn servers_are_found_by_the_host_of_their_worker(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        for (host, port) in [("a", 2), ("b", 1), ("a", 1)] {
            let server = Server {
                id: ServerId(0),
                shard: ground.shard,
                host: host.to_owned(),
                port,
            };
            tx.insert_server(&server).await.unwrap();
        }
        let ports: Vec<u16> = tx.list_servers("a").await.unwrap().iter().map(|server| server.port).collect();
        assert_eq!(ports, [2, 1], "sorted by id");
        assert_eq!(tx.list_servers("A").await.unwrap(), []);
    }

    async fn the_state_of_a_server_is_kept_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let server = Server { id: ServerId(0), shard: ground.shard, host: "a".to_owned(), port: 1 };
        let server = tx.insert_server(&server).await.unwrap();
        assert_eq!(tx.list_server_states().await.unwrap(), []);
        let mut state = ServerState {
            failed_revision: Some(3),
            error: Some("the folder is read-only".to_owned()),
            failed_at: Some(Timestamp(5)),
            ..ServerState::default()
        };
        tx.save_server_state(server, &state).await.unwrap();
        state.applied_revision = Some(4);
        state.error = None;
        tx.save_server_state(server, &state).await.unwrap();
        assert_eq!(tx.list_server_states().await.unwrap(), [(server, state)]);

        assert_eq!(tx.find_server_comparison(server).await.unwrap(), None);
        let large = "x".repeat(600_000);
        for found in ["{}", &large] {
            tx.save_server_comparison(server, found).await.unwrap();
        }
        assert_eq!(tx.find_server_comparison(server).await.unwrap(), Some(large));
    }

    async fn services_and_projects_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let mut service = tx.find_service("shop").await.unwrap().unwrap();
        assert_eq!(service, Service { id: ground.service, ..sample::service("shop") });
        service.owner = Some(tx.insert_user(&sample::user("alice")).await.unwrap());
        service.group = GroupOptions::default();
        tx.update_service(&service).await.unwrap();
        assert_eq!(tx.find_service("shop").await.unwrap(), Some(service));

        let mut project = tx.find_project("cart").await.unwrap().unwrap();
        project.farm = Some(tx.insert_farm(&sample::farm("carts")).await.unwrap());
        project.name = sample::name("wagon");
        tx.update_project(&project).await.unwrap();
        assert_eq!(tx.find_project("wagon").await.unwrap(), Some(project));
        assert_eq!(tx.find_project("cart").await.unwrap(), None);
    }

    async fn farms_and_hosts_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut farm = sample::farm("carts");
        farm.id = tx.insert_farm(&farm).await.unwrap();
        "promgen.discovery.sd".clone_into(&mut farm.source);
        tx.update_farm(&farm).await.unwrap();
        assert_eq!(tx.find_farm(farm.id).await.unwrap(), Some(farm.clone()));
        let mut host = sample::host("web_1:odd", farm.id);
        host.id = tx.insert_host(&host).await.unwrap();
        "web1".clone_into(&mut host.name);
        tx.update_host(&host).await.unwrap();
        assert_eq!(tx.find_host(farm.id, "web1").await.unwrap(), Some(host.clone()));
        tx.delete_host(host.id).await.unwrap();
        assert_eq!(tx.find_host(farm.id, "web1").await.unwrap(), None);
    }

    async fn many_hosts_get_their_ids_in_the_order_given(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let farms = [
            tx.insert_farm(&sample::farm("a")).await.unwrap(),
            tx.insert_farm(&sample::farm("b")).await.unwrap(),
        ];
        // The same names in both farms, and more than fit into one statement.
        let hosts: Vec<Host> = (0..1201)
            .map(|number| sample::host(&format!("web{}", number / 2), farms[number % 2]))
            .collect();
        let ids = tx.insert_hosts(&hosts).await.unwrap();
        assert_eq!(ids.len(), hosts.len());
        let stored = tx.load_tree().await.unwrap().hosts;
        assert_eq!(stored.len(), hosts.len());
        for (host, id) in hosts.iter().zip(ids) {
            let at = stored.binary_search_by_key(&id, |host| host.id).unwrap();
            assert_eq!(stored[at], Host { id, ..host.clone() });
        }
    }

    async fn exporters_and_presets_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let mut exporter = sample::exporter("node", ground.project);
        exporter.id = tx.insert_exporter(&exporter).await.unwrap();
        exporter.enabled = false;
        tx.update_exporter(&exporter).await.unwrap();
        assert_eq!(tx.find_exporter(ground.project, "node", 65_535).await.unwrap(), Some(exporter.clone()));
        tx.delete_exporter(exporter.id).await.unwrap();
        assert_eq!(tx.find_exporter(ground.project, "node", 65_535).await.unwrap(), None);

        let mut preset = sample::preset("redis");
        preset.id = tx.insert_preset(&preset).await.unwrap();
        preset.scheme = Scheme::Https;
        tx.update_preset(&preset).await.unwrap();
        assert_eq!(tx.find_preset("redis", 9999, "/p").await.unwrap(), Some(preset.clone()));
        tx.delete_preset(preset.id).await.unwrap();
        assert_eq!(tx.find_preset("redis", 9999, "/p").await.unwrap(), None);
    }

    async fn probes_and_urls_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let mut probe = sample::probe("http_2xx");
        probe.id = tx.insert_probe(&probe).await.unwrap();
        "Any 2xx".clone_into(&mut probe.description);
        tx.update_probe(&probe).await.unwrap();
        assert_eq!(tx.find_probe("http_2xx").await.unwrap(), Some(probe.clone()));
        let mut url = sample::url("http://a.example.com/?q=%20", ground.project, probe.id);
        url.id = tx.insert_url(&url).await.unwrap();
        url.url.push('x');
        tx.update_url(&url).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().urls, [url.clone()]);
        tx.delete_url(url.id).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().urls, []);
    }

    async fn rules_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let mut parent = sample::rule("Down", RuleOwner::Site);
        parent.id = tx.insert_rule(&parent).await.unwrap();
        let mut child = Rule {
            parent: Some(parent.id),
            kind: RuleKind::Record,
            keep_firing_for: None,
            ..sample::rule("Down_shop", RuleOwner::Service(ground.service))
        };
        child.id = tx.insert_rule(&child).await.unwrap();
        assert_eq!(tx.find_rule("Down").await.unwrap(), Some(parent.clone()));
        assert_eq!(tx.find_rule("Down_shop").await.unwrap(), Some(child.clone()));
        child.owner = RuleOwner::Project(ground.project);
        child.clause = "x".repeat(100_000);
        tx.update_rule(&child).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().rules, [parent, child]);
    }

    async fn senders_come_back_with_their_filters(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let mut sender = sample::sender("a@example.com", SenderOwner::Service(ground.service));
        sender.id = tx.insert_sender(&sender).await.unwrap();
        let stored = tx.load_tree().await.unwrap().senders;
        let pairs = |sender: &Sender| -> Vec<(String, String)> {
            sender.filters.iter().map(|filter| (filter.name.clone(), filter.value.clone())).collect()
        };
        assert_eq!(pairs(&stored[0]), pairs(&sender));
        let kept = stored[0].filters[1].id;
        assert_eq!(stored, [Sender { filters: stored[0].filters.clone(), ..sender.clone() }]);

        sender.filters = vec![sample::filter("job", "node"), sample::filter("severity", "minor")];
        sender.secret = None;
        tx.update_sender(&sender).await.unwrap();
        let stored = tx.load_tree().await.unwrap().senders;
        assert_eq!(pairs(&stored[0]), pairs(&sender));
        assert_eq!(stored[0].filters[1].id, kept, "a filter that stays keeps its id");
        assert_eq!(stored[0].secret, None);
        tx.delete_sender(sender.id).await.unwrap();
        assert_eq!(tx.load_tree().await.unwrap().senders, []);
    }

    async fn signing_keys_are_loaded_for_those_that_have_one(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let owner = SenderOwner::Project(ground.project);
        let signed = tx.insert_sender(&sample::sender("a", owner)).await.unwrap();
        let plain = Sender { secret: None, ..sample::sender("b", owner) };
        let plain = tx.insert_sender(&plain).await.unwrap();
        let other = tx.insert_sender(&sample::sender("c", owner)).await.unwrap();
        let secrets = tx.load_secrets(&[signed, plain]).await.unwrap();
        assert_eq!(secrets.keys().copied().collect::<Vec<_>>(), [signed]);
        assert_eq!(secrets[&signed].reveal(), "hush");
        assert!(!secrets.contains_key(&other));
        assert!(tx.load_secrets(&[]).await.unwrap().is_empty());
    }

    async fn changing_what_does_not_exist_is_an_error_and_deleting_it_is_none(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let absent = Farm { id: FarmId(4711), ..sample::farm("gone") };
        let error = tx.update_farm(&absent).await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { table: "farm", column: "id", id: 4711 }), "{error}");
        tx.delete_farm(absent.id).await.unwrap();
    }

    async fn writing_the_same_again_is_no_error(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut farm = sample::farm("same");
        farm.id = tx.insert_farm(&farm).await.unwrap();
        tx.update_farm(&farm).await.unwrap();
    }

    async fn what_promgen_never_writes_is_reported_with_its_place(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let id = tx.insert_rule(&sample::rule("Down", RuleOwner::Site)).await.unwrap();
        tx.commit().await.unwrap();
        database.execute("UPDATE rule SET labels = 'not json'").await;
        let error = store.read_tx().await.unwrap().load_tree().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Inconsistent { table: "rule", column: "labels", id: found } if found == i64::from(id.0)),
            "{error}"
        );
    }
}
