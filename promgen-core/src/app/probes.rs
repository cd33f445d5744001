//! Probes: the modules of the blackbox exporter that URLs are probed with.

use super::change::{Change, or_taken, taken};
use super::input::both;
use super::policy::{Access, Act};
use super::tree::Saved as _;
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Probe, ProbeId, Problem};
use crate::store::NameKey;

/// Most characters of a module (Promgen's column width).
const MAX_MODULE: usize = 128;

/// The probes; with a text, those whose module holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    module: Option<&str>,
    sort: Sort<NameKey>,
    slice: Slice,
) -> Result<Listed<Probe>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok(tx.page_probes(module, sort, slice).await?)
}

/// One probe.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown one.
pub async fn find(app: &App, actor: &Actor, id: ProbeId) -> Result<Probe, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let probe = tx.load_probe(id).await?;
    probe.ok_or_else(|| AppError::not_found("probe", &id))
}

/// Makes a probe; one that is the same already stays as it is.
///
/// # Errors
/// [`AppError::Invalid`] for a module or description that cannot be, and for a module that is there
/// with another description; [`AppError::Forbidden`] for whoever may not change the site.
pub async fn create(
    app: &App,
    actor: &Actor,
    module: &str,
    description: &str,
) -> Result<Probe, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let mut probe = Probe {
        id: ProbeId(0),
        module: module.to_owned(),
        description: description.to_owned(),
    };
    let checked = check(&probe);
    // A text with NUL is not looked for: not every database takes it.
    let there = if module.contains('\0') {
        None
    } else {
        change.tx().find_probe(module).await?
    };
    match there {
        Some(there) if there.description == description => return Ok(there),
        there => both(checked, there.map_or(Ok(()), |_| Err(taken("module"))))?,
    };
    let inserted = change.tx().insert_probe(&probe).await;
    probe.id = inserted.map_err(|error| or_taken(error, "module"))?;
    change.created(probe.subject(), &probe);
    change.commit().await?;
    Ok(probe)
}

/// Changes a probe. Its URLs follow.
///
/// # Errors
/// As for [`create`], and [`AppError::NotFound`].
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ProbeId,
    module: Option<&str>,
    description: Option<&str>,
) -> Result<Probe, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let before = load(&change, id).await?;
    let after = Probe {
        id,
        module: module.unwrap_or(&before.module).to_owned(),
        description: description.unwrap_or(&before.description).to_owned(),
    };
    let checked = check(&after);
    let namesake = if after.module.contains('\0') {
        None
    } else {
        change.tx().find_probe(&after.module).await?
    };
    let namesake = namesake.filter(|other| other.id != id);
    both(checked, namesake.map_or(Ok(()), |_| Err(taken("module"))))?;
    if after != before {
        let updated = change.tx().update_probe(&after).await;
        updated.map_err(|error| or_taken(error, "module"))?;
        change.updated(after.subject(), &before, &after);
        change.commit().await?;
    }
    Ok(after)
}

/// Deletes a probe that no URL uses.
///
/// # Errors
/// [`AppError::NotFound`], and [`AppError::Invalid`] for one that URLs use: they would go with it.
pub async fn delete(app: &App, actor: &Actor, id: ProbeId) -> Result<(), AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let probe = load(&change, id).await?;
    let urls = change.tx().count_urls_of(id).await?;
    if urls > 0 {
        let message = format!("{urls} URLs use it");
        let remedy = "delete them first, or give them another probe";
        return Err(AppError::invalid("module", message, remedy));
    }
    change.tx().delete_probe(id).await?;
    change.deleted(probe.subject(), &probe);
    change.commit().await
}

async fn load(change: &Change<'_>, id: ProbeId) -> Result<Probe, AppError> {
    let probe = change.tx().load_probe(id).await?;
    probe.ok_or_else(|| AppError::not_found("probe", &id))
}

fn check(probe: &Probe) -> Result<(), AppError> {
    let Probe {
        module,
        description,
        ..
    } = probe;
    let mut problems = Vec::new();
    let length = module.chars().count();
    if !(1..=MAX_MODULE).contains(&length) || module.chars().any(char::is_control) {
        let remedy = "give 1 to 128 characters on one line";
        problems.push(Problem::error("module", "is no name of a module", remedy));
    }
    if description.contains('\0') {
        problems.push(Problem::error(
            "description",
            "holds a NUL character",
            "take it out",
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid { problems })
    }
}
