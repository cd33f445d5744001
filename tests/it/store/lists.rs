//! Lists of farms, hosts, exporters and URLs, in pages and cut to what somebody sees.

use promgen_core::model::*;
use promgen_core::store::{
    ExporterFilter, FarmFilter, FarmKey, ProjectFilter, ProjectOrder, ServiceKey, Slice, Sort,
    Store, Tx, UrlFilter, UrlKey, Visible,
};

use super::sample;

/// Two services with a project each, whose names sort the other way round than their ids.
struct Ground {
    projects: [ProjectId; 2],
    farms: [FarmId; 2],
    shard: ShardId,
    tx: Tx,
}

async fn ground(store: &Store) -> Ground {
    let tx = store.write_tx().await.unwrap();
    let shard = tx.insert_shard(&sample::shard("east")).await.unwrap();
    let mut projects = Vec::new();
    let mut farms = Vec::new();
    for name in ["b", "a"] {
        let service = tx.insert_service(&sample::service(name)).await.unwrap();
        let farm = tx.insert_farm(&sample::farm(name)).await.unwrap();
        let project = Project {
            farm: Some(farm),
            ..sample::project(name, service, shard)
        };
        projects.push(tx.insert_project(&project).await.unwrap());
        farms.push(farm);
    }
    Ground {
        projects: projects.try_into().unwrap(),
        farms: farms.try_into().unwrap(),
        shard,
        tx,
    }
}

fn only(project: ProjectId) -> Visible {
    Visible::Some {
        services: Vec::new(),
        projects: vec![project],
    }
}

const fn slice(offset: u64, limit: u64) -> Slice {
    Slice { offset, limit }
}

on_every_database! {
    async fn farms_and_hosts_come_by_name_in_pages(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects, farms: [b, a], tx, .. } = ground(&store).await;
        let page = async |visible: &Visible, filter, slice| {
            let listed = tx.page_farms(visible, filter, Sort::default(), slice).await.unwrap();
            (listed.count, listed.items.into_iter().map(|farm| farm.id).collect::<Vec<_>>())
        };
        let all = FarmFilter::default();
        assert_eq!(page(&Visible::All, all, Slice::ALL).await, (2, vec![a, b]));
        assert_eq!(page(&Visible::All, all, slice(1, 1)).await, (2, vec![b]));
        assert_eq!(page(&Visible::All, all, slice(u64::MAX, 1)).await, (2, vec![]));
        assert_eq!(page(&only(projects[0]), all, Slice::ALL).await, (1, vec![b]));
        let named = FarmFilter { name: Some("B"), ..all };
        assert_eq!(page(&Visible::All, named, Slice::ALL).await, (0, vec![]));
        let remote = FarmFilter { source: Some("http"), ..all };
        assert_eq!(page(&Visible::All, remote, Slice::ALL).await, (0, vec![]));
        for name in ["y", "x"] {
            tx.insert_host(&sample::host(name, a)).await.unwrap();
        }
        tx.insert_host(&sample::host("x", b)).await.unwrap();
        let hosts = tx.page_hosts(a, slice(0, 1)).await.unwrap();
        assert_eq!((hosts.count, hosts.items[0].name.as_str()), (2, "x"));
        let named = tx.list_hosts_named("x").await.unwrap();
        assert_eq!(named.iter().map(|host| host.farm).collect::<Vec<_>>(), [a, b]);
        let served = tx.list_projects_on(&[a, b]).await.unwrap();
        assert_eq!(served.iter().map(|one| one.id).collect::<Vec<_>>(), projects);
        let found = tx.list_farms_by_id(&[a, FarmId(9999)]).await.unwrap();
        assert_eq!(found.iter().map(|farm| farm.id).collect::<Vec<_>>(), [a]);
    }

    async fn exporters_come_by_job_and_are_filtered(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects: [b, a], tx, .. } = ground(&store).await;
        let node = Exporter { enabled: false, ..sample::exporter("node", b) };
        let nginx = Exporter { scheme: Scheme::Http, path: String::new(), ..sample::exporter("nginx", a) };
        for exporter in [&node, &nginx] {
            tx.insert_exporter(exporter).await.unwrap();
        }
        let jobs = async |visible: &Visible, filter: ExporterFilter<'_>| {
            let listed = tx.page_exporters(visible, &filter, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.job).collect::<Vec<_>>()
        };
        let all = ExporterFilter::default();
        assert_eq!(jobs(&Visible::All, all).await, ["nginx", "node"]);
        assert_eq!(jobs(&only(b), all).await, ["node"]);
        assert_eq!(jobs(&Visible::All, ExporterFilter { job: Some("gin"), ..all }).await, ["nginx"]);
        assert_eq!(jobs(&Visible::All, ExporterFilter { path: Some("?module"), ..all }).await, ["node"]);
        assert_eq!(jobs(&Visible::All, ExporterFilter { scheme: Some(Scheme::Http), ..all }).await, ["nginx"]);
        assert_eq!(jobs(&Visible::All, ExporterFilter { enabled: Some(false), ..all }).await, ["node"]);
        assert_eq!(jobs(&Visible::All, ExporterFilter { project: Some(a), ..all }).await, ["nginx"]);
        let same = tx.find_same_exporter(&Exporter { enabled: true, ..node.clone() }).await.unwrap();
        assert_eq!(same.map(|one| one.job).as_deref(), Some("node"));
        let other = tx.find_same_exporter(&Exporter { port: 1, ..node }).await.unwrap();
        assert_eq!(other, None);
    }

    async fn urls_come_by_service_and_project(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects: [b, a], tx, .. } = ground(&store).await;
        let probe = tx.insert_probe(&sample::probe("get")).await.unwrap();
        let other = tx.insert_probe(&sample::probe("post")).await.unwrap();
        for (text, project, probe) in [
            ("http://1", b, probe),
            ("http://3", a, probe),
            ("http://2", a, other),
        ] {
            tx.insert_url(&sample::url(text, project, probe)).await.unwrap();
        }
        let urls = async |visible: &Visible, filter, slice| {
            let listed = tx.page_urls(visible, filter, Sort::default(), slice).await.unwrap();
            (listed.count, listed.items.into_iter().map(|one| one.url).collect::<Vec<_>>().join(" "))
        };
        let all = UrlFilter::default();
        let expected = "http://2 http://3 http://1".to_owned();
        assert_eq!(urls(&Visible::All, all, Slice::ALL).await, (3, expected));
        assert_eq!(urls(&Visible::All, all, slice(1, 1)).await, (3, "http://3".to_owned()));
        assert_eq!(urls(&only(b), all, Slice::ALL).await, (1, "http://1".to_owned()));
        let by = UrlFilter { probe: Some(other), ..all };
        assert_eq!(urls(&Visible::All, by, Slice::ALL).await, (1, "http://2".to_owned()));
        let by = UrlFilter { project: Some(b), ..all };
        assert_eq!(urls(&Visible::All, by, Slice::ALL).await, (1, "http://1".to_owned()));
        let with = tx.list_urls_with("//2").await.unwrap();
        assert_eq!(with.len(), 1);
        assert_eq!(tx.find_url(&with[0]).await.unwrap().as_ref(), Some(&with[0]));
    }

    async fn shards_come_by_name_and_know_whether_they_are_used(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { shard, tx, .. } = ground(&store).await;
        let unused = tx.insert_shard(&sample::shard("before")).await.unwrap();
        let listed = tx.page_shards(None, Slice::ALL).await.unwrap();
        assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [unused, shard]);
        assert_eq!(tx.page_shards(Some("eas"), Slice::ALL).await.unwrap().count, 1);
        assert!(tx.is_shard_used(shard).await.unwrap());
        assert!(!tx.is_shard_used(unused).await.unwrap());
    }

    async fn hosts_of_all_farms_come_once_and_are_counted(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects, farms: [b, a], tx, .. } = ground(&store).await;
        for (name, farm) in [("x", b), ("x", a), ("Y", a), ("z.z", b)] {
            tx.insert_host(&sample::host(name, farm)).await.unwrap();
        }
        let names = async |visible: &Visible, text, slice| {
            let listed = tx.page_host_names(visible, text, Sort::default(), slice).await.unwrap();
            (listed.count, listed.items.join(" "))
        };
        let all = Visible::All;
        assert_eq!(names(&all, None, Slice::ALL).await, (3, "Y x z.z".to_owned()));
        assert_eq!(names(&all, None, slice(1, 1)).await, (3, "x".to_owned()));
        assert_eq!(names(&all, None, slice(u64::MAX, 1)).await, (3, String::new()));
        assert_eq!(names(&all, Some("y"), Slice::ALL).await, (0, String::new()));
        assert_eq!(names(&all, Some("."), Slice::ALL).await, (1, "z.z".to_owned()));
        assert_eq!(names(&only(projects[0]), None, Slice::ALL).await, (2, "x z.z".to_owned()));
        let among = async |visible: &Visible| {
            let hosts = tx.list_hosts_among(visible, &["x".to_owned(), "?".to_owned()]).await;
            hosts.unwrap().into_iter().map(|host| host.farm).collect::<Vec<_>>()
        };
        assert_eq!(among(&all).await, [b, a]);
        assert_eq!(among(&only(projects[1])).await, [a]);
        let counts = tx.count_hosts_of(&[a, FarmId(9999)]).await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(a, 2)]);
    }

    async fn projects_come_by_what_is_above_them(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects: [b, a], shard, tx, .. } = ground(&store).await;
        let west = tx.insert_shard(&sample::shard("a-west")).await.unwrap();
        let service = tx.load_project(b).await.unwrap().unwrap().service;
        let c = tx.insert_project(&sample::project("0", service, west)).await.unwrap();
        let ids = async |visible: &Visible, filter: ProjectFilter<'_>, order, slice| {
            let listed = tx.page_projects_by(visible, &filter, order, slice).await.unwrap();
            (listed.count, listed.items.into_iter().map(|one| one.id).collect::<Vec<_>>())
        };
        let all = ProjectFilter::default();
        let (by_shard, by_service) = (ProjectOrder::Shard, ProjectOrder::Service);
        assert_eq!(ids(&Visible::All, all, by_shard, Slice::ALL).await, (3, vec![c, a, b]));
        assert_eq!(ids(&Visible::All, all, by_service, Slice::ALL).await, (3, vec![a, c, b]));
        assert_eq!(ids(&Visible::All, all, by_service, slice(1, 1)).await, (3, vec![c]));
        assert_eq!(ids(&only(b), all, by_shard, Slice::ALL).await, (1, vec![b]));
        let of = ProjectFilter { service_id: Some(service), ..all };
        assert_eq!(ids(&Visible::All, of, by_shard, Slice::ALL).await, (2, vec![c, b]));

        let counts = tx.count_projects_by_shard(&Visible::All).await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(shard, 2), (west, 1)]);
        let counts = tx.count_projects_by_shard(&only(a)).await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(shard, 1)]);
        let services = async |visible: &Visible, shards: &[ShardId]| {
            let found = tx.list_services_on(visible, shards).await.unwrap();
            found.into_iter().map(|one| (one.shard, one.name)).collect::<Vec<_>>()
        };
        let both = [(shard, "a".to_owned()), (shard, "b".to_owned())];
        assert_eq!(services(&Visible::All, &[shard]).await, both);
        assert_eq!(services(&only(c), &[shard, west]).await, [(west, "b".to_owned())]);
    }

    async fn names_that_nothing_can_have_are_passed_over(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.read_tx().await.unwrap();
        // Such as a label of an alert may hold.
        let nul = ["a\0b".to_owned()];
        let (services, projects) = tx.owners_named(&nul, &nul).await.unwrap();
        assert!(services.is_empty() && projects.is_empty());
    }

    async fn senders_are_counted_by_owner(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects: [b, a], tx, .. } = ground(&store).await;
        let service = tx.load_project(a).await.unwrap().unwrap().service;
        tx.insert_sender(&sample::sender("x", SenderOwner::Service(service))).await.unwrap();
        tx.insert_sender(&sample::sender("y", SenderOwner::Project(b))).await.unwrap();
        let (above, own) = (SenderOwner::Service(service), SenderOwner::Project(a));
        let counts = tx.count_senders_of(&[above, own]).await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(above, 1)]);
        assert!(tx.count_senders_of(&[]).await.unwrap().is_empty());
    }

    async fn presets_come_by_job_and_the_greatest_port(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let before = tx.page_presets(Slice::ALL).await.unwrap().count;
        let mut ids = Vec::new();
        for port in [1, 3, 2] {
            let preset = Preset { port, ..sample::preset("!") };
            ids.push(tx.insert_preset(&preset).await.unwrap());
        }
        let listed = tx.page_presets(slice(0, 3)).await.unwrap();
        assert_eq!(listed.count, before + 3);
        assert_eq!(listed.items.iter().map(|one| one.port).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(tx.load_preset(ids[0]).await.unwrap().map(|one| one.port), Some(1));
        assert_eq!(tx.load_preset(PresetId(99_999)).await.unwrap(), None);
    }

    async fn lists_are_sorted_either_way_and_what_is_equal_keeps_its_order(database: &TestDatabase) {
        let store = database.migrated().await;
        let Ground { projects: [pb, pa], farms: [b, a], shard, tx } = ground(&store).await;
        let c = tx.insert_farm(&Farm { source: "http".to_owned(), ..sample::farm("c") }).await.unwrap();
        for (name, farm) in [("x", b), ("y", b), ("z", a)] {
            tx.insert_host(&sample::host(name, farm)).await.unwrap();
        }
        let farms = async |key, descending| {
            let sort = Sort { key, descending };
            let listed = tx.page_farms(&Visible::All, FarmFilter::default(), sort, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|farm| farm.id).collect::<Vec<_>>()
        };
        assert_eq!(farms(FarmKey::Name, true).await, [c, b, a]);
        assert_eq!(farms(FarmKey::Hosts, false).await, [c, a, b]);
        assert_eq!(farms(FarmKey::Hosts, true).await, [b, a, c]);
        assert_eq!(farms(FarmKey::Source, false).await, [c, a, b]);
        assert_eq!(farms(FarmKey::Source, true).await, [a, b, c]);
        let first = tx.first_hosts_of(&[a, b, c], 1).await.unwrap();
        assert_eq!(Vec::from_iter(first), [(b, vec!["x".to_owned()]), (a, vec!["z".to_owned()])]);

        let zoe = tx.insert_user(&sample::user("zoe")).await.unwrap();
        let owned = Service { owner: Some(zoe), ..sample::service("0") };
        let owned = tx.insert_service(&owned).await.unwrap();
        let of = async |project| tx.load_project(project).await.unwrap().unwrap().service;
        let (sa, sb) = (of(pa).await, of(pb).await);
        tx.insert_project(&sample::project("second", sb, shard)).await.unwrap();
        let services = async |key, descending| {
            let sort = Sort { key, descending };
            let listed = tx.page_services(&Visible::All, None, sort, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(services(ServiceKey::Name, true).await, [sb, sa, owned]);
        assert_eq!(services(ServiceKey::Owner, false).await, [sa, sb, owned]);
        assert_eq!(services(ServiceKey::Owner, true).await, [owned, sa, sb]);
        assert_eq!(services(ServiceKey::Projects, true).await, [sb, sa, owned]);
        assert_eq!(services(ServiceKey::Rules, false).await, [owned, sa, sb]);
        assert_eq!(services(ServiceKey::Senders, true).await, [owned, sa, sb]);

        let (one, two) = (
            tx.insert_probe(&sample::probe("one")).await.unwrap(),
            tx.insert_probe(&sample::probe("two")).await.unwrap(),
        );
        for (url, project, probe) in [("http://1", pb, one), ("http://2", pa, two), ("http://3", pa, one)] {
            tx.insert_url(&sample::url(url, project, probe)).await.unwrap();
        }
        let urls = async |key, descending| {
            let sort = Sort { key, descending };
            let listed = tx.page_urls(&Visible::All, UrlFilter::default(), sort, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.url.replace("http://", "")).collect::<String>()
        };
        assert_eq!(urls(UrlKey::Project, true).await, "123");
        assert_eq!(urls(UrlKey::Url, true).await, "321");
        assert_eq!(urls(UrlKey::Probe, false).await, "312");
    }
}
