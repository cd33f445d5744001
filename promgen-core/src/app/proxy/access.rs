//! What of the shards somebody gets to see.

use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Right};
use crate::model::{ProjectId, ServiceId, Shard};
use crate::promql::Limit;
use crate::store::{StoreError, Tx};

/// The shards, and what of them somebody may see.
#[derive(Debug)]
pub(super) struct View {
    /// The shards that take part, in their order.
    pub(super) shards: Vec<Shard>,
    /// `None` is everything.
    pub(super) limit: Option<Limit>,
}

/// Refuses whoever may not query at all.
///
/// # Errors
/// [`AppError::Unauthenticated`] or [`AppError::Forbidden`], where `proxy.anonymous` is not set.
pub fn admit(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.require(Right::Query, app.settings())
}

/// What somebody may query.
pub(super) async fn view(app: &App, actor: &Actor) -> Result<View, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Query, app.settings())?;
    if app.settings().proxy.enforce {
        return Ok(View::limited(&tx, &access).await?);
    }
    Ok(View {
        shards: tx.list_proxied_shards().await?,
        limit: None,
    })
}

impl View {
    /// What somebody may query, limited to what they see.
    pub(super) async fn limited(tx: &Tx, access: &Access) -> Result<Self, StoreError> {
        let limit = if access.sees_all() {
            None
        } else {
            Some(limit(tx, access).await?)
        };
        Ok(Self {
            shards: tx.list_proxied_shards().await?,
            limit,
        })
    }
}

/// The names of what somebody sees. Projects below services that they see are left out.
async fn limit(tx: &Tx, access: &Access) -> Result<Limit, StoreError> {
    let services: Vec<ServiceId> = access.services().collect();
    let projects: Vec<ProjectId> = access.projects().collect();
    let names = tx.list_project_names(&projects).await?;
    let outside = names
        .into_iter()
        .filter(|(_, service)| access.on_service(*service).is_none());
    Ok(Limit {
        services: tx
            .list_service_names(&services)
            .await?
            .into_iter()
            .collect(),
        projects: outside.map(|(name, _)| name).collect(),
    })
}
