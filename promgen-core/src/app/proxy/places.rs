//! Where the pages of shards are.

use super::shards::{address, told};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};

/// A shard that takes part in queries, and where a page of its Prometheus is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the shard.
    pub shard: String,
    /// Address of the page, without credentials; an `http` or `https` URL.
    pub url: String,
}

/// Where the page of a path, such as `/graph`, is on each shard that takes part in queries, by name.
/// A shard without a usable address has none.
///
/// # Errors
/// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] for whoever may not query.
pub async fn places(app: &App, actor: &Actor, path: &str) -> Result<Vec<Place>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Query, app.settings())?;
    let shards = tx.list_proxied_shards().await?;
    let place = |shard: &crate::model::Shard| {
        let url = address(shard, path).ok()?;
        Some(Place {
            shard: shard.name.to_string(),
            url: told(url),
        })
    };
    let mut places: Vec<Place> = shards.iter().filter_map(place).collect();
    places.sort_by(|one, other| one.shard.cmp(&other.shard));
    Ok(places)
}
