//! What a project may be called, and where it may be.

use crate::app::AppError;
use crate::app::input::taken;
use crate::app::registration::parse_name;
use crate::model::{Name, Project, RuleOwner, Service, ServiceId, Shard, ShardId};
use crate::store::Tx;

/// A name for a project that has another one.
pub(super) async fn rename(tx: &Tx, before: &Project, name: &str) -> Result<Name, AppError> {
    if before.name == name {
        return Ok(before.name.clone());
    }
    let name = parse_name("name", name)?;
    if tx.find_project(&name).await?.is_some() {
        return Err(taken("project", &name));
    }
    Ok(name)
}

/// A shard that takes further projects.
pub(in crate::app) async fn open_shard(tx: &Tx, id: ShardId) -> Result<Shard, AppError> {
    let Some(shard) = tx.load_shard(id).await? else {
        let message = format!("there is no shard with id {id}");
        return Err(AppError::invalid(
            "shard",
            message,
            "/rest/v2/shards lists them",
        ));
    };
    if !shard.enabled {
        let message = format!("shard {} is disabled", shard.name);
        return Err(AppError::invalid("shard", message, "choose another one"));
    }
    Ok(shard)
}

/// A service that a project shall move to, or leave.
pub(super) async fn other_service(tx: &Tx, id: ServiceId) -> Result<Service, AppError> {
    tx.load_service(id).await?.ok_or_else(|| {
        let message = format!("there is no service with id {id}");
        AppError::invalid("service", message, "/rest/v2/services lists them")
    })
}

/// Refuses to move a project whose rules override rules of the service that it leaves.
pub(super) async fn may_leave(tx: &Tx, project: &Project) -> Result<(), AppError> {
    let rules = tx
        .list_rules_owned_by(&[RuleOwner::Project(project.id)])
        .await?;
    let above = tx
        .list_rules_owned_by(&[RuleOwner::Service(project.service)])
        .await?;
    let bound = |rule: &&crate::model::Rule| {
        rule.parent
            .is_some_and(|parent| above.iter().any(|one| one.id == parent))
    };
    match rules.iter().find(bound) {
        None => Ok(()),
        Some(rule) => {
            let message = format!(
                "rule {} overrides a rule of the service that the project would leave",
                rule.name
            );
            let remedy = "take its parent away, or delete it, before the project is moved";
            Err(AppError::invalid("service", message, remedy))
        }
    }
}
