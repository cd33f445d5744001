//! What superusers see of everybody: all exporters, all roles.

use promgen_core::model::*;
use promgen_core::store::{EveryExporterKey, ExporterSearch, GrantFilter, GrantKey, Slice, Sort};

use super::sample;

on_every_database! {
    async fn all_exporters_are_searched_sorted_and_counted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let other = sample::project("zoo", ground.service, ground.shard);
        let other = tx.insert_project(&other).await.unwrap();
        for (job, port, project) in [
            ("node", 9100, ground.project),
            ("node", 9100, other),
            ("nginx", 9113, other),
            ("Node", 9100, other),
        ] {
            let exporter = Exporter { port, ..sample::exporter(job, project) };
            tx.insert_exporter(&exporter).await.unwrap();
        }
        let jobs = async |search: ExporterSearch<'_>, key, descending| {
            let sort = Sort { key, descending };
            let listed = tx.search_exporters(&search, sort, Slice::ALL).await.unwrap();
            assert_eq!(listed.count, listed.items.len() as u64);
            listed.items.into_iter().map(|one| one.job).collect::<Vec<_>>()
        };
        let all = ExporterSearch::default();
        assert_eq!(jobs(all, EveryExporterKey::Uses, true).await, ["node", "node", "Node", "nginx"]);
        assert_eq!(jobs(all, EveryExporterKey::Port, true).await[0], "nginx");
        for key in [EveryExporterKey::Job, EveryExporterKey::Path, EveryExporterKey::Project, EveryExporterKey::Enabled] {
            assert_eq!(jobs(all, key, false).await.len(), 4);
        }
        let found = async |search| jobs(search, EveryExporterKey::Uses, false).await;
        assert_eq!(found(ExporterSearch { text: Some("zoo"), ..all }).await.len(), 3);
        assert_eq!(found(ExporterSearch { job: Some("Node"), ..all }).await, ["Node"]);
        assert_eq!(found(ExporterSearch { port: Some(9113), ..all }).await, ["nginx"]);
        let path = Some("/metrics?module=a");
        assert_eq!(found(ExporterSearch { path, ..all }).await.len(), 4);
        assert_eq!(found(ExporterSearch { enabled: Some(false), ..all }).await.len(), 0);
        let some = Slice { offset: 1, limit: 2 };
        let some = tx.search_exporters(&all, Sort::default(), some).await.unwrap();
        assert_eq!((some.count, some.items.len()), (4, 2));
        let kinds = tx.count_alike(&some.items).await.unwrap();
        let kind = |job: &str| (job.to_owned(), 9100, "/metrics?module=a".to_owned());
        assert_eq!(kinds.get(&kind("node")), Some(&2));
        assert!(tx.count_alike(&[]).await.unwrap().is_empty());
    }

    async fn all_roles_are_searched_and_sorted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let zoe = tx.insert_user(&sample::user("zoe")).await.unwrap();
        let sre = Group { id: GroupId(0), name: "sre".to_owned() };
        let sre = tx.insert_group(&sre).await.unwrap();
        tx.put_member(Member { group: sre, user: zoe, role: GroupRole::Member }).await.unwrap();
        let (shop, cart) = (RoleOn::Service(ground.service), RoleOn::Project(ground.project));
        let (user, group) = (Grantee::User(zoe), Grantee::Group(sre));
        for (on, to, role) in [(shop, user, Role::Viewer), (cart, user, Role::Admin), (shop, group, Role::Editor)] {
            tx.insert_grant(&Grant { id: GrantId(0), on, to, role }).await.unwrap();
        }
        let grants = async |filter: GrantFilter<'_>, key| {
            let sort = Sort { key, descending: false };
            let listed = tx.page_grants(&filter, sort, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| (one.on, one.to)).collect::<Vec<_>>()
        };
        let all = GrantFilter::default();
        let by_object = [(cart, user), (shop, group), (shop, user)];
        assert_eq!(grants(all, GrantKey::Object).await, by_object);
        assert_eq!(grants(all, GrantKey::Holder).await, [(shop, group), (cart, user), (shop, user)]);
        assert_eq!(grants(all, GrantKey::Role).await, [(cart, user), (shop, group), (shop, user)]);
        let of = async |holder| grants(GrantFilter { holder: Some(holder), ..all }, GrantKey::Object).await;
        assert_eq!(of("zo").await, by_object, "those of their group, too");
        assert_eq!(of("sr").await, [(shop, group)]);
        assert_eq!(of("Zoe").await, []);
        let admins = GrantFilter { role: Some(Role::Admin), ..all };
        assert_eq!(grants(admins, GrantKey::Object).await, [(cart, user)]);
        let of_projects = GrantFilter { kind: Some("project"), ..all };
        assert_eq!(grants(of_projects, GrantKey::Object).await, [(cart, user)]);
    }
}
