//! Who has roles on what, in pages; and subscriptions.

use promgen_core::model::*;
use promgen_core::store::{ProjectFilter, Slice, Sort, Visible};

use super::sample;

const FIRST: Slice = Slice {
    offset: 0,
    limit: 1,
};
const SECOND: Slice = Slice {
    offset: 1,
    limit: 1,
};

fn grant(on: RoleOn, to: Grantee, role: Role) -> Grant {
    Grant {
        id: GrantId(0),
        on,
        to,
        role,
    }
}

on_every_database! {
    async fn holders_of_roles_are_listed_by_name_in_pages(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let on = RoleOn::Project(ground.project);
        let mut zoe = sample::user("zoe");
        zoe.id = tx.insert_user(&zoe).await.unwrap();
        let mut adam = sample::user("adam");
        adam.id = tx.insert_user(&adam).await.unwrap();
        let mut sre = Group { id: GroupId(0), name: "sre".to_owned() };
        sre.id = tx.insert_group(&sre).await.unwrap();
        for (to, role) in [
            (Grantee::User(zoe.id), Role::Admin),
            (Grantee::User(adam.id), Role::Viewer),
            (Grantee::Group(sre.id), Role::Editor),
        ] {
            tx.insert_grant(&grant(on, to, role)).await.unwrap();
        }
        let other = grant(RoleOn::Service(ground.service), Grantee::User(zoe.id), Role::Viewer);
        tx.insert_grant(&other).await.unwrap();
        let first = tx.page_users_on(on, None, FIRST).await.unwrap();
        assert_eq!((first.count, first.items), (2, vec![(adam.clone(), Role::Viewer)]));
        let second = tx.page_users_on(on, None, SECOND).await.unwrap();
        assert_eq!(second.items, [(zoe.clone(), Role::Admin)]);
        let admins = tx.page_users_on(on, Some(Role::Admin), Slice::ALL).await.unwrap();
        assert_eq!(admins.items, [(zoe.clone(), Role::Admin)]);
        let groups = tx.page_groups_on(on, None, Slice::ALL).await.unwrap();
        assert_eq!(groups.items, [(sre.clone(), Role::Editor)]);
        let none = tx.page_groups_on(on, Some(Role::Viewer), Slice::ALL).await.unwrap();
        assert_eq!((none.count, none.items), (0, Vec::new()));
        let resources = tx.page_grants_to(Grantee::Group(sre.id), Slice::ALL).await.unwrap();
        let objects: Vec<RoleOn> = resources.items.iter().map(|one| one.on).collect();
        assert_eq!(objects, [on]);
        let names = tx.names_of(&[on, RoleOn::Service(ground.service)]).await.unwrap();
        assert_eq!(names.len(), 2);
    }

    async fn members_and_groups_are_found_by_parts_of_names(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut zoe = sample::user("zoe");
        "Zo\u{eb}".clone_into(&mut zoe.first_name);
        zoe.id = tx.insert_user(&zoe).await.unwrap();
        let mut sre = Group { id: GroupId(0), name: "sre".to_owned() };
        sre.id = tx.insert_group(&sre).await.unwrap();
        let member = Member { group: sre.id, user: zoe.id, role: GroupRole::Admin };
        tx.put_member(member).await.unwrap();
        let found = tx.page_members(sre.id, Some("oe"), Slice::ALL).await.unwrap();
        assert_eq!(found.items, [(zoe.clone(), GroupRole::Admin)]);
        assert_eq!(tx.page_members(sre.id, Some("OE"), Slice::ALL).await.unwrap().count, 0);
        let groups = tx.page_groups(Some(&[sre.id]), Some("s"), Sort::default(), Slice::ALL).await.unwrap();
        assert_eq!(groups.items, [sre]);
        assert_eq!(tx.page_groups(Some(&[]), None, Sort::default(), Slice::ALL).await.unwrap().count, 0);
        assert_eq!(tx.page_groups(None, Some("x"), Sort::default(), Slice::ALL).await.unwrap().count, 0);
        let users = tx.page_users(Some("\u{eb}"), Slice::ALL).await.unwrap();
        assert_eq!(users.items, [zoe.clone()]);
        zoe.active = false;
        tx.update_user(&zoe).await.unwrap();
        assert_eq!(tx.page_users(None, Slice::ALL).await.unwrap().count, 0);
    }

    async fn projects_are_cut_by_all_filters_at_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let project = tx.load_project(ground.project).await.unwrap().unwrap();
        let service = tx.load_service(ground.service).await.unwrap().unwrap();
        let shard = tx.load_shard(project.shard).await.unwrap().unwrap();
        let all = ProjectFilter {
            name: Some(&project.name),
            service: Some(&service.name),
            shard: Some(&shard.name),
            service_id: Some(service.id),
            shard_id: Some(shard.id),
        };
        let found = tx.page_projects(&Visible::All, &all, Slice::ALL).await.unwrap();
        assert_eq!(found.items, std::slice::from_ref(&project));
        for filter in [
            ProjectFilter { name: Some("nothing"), ..all },
            ProjectFilter { service: Some("nothing"), ..all },
            ProjectFilter { shard: Some("nothing"), ..all },
            ProjectFilter { service_id: Some(ServiceId(4711)), ..all },
            ProjectFilter { shard_id: Some(ShardId(4711)), ..all },
        ] {
            let none = tx.page_projects(&Visible::All, &filter, Slice::ALL).await.unwrap();
            assert_eq!(none.count, 0, "{filter:?}");
        }
        for (projects, count) in [(vec![project.id], 1), (vec![], 0)] {
            let visible = Visible::Some { services: vec![], projects };
            let cut = tx.page_projects(&visible, &ProjectFilter::default(), Slice::ALL).await;
            assert_eq!(cut.unwrap().count, count);
        }
    }

    async fn subscriptions_are_found_by_their_users(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        let tx = store.write_tx().await.unwrap();
        let owner = SenderOwner::Project(ground.project);
        let mut written = sample::sender("7", owner);
        "promgen.notification.user".clone_into(&mut written.driver);
        written.filters = vec![sample::filter("severity", "major")];
        written.id = tx.insert_sender(&written).await.unwrap();
        tx.insert_sender(&sample::sender("8", owner)).await.unwrap();
        let driver = written.driver.as_str();
        let found = tx.list_subscriptions(driver, &[UserId(7), UserId(8)]).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].id, found[0].filters.len()), (written.id, 1));
        assert_eq!(tx.list_subscriptions(driver, &[]).await.unwrap(), []);
        assert_eq!(tx.list_senders_of(owner).await.unwrap().len(), 2);
    }
}
