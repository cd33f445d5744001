//! Who works with the sample, and what they may do there.

use std::sync::Arc;

use promgen_core::app::{Actor, App, AppError, Options, SchemaPolicy, groups, roles, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{Grantee, GroupRole, Role, RoleOn, Secret, SystemClock, UserId};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_plugins as _;

use crate::promgen::Installation;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// The superuser.
pub const ROOT: &str = "root";

/// Everybody with a password, and their role on the service `shop`: owner, admin, editor, viewer,
/// none. Edith and Vera are in the group `on-call`, whose admin is Adam; it views `billing`.
pub const PEOPLE: [(&str, Option<Role>); 5] = [
    ("olga", Some(Role::Admin)),
    ("adam", Some(Role::Admin)),
    ("edith", Some(Role::Editor)),
    ("vera", Some(Role::Viewer)),
    ("noel", None),
];

/// Opens the database of an installation, which nobody else has open.
///
/// # Panics
/// When that fails.
#[expect(
    clippy::expect_used,
    reason = "without a database there is nothing to test"
)]
pub async fn open(installation: &Installation) -> App {
    let settings = Settings {
        database: DatabaseUrl(Secret::new(installation.database().to_owned())),
        ..Settings::default()
    };
    App::open(Options {
        settings,
        registry: Registry::linked().expect("the drivers"),
        clock: Arc::new(SystemClock),
        create: Create::IfMissing,
        schema: SchemaPolicy::Migrate,
    })
    .await
    .expect("the database")
}

/// Makes the superuser.
pub(super) async fn root(app: &App) -> Result<(), AppError> {
    let password = Secret::new(PASSWORD.to_owned());
    let address = "root@example.com";
    users::create_superuser(app, &operator(), ROOT, address, Some(password)).await?;
    Ok(())
}

/// Gives everybody a password and their role.
pub(super) async fn settle(app: &App) -> Result<(), AppError> {
    let on_call = groups::create(app, &operator(), "on-call").await?.id;
    for (name, role) in PEOPLE {
        let id = users::find(app, &operator(), name).await?.id;
        share_password(app, id).await?;
        if let Some(role) = role {
            grant(app, "shop", Grantee::User(id), role).await?;
        }
        let of_group = match name {
            "adam" => GroupRole::Admin,
            "edith" | "vera" => GroupRole::Member,
            _ => continue,
        };
        groups::add(app, &operator(), on_call, &[id], of_group).await?;
    }
    grant(app, "billing", Grantee::Group(on_call), Role::Viewer).await
}

async fn grant(app: &App, service: &str, to: Grantee, role: Role) -> Result<(), AppError> {
    let tx = app.store().read_tx().await?;
    let found = tx.find_service(service).await?;
    drop(tx);
    let found = found.ok_or_else(|| AppError::not_found("service", service))?;
    roles::assign(app, &operator(), RoleOn::Service(found.id), to, role).await?;
    Ok(())
}

/// Hashing is slow by design, and more so in a test: the hash of the superuser is good for all.
async fn share_password(app: &App, user: UserId) -> Result<(), AppError> {
    let root = users::find(app, &operator(), ROOT).await?.id;
    let tx = app.store().write_tx().await?;
    let hash = tx.find_password(root).await?;
    tx.set_password(user, hash.as_deref()).await?;
    tx.commit().await?;
    Ok(())
}

fn operator() -> Actor {
    Actor::operator("sample")
}
