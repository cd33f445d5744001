//! What pages of the administration and the edit history read, and owners of before there were roles.

use promgen_core::model::*;
use promgen_core::store::{
    AccountFilter, AuditFilter, History, Slice, Sort, Store, TokenFilter, TokenKey,
};

use super::sample;

async fn user(store: &Store, name: &str) -> UserId {
    let tx = store.write_tx().await.unwrap();
    let id = tx.insert_user(&sample::user(name)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn entry(kind: &str, object: i32, parent: Option<(&str, i32)>) -> AuditEntry {
    AuditEntry {
        id: AuditId(0),
        created: Timestamp(1),
        actor: "system".to_owned(),
        user: None,
        body: format!("{kind}{object}"),
        kind: kind.to_owned(),
        object: object.into(),
        parent: parent.map(|(kind, id)| (kind.to_owned(), id.into())),
        before: String::new(),
        after: "{}".to_owned(),
    }
}

fn token(user: UserId, scopes: &[Scope]) -> Token {
    Token {
        id: TokenId(0),
        user,
        scopes: scopes.to_vec(),
        prefix: "pg_1".to_owned(),
        created: Timestamp(1),
        expires: None,
        last_used: None,
        revoked: None,
    }
}

on_every_database! {
    async fn owners_of_before_there_were_roles_become_admins(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let (maria, otto, lesser) =
            (user(&store, "maria").await, user(&store, "otto").await, user(&store, "lesser").await);
        let tx = store.write_tx().await.unwrap();
        let mut service = tx.load_service(ground.service).await.unwrap().unwrap();
        service.owner = Some(maria);
        tx.update_service(&service).await.unwrap();
        let mut project = tx.load_project(ground.project).await.unwrap().unwrap();
        project.owner = Some(otto);
        tx.update_project(&project).await.unwrap();
        let on = RoleOn::Project(project.id);
        for (to, role) in [(otto, Role::Viewer), (lesser, Role::Editor)] {
            let grant = Grant { id: GrantId(0), on, to: Grantee::User(to), role };
            tx.insert_grant(&grant).await.unwrap();
        }
        tx.commit().await.unwrap();
        for step in ["0066_service_owner_role", "0067_project_owner_role"] {
            database.execute(&format!("DELETE FROM promgen_migration WHERE name = '{step}'")).await;
        }
        assert_eq!(store.migrate().await.unwrap().len(), 2);
        let tx = store.read_tx().await.unwrap();
        let held = async |on| {
            let grants = tx.list_grants_on(on).await.unwrap();
            grants.into_iter().map(|one| (one.to, one.role)).collect::<Vec<_>>()
        };
        assert_eq!(held(RoleOn::Service(service.id)).await, [(Grantee::User(maria), Role::Admin)]);
        let on_project = [(Grantee::User(otto), Role::Admin), (Grantee::User(lesser), Role::Editor)];
        assert_eq!(held(on).await, on_project);
    }

    async fn a_history_holds_what_is_below(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let (service, project) = (ground.service.0, ground.project.0);
        let tx = store.write_tx().await.unwrap();
        let farm = tx.insert_farm(&sample::farm("f")).await.unwrap();
        let mut served = tx.load_project(ground.project).await.unwrap().unwrap();
        served.farm = Some(farm);
        tx.update_project(&served).await.unwrap();
        let maria = tx.insert_user(&sample::user("maria")).await.unwrap();
        let mut entries = vec![
            entry("service", service, None),
            entry("service", service + 1, None),
            entry("project", project, Some(("service", service))),
            entry("rule", 70, Some(("service", service))),
            entry("exporter", 71, Some(("project", project))),
            entry("exporter", 72, Some(("project", project + 1))),
            entry("host", 73, Some(("farm", farm.0))),
            entry("group", 74, None),
            entry("role", 75, Some(("group", 74))),
        ];
        entries[4].user = Some(maria);
        tx.insert_audit(&entries).await.unwrap();
        let found = async |histories: &[History], user_id| {
            let filter = AuditFilter { histories, user_id, ..AuditFilter::default() };
            let listed = tx.page_audit(None, &filter, Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.kind).collect::<Vec<_>>().join(" ")
        };
        let (of_service, of_project) =
            (History::Service(ground.service), History::Project(ground.project));
        assert_eq!(found(&[of_service], None).await, "exporter rule project service");
        assert_eq!(found(&[of_project], None).await, "host exporter project");
        assert_eq!(found(&[of_service, of_project], None).await, "exporter project");
        assert_eq!(found(&[History::Rule(RuleId(70))], None).await, "rule");
        assert_eq!(found(&[History::Group(GroupId(74))], None).await, "role group");
        assert_eq!(found(&[], Some(maria)).await, "exporter");
        let newest = tx.list_audit(1, None).await.unwrap().remove(0);
        assert_eq!(tx.find_audit(None, newest.id).await.unwrap(), Some(newest));
    }

    async fn objects_that_are_named_are_found_when_they_are_there(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.read_tx().await.unwrap();
        let there = [
            (AuditKind::Service, i64::from(ground.service.0)),
            (AuditKind::Project, i64::from(ground.project.0)),
            (AuditKind::Site, 1),
        ];
        let away = [
            (AuditKind::Service, i64::MAX),
            (AuditKind::Rule, 4711),
            (AuditKind::Farm, 4711),
            (AuditKind::Shard, 4711),
            (AuditKind::Group, 4711),
            (AuditKind::User, 4711),
            // These have no page of their own.
            (AuditKind::Exporter, 1),
        ];
        let asked = there.into_iter().chain(away).collect();
        assert_eq!(tx.present(&asked).await.unwrap(), there.into_iter().collect());
    }

    async fn groups_show_their_first_members(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut groups = Vec::new();
        for name in ["sre", "empty", "web"] {
            let group = Group { id: GroupId(0), name: name.to_owned() };
            groups.push(tx.insert_group(&group).await.unwrap());
        }
        for name in ["zoe", "adam", "mia"] {
            let user = tx.insert_user(&sample::user(name)).await.unwrap();
            for group in [groups[0], groups[2]] {
                let role = GroupRole::Member;
                if name != "zoe" || group == groups[0] {
                    tx.put_member(Member { group, user, role }).await.unwrap();
                }
            }
        }
        let rosters = tx.rosters(&groups, 2).await.unwrap();
        assert_eq!((rosters[&groups[0]].count, rosters[&groups[2]].count), (3, 2));
        assert_eq!(rosters[&groups[0]].first, ["adam", "mia"]);
        assert_eq!(rosters[&groups[2]].first, ["adam", "mia"]);
        assert!(!rosters.contains_key(&groups[1]));
        assert!(tx.rosters(&[], 2).await.unwrap().is_empty());
    }

    async fn accounts_are_filtered_and_know_the_last_login(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut ids = Vec::new();
        for (name, active, superuser) in
            [("zoe", true, true), ("adam", false, true), ("mia", true, false)]
        {
            let user = User { active, superuser, ..sample::user(name) };
            ids.push(tx.insert_user(&user).await.unwrap());
        }
        tx.touch_user(ids[2], Timestamp(77)).await.unwrap();
        tx.set_password(ids[2], Some("$x")).await.unwrap();
        let names = async |filter: AccountFilter<'_>| {
            let listed = tx.page_accounts(&filter, Sort::default(), Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.user.username).collect::<Vec<_>>()
        };
        let all = AccountFilter::default();
        assert_eq!(names(all).await, ["adam", "mia", "zoe"]);
        assert_eq!(names(AccountFilter { active: Some(true), ..all }).await, ["mia", "zoe"]);
        assert_eq!(names(AccountFilter { superuser: Some(true), ..all }).await, ["adam", "zoe"]);
        assert_eq!(names(AccountFilter { text: Some("ia"), ..all }).await, ["mia"]);
        let mia = tx.load_account(ids[2]).await.unwrap().unwrap();
        assert_eq!((mia.last_login, mia.has_password), (Some(Timestamp(77)), true));
        tx.update_user(&mia.user).await.unwrap();
        assert_eq!(tx.load_account(ids[2]).await.unwrap(), Some(mia), "a change keeps both");
        assert!(!tx.has_other_superuser(ids[0]).await.unwrap());
        assert!(tx.has_other_superuser(ids[1]).await.unwrap());
        assert_eq!(tx.load_account(UserId(4711)).await.unwrap(), None);
    }

    async fn tokens_are_listed_by_scope_and_user(database: &TestDatabase) {
        let store = database.migrated().await;
        let (maria, robot) = (user(&store, "maria").await, user(&store, "robot").await);
        let tx = store.write_tx().await.unwrap();
        for (number, user, scopes) in [
            (1, maria, vec![Scope::Read]),
            (2, robot, vec![Scope::Alerts]),
            (3, robot, vec![Scope::Read, Scope::Alerts]),
            (4, robot, vec![Scope::Alerts]),
        ] {
            let id = tx.insert_token(&token(user, &scopes), &[number; 32]).await.unwrap();
            if number == 4 {
                tx.revoke_token(id, Timestamp(5)).await.unwrap();
            }
        }
        let users = async |scope| {
            let filter = TokenFilter { scope, ends_after: None };
            let listed = tx.page_tokens(filter, Sort::default(), Slice::ALL).await.unwrap();
            listed.items.into_iter().map(|one| one.user).collect::<Vec<_>>()
        };
        assert_eq!(users(None).await, [robot, robot, maria]);
        assert_eq!(users(Some(Scope::Alerts)).await, [robot, robot]);
        assert_eq!(tx.list_tokens_of(robot).await.unwrap().len(), 3);
        let ended = Token { expires: Some(Timestamp(10)), ..token(robot, &[Scope::Read]) };
        tx.insert_token(&ended, &[5; 32]).await.unwrap();
        let count = async |ends_after| {
            let filter = TokenFilter { scope: None, ends_after: Some(Timestamp(ends_after)) };
            tx.page_tokens(filter, Sort::default(), Slice::ALL).await.unwrap().count
        };
        assert_eq!((count(9).await, count(10).await), (4, 3));
        for (key, first) in [(TokenKey::User, maria), (TokenKey::Expires, robot), (TokenKey::Used, robot)] {
            let sort = Sort { key, descending: false };
            let listed = tx.page_tokens(TokenFilter::default(), sort, Slice::ALL).await.unwrap();
            assert_eq!(listed.items[0].user, first, "{key:?}");
        }
    }
}
