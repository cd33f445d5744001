use super::*;
use crate::model::{GroupOptions, Name, ShardId, Timestamp, User};

fn user(id: i32, superuser: bool) -> Actor {
    Actor::User(User {
        id: UserId(id),
        username: format!("user{id}"),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        superuser,
        active: true,
        created: Timestamp(0),
        timezone: None,
        language: None,
    })
}

fn access(actor: &Actor, default_role: Option<Role>, grants: &[(RoleOn, Role)]) -> Access {
    let mut settings = Settings::default();
    settings.permissions.default_role = default_role;
    let mut access = Access::without_roles(actor, &settings);
    for (on, role) in grants {
        access.add(*on, *role);
    }
    access
}

fn service(id: i32, owner: i32) -> Service {
    Service {
        id: ServiceId(id),
        name: Name::stored(format!("service{id}")),
        description: String::new(),
        owner: Some(UserId(owner)),
        group: GroupOptions::default(),
    }
}

fn project(id: i32, service: i32) -> Project {
    Project {
        id: ProjectId(id),
        name: Name::stored(format!("project{id}")),
        description: String::new(),
        owner: Some(UserId(100)),
        service: ServiceId(service),
        shard: ShardId(1),
        farm: None,
        group: GroupOptions::default(),
    }
}

fn allowed(access: &Access, on: On<'_>) -> Vec<Act> {
    let acts = [Act::See, Act::Edit, Act::Manage, Act::Own];
    let settings = Settings::default();
    let may = |act: &Act| access.require_on(*act, on, &settings).is_ok();
    acts.into_iter().filter(may).collect()
}

const ON_SERVICE: RoleOn = RoleOn::Service(ServiceId(1));
const ON_PROJECT: RoleOn = RoleOn::Project(ProjectId(11));

#[test]
fn a_role_on_a_service_counts_for_its_projects_and_not_the_other_way() {
    let (shop, cart) = (service(1, 100), project(11, 1));
    let of_service = access(&user(7, false), None, &[(ON_SERVICE, Role::Editor)]);
    assert_eq!(
        allowed(&of_service, On::Service(&shop)),
        [Act::See, Act::Edit]
    );
    assert_eq!(
        allowed(&of_service, On::Project(&cart)),
        [Act::See, Act::Edit]
    );
    let of_project = access(&user(7, false), None, &[(ON_PROJECT, Role::Admin)]);
    assert_eq!(allowed(&of_project, On::Service(&shop)), []);
    assert_eq!(
        allowed(&of_project, On::Project(&cart)),
        [Act::See, Act::Edit, Act::Manage]
    );
    assert_eq!(allowed(&of_project, On::Project(&project(12, 1))), []);
}

#[test]
fn the_greatest_of_several_roles_counts() {
    let grants = [
        (ON_SERVICE, Role::Viewer),
        (ON_SERVICE, Role::Admin),
        (ON_SERVICE, Role::Editor),
    ];
    let access = access(&user(7, false), Some(Role::Viewer), &grants);
    assert_eq!(access.on_service(ServiceId(1)), Some(Role::Admin));
    assert_eq!(access.on_service(ServiceId(2)), Some(Role::Viewer));
}

#[test]
fn only_the_owner_and_superusers_may_delete() {
    let shop = service(1, 7);
    let admin = access(&user(8, false), None, &[(ON_SERVICE, Role::Admin)]);
    assert!(!allowed(&admin, On::Service(&shop)).contains(&Act::Own));
    let owner = access(&user(7, false), None, &[(ON_SERVICE, Role::Admin)]);
    assert!(allowed(&owner, On::Service(&shop)).contains(&Act::Own));
    let superuser = access(&user(9, true), None, &[]);
    assert_eq!(allowed(&superuser, On::Service(&shop)).len(), 4);
}

#[test]
fn a_shared_farm_is_seen_from_one_project_and_changed_from_all() {
    let projects = [project(11, 1), project(21, 2)];
    let one = access(&user(7, false), None, &[(ON_PROJECT, Role::Editor)]);
    assert_eq!(allowed(&one, On::Farm(&projects)), [Act::See]);
    let both = [
        (ON_PROJECT, Role::Editor),
        (RoleOn::Service(ServiceId(2)), Role::Editor),
    ];
    let both = access(&user(7, false), None, &both);
    assert_eq!(allowed(&both, On::Farm(&projects)), [Act::See, Act::Edit]);
    assert_eq!(allowed(&both, On::Farm(&[])), []);
}

#[test]
fn everybody_sees_rules_of_the_site_and_only_superusers_change_them() {
    let nobody = access(&user(7, false), None, &[]);
    assert_eq!(allowed(&nobody, On::Site), [Act::See]);
    assert_eq!(
        allowed(
            &access(&Actor::Anonymous, Some(Role::Editor), &[]),
            On::Site
        ),
        []
    );
    assert!(allowed(&access(&Actor::System, None, &[]), On::Site).contains(&Act::Edit));
}

#[test]
fn senders_of_people_are_their_own() {
    let settings = Settings::default();
    let maria = access(&user(7, false), Some(Role::Editor), &[]);
    let own = |access: &Access, id| {
        access.require_on(Act::ChangeOwnSender, On::User(UserId(id)), &settings)
    };
    assert!(own(&maria, 7).is_ok());
    assert!(own(&maria, 8).is_err());
    assert!(own(&access(&user(9, true), None, &[]), 8).is_ok());
}
