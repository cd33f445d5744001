//! Local farms as people change them, and the end of any farm.

use std::collections::BTreeSet;

use super::answer::Difference;
use super::served::Served;
use crate::app::change::{Change, Subject};
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError};
use crate::model::{AuditKind, Farm, FarmId, HostId, Hostname, Members, Name, Problem};

/// Gives a local farm another name; without one it stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown farm, [`AppError::Forbidden`] without the right to edit
/// every project that it serves, [`AppError::Invalid`] for a remote farm and a name that cannot be.
pub async fn rename(
    app: &App,
    actor: &Actor,
    farm: FarmId,
    name: Option<&str>,
) -> Result<Served, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let before = Served::require(change.tx(), &access, Act::Edit, farm, app.settings()).await?;
    require_local(&before.farm)?;
    let Some(name) = name else {
        return Ok(before.seen_by(&access));
    };
    let after = Served {
        farm: Farm {
            name: parse_name(name)?,
            ..before.farm.clone()
        },
        ..before.clone()
    };
    if after != before {
        change.tx().update_farm(&after.farm).await?;
        change.updated(after.subject(), &before.farm, &after.farm);
        change.commit().await?;
    }
    Ok(after.seen_by(&access))
}

/// Deletes a farm with its hosts. The projects that it served have none then.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown farm, [`AppError::Forbidden`] without the right to edit
/// every project that it serves.
pub async fn delete(app: &App, actor: &Actor, farm: FarmId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let served = Served::require(change.tx(), &access, Act::Edit, farm, app.settings()).await?;
    change.tx().delete_farm(farm).await?;
    change.deleted(served.subject(), &served.farm);
    change.commit().await
}

/// Adds hosts to a local farm, all of them or none. Those that it has already stay.
///
/// # Errors
/// As [`rename`]; [`AppError::Invalid`] names every host that cannot be.
pub async fn add_hosts(
    app: &App,
    actor: &Actor,
    farm: FarmId,
    hosts: &[String],
) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let served = Served::require(change.tx(), &access, Act::Edit, farm, app.settings()).await?;
    require_local(&served.farm)?;
    put_hosts(&mut change, &served, &parse_hosts(hosts)?).await?;
    change.commit().await
}

/// Takes a host from a local farm.
///
/// # Errors
/// As [`rename`]; [`AppError::NotFound`] also for a host of another farm.
pub async fn remove_host(
    app: &App,
    actor: &Actor,
    farm: FarmId,
    host: HostId,
) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let served = Served::require(change.tx(), &access, Act::Edit, farm, app.settings()).await?;
    let found = change.tx().load_host(host).await?;
    let found = found.filter(|host| host.farm == farm);
    let found = found.ok_or_else(|| AppError::not_found("host", &host))?;
    require_local(&served.farm)?;
    change.tx().delete_host(host).await?;
    let name = format!("{} [{}]", found.name, served.farm.name);
    let subject = Subject::new(AuditKind::Host, host.0, name).below(AuditKind::Farm, farm.0);
    change.deleted(subject, &found);
    change.commit().await
}

/// Adds the hosts that a farm lacks.
pub(super) async fn put_hosts(
    change: &mut Change<'_>,
    served: &Served,
    hosts: &BTreeSet<String>,
) -> Result<(), AppError> {
    let stored = change.tx().list_hosts_of(served.farm.id).await?;
    let mut added = hosts.clone();
    for host in stored {
        added.remove(&host.name);
    }
    if added.is_empty() {
        return Ok(());
    }
    let difference = Difference {
        added,
        ..Difference::default()
    };
    let new = difference.new_hosts(&served.farm);
    change.tx().insert_hosts(&new).await?;
    let hosts = Members::Hosts(new.len());
    change.added(hosts, served.subject(), &difference.added);
    Ok(())
}

/// Hosts as they are stored, each once; every one that cannot be is told by its place.
pub(in crate::app) fn parse_hosts(hosts: &[String]) -> Result<BTreeSet<String>, AppError> {
    let (mut good, mut problems) = (BTreeSet::new(), Vec::new());
    for (at, host) in hosts.iter().enumerate() {
        match Hostname::parse(host) {
            Ok(host) => drop(good.insert(host.to_string())),
            Err(error) => {
                let remedy = "give addresses or DNS names; the port belongs to the exporter";
                let field = format!("hosts[{at}]");
                problems.push(Problem::error(field, error.to_string(), remedy));
            }
        }
    }
    if problems.is_empty() {
        Ok(good)
    } else {
        Err(AppError::Invalid { problems })
    }
}

/// The name of a farm.
pub(super) fn parse_name(name: &str) -> Result<Name, AppError> {
    Name::parse(name).map_err(|error| {
        let remedy = "choose a name of 1 to 128 plain characters";
        AppError::invalid("name", error.to_string(), remedy)
    })
}

fn require_local(farm: &Farm) -> Result<(), AppError> {
    if farm.is_local() {
        return Ok(());
    }
    let message = format!(
        "only local farms can be changed here; the hosts of {} come from {}",
        farm.name, farm.source
    );
    let remedy = "change them there, or convert the farm to a local one";
    Err(AppError::invalid("", message, remedy))
}
