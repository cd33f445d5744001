//! Lists of rules, senders and the audit log in pages, cut to what somebody sees.

use promgen_core::model::*;
use promgen_core::store::*;

use super::sample;

const FIRST: Slice = Slice {
    offset: 0,
    limit: 2,
};
const NEXT: Slice = Slice {
    offset: 2,
    limit: 10,
};

fn names(listed: &Listed<Rule>) -> Vec<&str> {
    listed.items.iter().map(|rule| rule.name.as_str()).collect()
}

fn entry(kind: &str, object: i64, parent: Option<(&str, i64)>) -> AuditEntry {
    AuditEntry {
        id: AuditId(0),
        created: Timestamp(1),
        actor: "system".to_owned(),
        user: None,
        body: format!("Created {kind}"),
        kind: kind.to_owned(),
        object,
        parent: parent.map(|(kind, id)| (kind.to_owned(), id)),
        before: String::new(),
        after: "{}".to_owned(),
    }
}

on_every_database! {
    async fn rules_come_by_site_service_project_and_name(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let (service, project) = (RuleOwner::Service(ground.service), RuleOwner::Project(ground.project));
        let mut site = RuleId(0);
        for (name, owner) in [("P", project), ("b", service), ("B", service), ("S", RuleOwner::Site)] {
            site = tx.insert_rule(&sample::rule(name, owner)).await.unwrap();
        }
        let child = Rule { parent: Some(site), enabled: false, ..sample::rule("A", project) };
        tx.insert_rule(&child).await.unwrap();
        let all = RuleFilter::default();
        let first = tx.page_rules(&Visible::All, &all, FIRST).await.unwrap();
        assert_eq!((first.count, names(&first)), (5, vec!["S", "B"]));
        let next = tx.page_rules(&Visible::All, &all, NEXT).await.unwrap();
        assert_eq!((next.count, names(&next)), (5, vec!["b", "A", "P"]));
        for (filter, found) in [
            (RuleFilter { name: Some("b"), ..all }, vec!["b"]),
            (RuleFilter { parent: Some(site), ..all }, vec!["A"]),
            (RuleFilter { enabled: Some(false), ..all }, vec!["A"]),
            (RuleFilter { owner_kind: Some("service"), ..all }, vec!["B", "b"]),
            (RuleFilter { owner_kind: Some("project"), owner_id: Some(ground.project.0), ..all }, vec!["A", "P"]),
            (RuleFilter { owner_kind: Some("site"), owner_id: Some(9), ..all }, vec![]),
        ] {
            let listed = tx.page_rules(&Visible::All, &filter, Slice::ALL).await.unwrap();
            assert_eq!(names(&listed), found, "{filter:?}");
        }
        let own = Visible::Some { services: Vec::new(), projects: vec![ground.project] };
        let seen = tx.page_rules(&own, &all, Slice::ALL).await.unwrap();
        assert_eq!(names(&seen), ["S", "A", "P"]);
    }

    async fn around_a_rule_is_what_it_takes_to_expand_it(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let owner = RuleOwner::Service(ground.service);
        let top = tx.insert_rule(&sample::rule("top", RuleOwner::Site)).await.unwrap();
        let mut middle = Rule { parent: Some(top), ..sample::rule("middle", owner) };
        middle.id = tx.insert_rule(&middle).await.unwrap();
        let below = Rule { parent: Some(middle.id), ..sample::rule("below", RuleOwner::Project(ground.project)) };
        tx.insert_rule(&below).await.unwrap();
        tx.insert_rule(&sample::rule("beside", owner)).await.unwrap();
        let tree = tx.load_around(&middle).await.unwrap();
        let names: Vec<&str> = tree.rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["top", "middle", "below"]);
        assert!(tree.project(ground.project).is_some() && tree.service(ground.service).is_some());
        assert_eq!(tx.find_override(top, owner).await.unwrap(), Some(middle.clone()));
        assert_eq!(tx.find_override(middle.id, owner).await.unwrap(), None);
        assert!(tx.list_rule_names().await.unwrap().contains("beside"));
        // A rule that is not stored stands in it all the same.
        let fresh = Rule { parent: Some(top), ..sample::rule("fresh", owner) };
        let tree = tx.load_around(&fresh).await.unwrap();
        assert_eq!(tree.rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), [RuleId(0), top]);
    }

    async fn senders_are_found_and_sorted_by_what_is_shown(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let user = tx.insert_user(&sample::user("maria")).await.unwrap();
        let (service, own) = (SenderOwner::Service(ground.service), SenderOwner::User(user));
        let plain = |value: &str, owner| Sender { alias: String::new(), ..sample::sender(value, owner) };
        let aliased = |value: &str, alias: &str| Sender { alias: alias.to_owned(), ..sample::sender(value, service) };
        let secret = Sender { driver: "secret".to_owned(), ..plain("z-hidden", service) };
        let senders = [plain("m@x", service), aliased("z-hidden", "a"), aliased("a-hidden", "z"), secret, plain("p@x", own)];
        for mut sender in senders {
            sender.added_by = Some(user);
            tx.insert_sender(&sender).await.unwrap();
        }
        let all = SenderFilter::default();
        let page = async |visible: &Visible, own, filter: SenderFilter<'static>| {
            let listed = tx.page_senders(visible, own, &["secret"], &filter, Sort::default(), Slice::ALL).await.unwrap();
            let shown = |one: Sender| format!("{}{}", one.alias, one.value.replace("z-hidden", "").replace("a-hidden", ""));
            assert!(listed.items.iter().all(|one| one.filters.len() == 2));
            listed.items.into_iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(page(&Visible::All, None, all).await, ["", "a", "m@x", "p@x", "z"]);
        assert_eq!(page(&Visible::All, Some(UserId(0)), all).await, ["", "a", "m@x", "z"]);
        let none = Visible::Some { services: Vec::new(), projects: Vec::new() };
        assert_eq!(page(&none, Some(user), all).await, ["p@x"]);
        assert_eq!(page(&Visible::All, None, SenderFilter { shown: Some("hidden"), ..all }).await.len(), 0);
        assert_eq!(page(&Visible::All, None, SenderFilter { shown: Some("@"), ..all }).await, ["m@x", "p@x"]);
        assert_eq!(page(&Visible::All, None, SenderFilter { shown: Some("z"), ..all }).await, ["z"]);
        assert_eq!(page(&Visible::All, None, SenderFilter { owner_kind: Some("user"), ..all }).await, ["p@x"]);
        assert_eq!(page(&Visible::All, None, SenderFilter { added_by: Some("maria"), driver: Some("secret"), ..all }).await, [""]);
        assert_eq!(page(&Visible::All, None, SenderFilter { added_by: Some("otto"), ..all }).await.len(), 0);
        assert_eq!(page(&Visible::All, None, SenderFilter { enabled: Some(false), ..all }).await.len(), 0);
        assert_eq!(page(&Visible::All, None, SenderFilter { failing: true, ..all }).await.len(), 0);
        let mail = tx.list_senders_owned_by(&[own]).await.unwrap()[0].id;
        let hour = DeliveryTally { hour: Timestamp(7), driver: "x".to_owned(), sender: mail, sent: 0, dead: 2 };
        tx.tally_deliveries(&[hour]).await.unwrap();
        let failing = SenderFilter { failing: true, ..all };
        assert_eq!(page(&Visible::All, None, failing).await, ["p@x"]);
        assert_eq!(page(&Visible::All, None, SenderFilter { since: Timestamp(8), ..failing }).await.len(), 0);
        for (key, first) in [(SenderKey::Failures, "p@x"), (SenderKey::Driver, ""), (SenderKey::Owner, "p@x"), (SenderKey::Shown, "z")] {
            let sort = Sort { key, descending: true };
            let listed = tx.page_senders(&Visible::All, None, &["secret"], &all, sort, Slice::ALL).await.unwrap();
            let one = &listed.items[0];
            let shown = if one.driver == "secret" { String::new() } else { format!("{}{}", one.alias, one.value) };
            assert!(shown.starts_with(first), "{key:?}: {shown}");
        }
        let found = tx.find_sender(service, "secret", "z-hidden").await.unwrap();
        assert_eq!(found.map(|one| one.filters.len()), Some(2));
        assert_eq!(tx.find_sender(own, "secret", "z-hidden").await.unwrap(), None);
        assert_eq!(tx.list_senders_of(own).await.unwrap().len(), 1);
    }

    async fn the_audit_log_is_cut_to_what_one_sees(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let (service, project) = (i64::from(ground.service.0), i64::from(ground.project.0));
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        let mut served = tx.load_project(ground.project).await.unwrap().unwrap();
        served.farm = Some(farm);
        tx.update_project(&served).await.unwrap();
        let user = tx.insert_user(&sample::user("maria")).await.unwrap();
        let farm = i64::from(farm.0);
        let mut entries = vec![
            entry("service", service, None),
            entry("project", project, Some(("service", service))),
            entry("rule", 1, Some(("project", project))),
            entry("host", 1, Some(("farm", farm))),
            entry("rule", 2, Some(("site", 1))),
            entry("sender", 1, Some(("user", user.0.into()))),
            entry("sender", 2, Some(("user", 999))),
            entry("group", 7, None),
            entry("role", 1, Some(("group", 7))),
            entry("shard", 1, None),
        ];
        entries[0].user = Some(user);
        tx.insert_audit(&entries).await.unwrap();
        let all = AuditFilter::default();
        let kinds = async |scope: Option<&AuditScope>, filter: AuditFilter<'static>| {
            let listed = tx.page_audit(scope, &filter, Slice::ALL).await.unwrap();
            assert_eq!(listed.count, listed.items.len() as u64);
            let kinds = listed.items.into_iter().map(|one| format!("{}{}", one.kind, one.object));
            kinds.collect::<Vec<_>>()
        };
        let everything = kinds(None, all).await;
        assert_eq!((everything.len(), everything[0].as_str()), (10, "shard1"));
        let scope = |visible, groups: &[i32]| AuditScope {
            visible,
            groups: groups.iter().copied().map(GroupId).collect(),
            user: Some(user),
        };
        let nothing = Visible::Some { services: Vec::new(), projects: Vec::new() };
        assert_eq!(kinds(Some(&scope(nothing.clone(), &[])), all).await, ["sender1", "rule2"]);
        assert_eq!(kinds(Some(&scope(nothing, &[7])), all).await, ["role1", "group7", "sender1", "rule2"]);
        let one = Visible::Some { services: Vec::new(), projects: vec![ground.project] };
        assert_eq!(kinds(Some(&scope(one, &[])), all).await, ["sender1", "rule2", "host1", "rule1", format!("project{project}").as_str()]);
        let seen = kinds(Some(&scope(Visible::All, &[])), all).await;
        assert_eq!(seen.len(), 6, "{seen:?}");
        assert_eq!(kinds(None, AuditFilter { user: Some("maria"), ..all }).await, [format!("service{service}")]);
        assert_eq!(kinds(None, AuditFilter { kind: Some("sender"), parent_kind: Some("user"), parent_object: Some(999), ..all }).await, ["sender2"]);
        let newest = tx.page_audit(None, &all, Slice { offset: 9, limit: 5 }).await.unwrap();
        assert_eq!((newest.count, newest.items.len()), (10, 1));
    }
}
