//! Lists that are sorted by something else than their names.

use promgen_core::model::*;
use promgen_core::store::*;

use super::sample;

fn by<K: SortKey>(text: &str) -> Part<K> {
    Part {
        sort: Sort::parse(text).unwrap(),
        slice: Slice::ALL,
    }
}

fn nothing_but(project: ProjectId) -> Visible {
    Visible::Some {
        services: Vec::new(),
        projects: vec![project],
    }
}

fn text(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(" ")
}

on_every_database! {
    async fn rules_are_sorted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let (service, project) = (RuleOwner::Service(ground.service), RuleOwner::Project(ground.project));
        let c = tx.insert_rule(&sample::rule("c", RuleOwner::Site)).await.unwrap();
        let b = tx.insert_rule(&sample::rule("b", RuleOwner::Site)).await.unwrap();
        for (name, parent, owner) in [("a", c, service), ("z", c, project), ("y", b, service)] {
            let child = Rule { parent: Some(parent), enabled: name == "a", ..sample::rule(name, owner) };
            tx.insert_rule(&child).await.unwrap();
        }
        let sorted = async |visible: &Visible, sort: &str| {
            let listed = tx.page_rules(visible, &RuleFilter::default(), by::<RuleKey>(sort)).await.unwrap();
            text(listed.items.into_iter().map(|rule| rule.name.into()))
        };
        let all = Visible::All;
        for (sort, names) in [
            ("owner", "b c a y z"),
            ("-owner", "z a y b c"),
            ("name", "a b c y z"),
            ("-name", "z y c b a"),
            ("enabled", "y z b c a"),
            ("-enabled", "b c a y z"),
            ("-overrides", "c b a y z"),
            ("parent", "b c a z y"),
            ("-parent", "y a z b c"),
        ] {
            assert_eq!(sorted(&all, sort).await, names, "{sort}");
        }
        // What one may not see decides nothing.
        let own = nothing_but(ground.project);
        assert_eq!(sorted(&own, "-overrides").await, "c b z");
        let counts = async |visible: &Visible| {
            let counts = tx.count_overrides_of(visible, &[c, b]).await.unwrap();
            (counts.get(&c).copied(), counts.get(&b).copied())
        };
        assert_eq!(counts(&all).await, (Some(2), Some(1)));
        assert_eq!(counts(&own).await, (Some(1), None));
    }

    async fn projects_are_sorted(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let (east, west) = (
            tx.insert_shard(&sample::shard("east")).await.unwrap(),
            tx.insert_shard(&sample::shard("west")).await.unwrap(),
        );
        let service = tx.insert_service(&sample::service("s")).await.unwrap();
        let maria = tx.insert_user(&sample::user("maria")).await.unwrap();
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        tx.insert_host(&sample::host("h", farm)).await.unwrap();
        let a = tx.insert_project(&Project { farm: Some(farm), ..sample::project("a", service, west) }).await.unwrap();
        let b = tx.insert_project(&Project { owner: Some(maria), ..sample::project("b", service, east) }).await.unwrap();
        let c = tx.insert_project(&sample::project("c", service, east)).await.unwrap();
        tx.insert_exporter(&sample::exporter("node", c)).await.unwrap();
        let probe = tx.insert_probe(&sample::probe("http")).await.unwrap();
        tx.insert_url(&sample::url("http://x", b, probe)).await.unwrap();
        tx.insert_sender(&sample::sender("v", SenderOwner::Project(a))).await.unwrap();
        let sorted = async |sort: &str| {
            let (filter, order) = (ProjectFilter::default(), ProjectOrder::Shard);
            let part = by::<ProjectKey>(sort);
            let listed = tx.page_projects_by(&Visible::All, &filter, order, part).await.unwrap();
            text(listed.items.into_iter().map(|project| project.name.into()))
        };
        for (sort, names) in [
            ("place", "b c a"),
            ("-place", "a b c"),
            ("name", "a b c"),
            ("-name", "c b a"),
            ("owner", "a c b"),
            ("-farm", "a b c"),
            ("hosts", "b c a"),
            ("-exporters", "c a b"),
            ("-urls", "b a c"),
            ("notifiers", "b c a"),
        ] {
            assert_eq!(sorted(sort).await, names, "{sort}");
        }
        let counts = tx.count_urls_by_project(&[a, b]).await.unwrap();
        assert_eq!(Vec::from_iter(counts), [(b, 1)]);
    }

    async fn who_has_roles_is_sorted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let project = RoleOn::Project(ground.project);
        let service = RoleOn::Service(ground.service);
        let group = tx.insert_group(&Group { id: GroupId(0), name: "sre".to_owned() }).await.unwrap();
        let other = tx.insert_group(&Group { id: GroupId(0), name: "dev".to_owned() }).await.unwrap();
        let give = async |on, to, role| {
            tx.insert_grant(&Grant { id: GrantId(0), on, to, role }).await.unwrap();
        };
        for (name, email, role, of_group) in [
            ("adam", "z@x", Role::Viewer, GroupRole::Admin),
            ("zoe", "a@x", Role::Admin, GroupRole::Member),
            ("kim", "k@x", Role::Editor, GroupRole::Member),
        ] {
            let user = User { email: email.to_owned(), ..sample::user(name) };
            let user = tx.insert_user(&user).await.unwrap();
            give(project, Grantee::User(user), role).await;
            tx.put_member(Member { group, user, role: of_group }).await.unwrap();
        }
        give(project, Grantee::Group(group), Role::Viewer).await;
        give(service, Grantee::Group(group), Role::Admin).await;
        give(project, Grantee::Group(other), Role::Editor).await;
        for (sort, on_project, of_group) in [
            ("username", "adam kim zoe", "adam kim zoe"),
            ("-username", "zoe kim adam", "zoe kim adam"),
            ("email", "zoe kim adam", "zoe kim adam"),
            ("role", "zoe kim adam", "adam kim zoe"),
            ("-role", "adam kim zoe", "kim zoe adam"),
        ] {
            let users = tx.page_users_on(project, None, by::<MemberKey>(sort)).await.unwrap();
            assert_eq!(text(users.items.into_iter().map(|one| one.0.username)), on_project, "{sort}");
            let members = tx.page_members(group, None, by::<MemberKey>(sort)).await.unwrap();
            assert_eq!(text(members.items.into_iter().map(|one| one.0.username)), of_group, "{sort}");
        }
        for (sort, names) in [("name", "dev sre"), ("-name", "sre dev"), ("role", "dev sre"), ("-role", "sre dev")] {
            let groups = tx.page_groups_on(project, None, by::<HolderKey>(sort)).await.unwrap();
            assert_eq!(text(groups.items.into_iter().map(|one| one.0.name)), names, "{sort}");
        }
        let names = tx.names_of(&[project, service]).await.unwrap();
        let project_first = names[&project] < names[&service];
        for (sort, first) in [
            ("kind", service),
            ("-kind", project),
            ("role", service),
            ("-role", project),
            ("name", if project_first { project } else { service }),
            ("-name", if project_first { service } else { project }),
        ] {
            let grants = tx.page_grants_to(Grantee::Group(group), by::<ResourceKey>(sort)).await.unwrap();
            assert_eq!((grants.count, grants.items[0].on), (2, first), "{sort}");
        }
    }

    async fn exporters_hosts_and_entries_are_sorted(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        for (job, port, path) in [("a", 3, "/y"), ("b", 2, "/z"), ("c", 1, "/x")] {
            let exporter = Exporter { port, path: path.to_owned(), ..sample::exporter(job, ground.project) };
            tx.insert_exporter(&exporter).await.unwrap();
        }
        let farm = tx.insert_farm(&sample::farm("sorted")).await.unwrap();
        for name in ["x", "y"] {
            tx.insert_host(&sample::host(name, farm)).await.unwrap();
        }
        let filter = ExporterFilter { project: Some(ground.project), ..ExporterFilter::default() };
        for (sort, jobs) in [("job", "a b c"), ("-job", "c b a"), ("port", "c b a"), ("path", "c a b")] {
            let part = by::<ExporterKey>(sort);
            let listed = tx.page_exporters(&Visible::All, &filter, part).await.unwrap();
            assert_eq!(text(listed.items.into_iter().map(|one| one.job)), jobs, "{sort}");
        }
        let hosts = tx.page_hosts(farm, by::<NameKey>("-name")).await.unwrap();
        assert_eq!(text(hosts.items.into_iter().map(|one| one.name)), "y x");
        let entries = ["first", "last"].map(|body| AuditEntry { body: body.to_owned(), ..sample::entry() });
        tx.insert_audit(&entries).await.unwrap();
        for (sort, bodies) in [("created", "first last"), ("-created", "last first")] {
            let listed = tx.page_audit(None, &AuditFilter::default(), by::<WhenKey>(sort)).await.unwrap();
            assert_eq!(text(listed.items.into_iter().map(|one| one.body)), bodies, "{sort}");
        }
    }

    async fn what_somebody_did_is_found_when_they_are_gone(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let maria = tx.insert_user(&sample::user("maria")).await.unwrap();
        let did = |actor: &str| AuditEntry {
            actor: actor.to_owned(),
            user: Some(maria),
            ..sample::entry()
        };
        let robot = AuditEntry { user: None, ..did("system") };
        tx.insert_audit(&[did("user:maria"), did("token:pg_12345678:maria"), robot]).await.unwrap();
        tx.delete_user(maria).await.unwrap();
        // Somebody else of that name.
        let other = tx.insert_user(&sample::user("maria")).await.unwrap();
        tx.insert_audit(&[AuditEntry { user: Some(other), ..did("user:maria") }]).await.unwrap();
        let count = async |filter: AuditFilter<'static>| {
            tx.page_audit(None, &filter, Slice::ALL).await.unwrap().count
        };
        let all = AuditFilter::default();
        assert_eq!(count(AuditFilter { gone: Some("maria"), ..all }).await, 2);
        assert_eq!(count(AuditFilter { user: Some("maria"), ..all }).await, 3);
        assert_eq!(count(AuditFilter { user_id: Some(other), ..all }).await, 1);
        assert_eq!(count(AuditFilter { gone: Some("mari_"), ..all }).await, 0);
    }

    async fn names_are_read_out_of_entries_of_before(database: &TestDatabase) {
        let store = database.migrated().await;
        for actor in ["user:maria", "token:pg_12345678:maria", "token:short:maria", "cli:maria", "system"] {
            let insert = format!(
                "INSERT INTO audit (created, actor, body, kind, object, before_json, after_json) \
                 VALUES (1, '{actor}', 'x', 'rule', 1, '', '')");
            database.execute(&insert).await;
        }
        database.execute("DELETE FROM promgen_migration WHERE name BETWEEN '0070' AND '0073'").await;
        let index = match database.kind() {
            promgen_tests::databases::Kind::MariaDb => "DROP INDEX ix_audit_username_id ON audit",
            _ => "DROP INDEX ix_audit_username_id",
        };
        database.execute(index).await;
        if database.kind() != promgen_tests::databases::Kind::MariaDb {
            database.execute("ALTER TABLE audit DROP COLUMN username").await;
        }
        store.migrate().await.unwrap();
        assert_eq!(store.schema().await.unwrap(), Schema::Current);
        let tx = store.read_tx().await.unwrap();
        let gone = AuditFilter { gone: Some("maria"), ..AuditFilter::default() };
        let found = tx.page_audit(None, &gone, Slice::ALL).await.unwrap();
        let actors = text(found.items.into_iter().map(|one| one.actor));
        assert_eq!(actors, "token:pg_12345678:maria user:maria");
    }
}
