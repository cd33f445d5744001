//! Shards as the pages show them ("datasources" there): with what is on them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::policy::{Access, Act};
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Server, Shard, ShardId};
use crate::store::{ShardKey, ShardService};

/// A shard in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datasource {
    /// The shard, without the authorization.
    pub shard: Shard,
    /// How many projects that the actor may see are on it.
    pub projects: u64,
    /// Their services, by name.
    pub services: Vec<ShardService>,
}

/// A shard with its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasourceDetail {
    /// The shard, without the authorization.
    pub shard: Shard,
    /// Whether it has one.
    pub has_authorization: bool,
    /// Its servers, by id.
    pub servers: Vec<Server>,
}

/// The shards; those that come out equal by name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    sort: Sort<ShardKey>,
    slice: Slice,
) -> Result<Listed<Datasource>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let visible = access.visible();
    let counts = tx.count_projects_by_shard(&visible).await?;
    let count = |shard: &Shard| counts.get(&shard.id).copied().unwrap_or(0);
    // There are few shards: each is a Prometheus.
    let mut shards = tx.page_shards(None, Slice::ALL).await?.items;
    match (sort.key, sort.descending) {
        (ShardKey::Name, false) => {}
        (ShardKey::Name, true) => shards.reverse(),
        (ShardKey::Projects, false) => shards.sort_by_key(count),
        (ShardKey::Projects, true) => shards.sort_by_key(|shard| Reverse(count(shard))),
    }
    let listed = Listed::cut(shards, slice);
    let ids: Vec<ShardId> = listed.items.iter().map(|shard| shard.id).collect();
    let mut services: BTreeMap<ShardId, Vec<ShardService>> = BTreeMap::new();
    for service in tx.list_services_on(&visible, &ids).await? {
        services.entry(service.shard).or_default().push(service);
    }
    Ok(listed.map(|shard| Datasource {
        projects: count(&shard).try_into().unwrap_or(0),
        services: services.remove(&shard.id).unwrap_or_default(),
        shard: bare(shard),
    }))
}

/// One shard.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown one.
pub async fn find(app: &App, actor: &Actor, id: ShardId) -> Result<DatasourceDetail, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let shard = tx.load_shard(id).await?;
    let shard = shard.ok_or_else(|| AppError::not_found("shard", &id))?;
    Ok(DatasourceDetail {
        has_authorization: shard.authorization.is_some(),
        shard: bare(shard),
        servers: tx.list_servers_of(id).await?,
    })
}

fn bare(shard: Shard) -> Shard {
    Shard {
        authorization: None,
        ..shard
    }
}
