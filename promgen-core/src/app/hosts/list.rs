//! Which machines there are, and where.

use std::collections::BTreeMap;

use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Farm, FarmId, Host, HostId, Project};
use crate::store::{NameKey, Tx};

/// A machine, as it is in the farms that the actor may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedHost {
    /// Its name.
    pub name: String,
    /// Where it is, by id.
    pub places: Vec<HostPlace>,
}

/// A machine in a farm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPlace {
    /// Its identity there.
    pub id: HostId,
    /// The farm.
    pub farm: Farm,
    /// The projects that the farm serves, as far as the actor may see them, by id.
    pub projects: Vec<Project>,
}

/// The hosts of farms that the actor may see, by name, each once; with a text, those whose name holds
/// it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    text: Option<&str>,
    sort: Sort<NameKey>,
    slice: Slice,
) -> Result<Listed<ListedHost>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let visible = access.visible();
    let names = tx.page_host_names(&visible, text, sort, slice).await?;
    let hosts = tx.list_hosts_among(&visible, &names.items).await?;
    let mut places = places(&tx, &access, hosts).await?;
    Ok(names.map(|name| ListedHost {
        places: places.remove(&name).unwrap_or_default(),
        name,
    }))
}

async fn places(
    tx: &Tx,
    access: &Access,
    hosts: Vec<Host>,
) -> Result<BTreeMap<String, Vec<HostPlace>>, AppError> {
    let mut ids: Vec<FarmId> = hosts.iter().map(|host| host.farm).collect();
    ids.sort_unstable();
    ids.dedup();
    let farms = tx.list_farms_by_id(&ids).await?;
    let farms: BTreeMap<FarmId, Farm> = farms.into_iter().map(|one| (one.id, one)).collect();
    let mut projects = tx.list_projects_on(&ids).await?;
    projects.retain(|project| access.sees(On::Project(project)));
    let mut places: BTreeMap<String, Vec<HostPlace>> = BTreeMap::new();
    for host in hosts {
        let Some(farm) = farms.get(&host.farm) else {
            continue;
        };
        let served = projects.iter().filter(|one| one.farm == Some(farm.id));
        places.entry(host.name).or_default().push(HostPlace {
            id: host.id,
            farm: farm.clone(),
            projects: served.cloned().collect(),
        });
    }
    Ok(places)
}
