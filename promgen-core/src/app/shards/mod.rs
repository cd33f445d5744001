//! Shards and the Prometheus servers in them: everybody sees them, superusers change them.

mod servers;

pub use servers::{add_server, remove_server, update_server};

use super::change::{Change, Subject, refuse_errors};
use super::input::both;
use super::policy::{Access, Act};
use super::proxy::{self, Counts};
use super::registration::parse_name;
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::{AuditKind, Name, Problem, Secret, Server, Shard, ShardId, is_line, is_web_url};
use crate::store::Tx;

/// Most characters of an `Authorization` header, as the original has it.
const MOST_AUTHORIZATION: usize = 4083;

/// What is said about a shard; what is not stays as it is, or is as for any new shard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShardFields {
    /// Name.
    pub name: Option<String>,
    /// Base URL of its Prometheus; may be empty.
    pub url: Option<String>,
    /// Whether queries are proxied to it.
    pub proxy: Option<bool>,
    /// Whether new projects may be placed on it.
    pub enabled: Option<bool>,
    /// Value of the header `Authorization` for it; empty for none.
    pub authorization: Option<Secret<String>>,
    /// Capacity estimate, in samples.
    pub samples: Option<u64>,
    /// Capacity estimate, in targets.
    pub targets: Option<u64>,
}

/// A shard and what its Prometheus scrapes at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedShard {
    /// The shard.
    pub shard: Shard,
    /// What it scrapes, as far as it told in time.
    pub counts: Counts,
}

/// As [`list`], each shard with what its Prometheus scrapes. They are asked all at once and only for
/// a moment.
///
/// # Errors
/// As [`list`].
pub async fn list_counted(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    slice: Slice,
) -> Result<Listed<CountedShard>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let listed = tx.page_shards(name, slice).await?;
    drop(tx);
    let counts = proxy::counts(app, &access, &listed.items).await?;
    let mut counts = counts.into_iter();
    Ok(listed.map(|shard| CountedShard {
        counts: counts.next().unwrap_or_default(),
        shard,
    }))
}

/// One shard, with what its Prometheus scrapes.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard.
pub async fn find_counted(app: &App, actor: &Actor, id: ShardId) -> Result<CountedShard, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let shard = load(&tx, id).await?;
    drop(tx);
    let counts = proxy::counts(app, &access, std::slice::from_ref(&shard)).await?;
    Ok(CountedShard {
        counts: counts.into_iter().next().unwrap_or_default(),
        shard,
    })
}

/// All shards, by name; with a text, those whose name holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    slice: Slice,
) -> Result<Listed<Shard>, AppError> {
    let (tx, _) = begin(app, actor).await?;
    Ok(tx.page_shards(name, slice).await?)
}

/// The shard of that name.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard.
pub async fn find_named(app: &App, actor: &Actor, name: &str) -> Result<Shard, AppError> {
    let (tx, _) = begin(app, actor).await?;
    let found = tx.find_shard(name).await?;
    found.ok_or_else(|| AppError::not_found("shard", name))
}

/// The servers of a shard, by id.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard.
pub async fn servers(app: &App, actor: &Actor, id: ShardId) -> Result<Vec<Server>, AppError> {
    let (tx, _) = begin(app, actor).await?;
    load(&tx, id).await?;
    Ok(tx.list_servers_of(id).await?)
}

async fn begin(app: &App, actor: &Actor) -> Result<(Tx, Access), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok((tx, access))
}

async fn load(tx: &Tx, id: ShardId) -> Result<Shard, AppError> {
    let found = tx.load_shard(id).await?;
    found.ok_or_else(|| AppError::not_found("shard", &id))
}

/// Makes a shard, unless there is one of that name.
///
/// # Errors
/// [`AppError::Forbidden`] without the right, [`AppError::Invalid`] for fields that cannot be.
pub async fn create(app: &App, actor: &Actor, fields: &ShardFields) -> Result<Shard, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let named = parse_name("name", fields.name.as_deref().unwrap_or_default());
    if let Ok(name) = &named
        && let Some(found) = change.tx().find_shard(name).await?
    {
        return Ok(found);
    }
    let blank = Shard::new(ShardId(0), Name::stored("shard"));
    let mut shard = with(blank, named, fields)?;
    shard.id = change.tx().insert_shard(&shard).await?;
    change.created(subject(&shard), &shard);
    change.commit().await?;
    Ok(shard)
}

/// Changes a shard.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard, [`AppError::Forbidden`] without the right,
/// [`AppError::Invalid`] for fields that cannot be, and for a name that another shard has.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ShardId,
    fields: &ShardFields,
) -> Result<Shard, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let before = load(change.tx(), id).await?;
    let name = match &fields.name {
        Some(name) => free_name(change.tx(), id, name).await,
        None => Ok(before.name.clone()),
    };
    let after = with(before.clone(), name, fields)?;
    if after != before {
        change.tx().update_shard(&after).await?;
        change.updated(subject(&after), &before, &after);
        change.commit().await?;
    }
    Ok(after)
}

/// Deletes a shard with its servers. One that has projects is kept: they would go with it.
///
/// # Errors
/// As [`update`]; [`AppError::Invalid`] for a shard that has projects.
pub async fn delete(app: &App, actor: &Actor, id: ShardId) -> Result<(), AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let shard = load(change.tx(), id).await?;
    if change.tx().is_shard_used(id).await? {
        let message = format!("shard {} has projects", shard.name);
        let remedy = "put them on another shard, or delete them first";
        return Err(AppError::invalid("", message, remedy));
    }
    change.tx().delete_shard(id).await?;
    change.deleted(subject(&shard), &shard);
    change.commit().await
}

/// A name that no other shard has.
async fn free_name(tx: &Tx, id: ShardId, name: &str) -> Result<Name, AppError> {
    let name = parse_name("name", name)?;
    let named = tx.find_shard(&name).await?;
    if named.is_some_and(|other| other.id != id) {
        let message = format!("there is a shard {name} already");
        return Err(AppError::invalid("name", message, "choose another"));
    }
    Ok(name)
}

/// A shard with what is said about it; all that is wrong is told.
fn with(
    shard: Shard,
    name: Result<Name, AppError>,
    fields: &ShardFields,
) -> Result<Shard, AppError> {
    let mut problems = Vec::new();
    let url = fields.url.clone().unwrap_or(shard.url);
    if !(url.is_empty() || is_web_url(&url)) {
        let remedy = "write it like http://prometheus:9090, in at most 256 characters";
        problems.push(Problem::error("url", "is not a URL", remedy));
    }
    let authorization = match &fields.authorization {
        Some(given) => Some(given.clone()).filter(|given| !given.reveal().is_empty()),
        None => shard.authorization,
    };
    let fits = |secret: &Secret<String>| is_line(secret.reveal(), MOST_AUTHORIZATION);
    if !authorization.as_ref().is_none_or(fits) {
        let remedy = format!("write one line of at most {MOST_AUTHORIZATION} characters");
        problems.push(Problem::error(
            "authorization",
            "is no header value",
            remedy,
        ));
    }
    let most = i64::MAX.unsigned_abs();
    for (field, value) in [("samples", fields.samples), ("targets", fields.targets)] {
        if value.is_some_and(|value| value > most) {
            let remedy = format!("write at most {most}");
            problems.push(Problem::error(field, "is too large", remedy));
        }
    }
    let (name, _) = both(name, refuse_errors(problems))?;
    Ok(Shard {
        name,
        url,
        authorization,
        proxy: fields.proxy.unwrap_or(shard.proxy),
        enabled: fields.enabled.unwrap_or(shard.enabled),
        samples: fields.samples.unwrap_or(shard.samples),
        targets: fields.targets.unwrap_or(shard.targets),
        ..shard
    })
}

fn subject(shard: &Shard) -> Subject {
    Subject::new(AuditKind::Shard, shard.id.0, &shard.name)
}
