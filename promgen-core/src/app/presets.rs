//! Presets: the usual exporters, offered when one is registered (`DefaultExporter` in the original).

use super::change::{Change, or_taken};
use super::exporters::{NewExporter, check_exporter};
use super::policy::{Access, Act};
use super::tree::Saved as _;
use super::{Actor, App, AppError, Listed, Part};
use crate::model::{Preset, PresetId};
use crate::store::ExporterKey;

/// The presets; those that come out equal by job, the greatest port first.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    part: impl Into<Part<ExporterKey>>,
) -> Result<Listed<Preset>, AppError> {
    let part = part.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok(tx.page_presets(part).await?)
}

/// One preset.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown one.
pub async fn find(app: &App, actor: &Actor, id: PresetId) -> Result<Preset, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let preset = tx.load_preset(id).await?;
    preset.ok_or_else(|| AppError::not_found("preset", &id))
}

/// Makes a preset. Whether it is `enabled` is not kept: what is made from it is.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not change the site, [`AppError::Invalid`] for a job, port
/// or path that cannot be, and for a preset that is there already.
pub async fn create(app: &App, actor: &Actor, new: &NewExporter<'_>) -> Result<Preset, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let mut preset = preset(PresetId(0), new)?;
    let inserted = change.tx().insert_preset(&preset).await;
    preset.id = inserted.map_err(|error| or_taken(error, "job"))?;
    change.created(preset.subject(), &preset);
    change.commit().await?;
    Ok(preset)
}

/// Changes a preset. Exporters that were made from it stay as they are.
///
/// # Errors
/// As for [`create`], and [`AppError::NotFound`].
pub async fn update(
    app: &App,
    actor: &Actor,
    id: PresetId,
    new: &NewExporter<'_>,
) -> Result<Preset, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let before = load(&change, id).await?;
    let after = preset(id, new)?;
    if after != before {
        let updated = change.tx().update_preset(&after).await;
        updated.map_err(|error| or_taken(error, "job"))?;
        change.updated(after.subject(), &before, &after);
        change.commit().await?;
    }
    Ok(after)
}

/// Deletes a preset.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not change the site, [`AppError::NotFound`].
pub async fn delete(app: &App, actor: &Actor, id: PresetId) -> Result<(), AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let preset = load(&change, id).await?;
    change.tx().delete_preset(id).await?;
    change.deleted(preset.subject(), &preset);
    change.commit().await
}

async fn load(change: &Change<'_>, id: PresetId) -> Result<Preset, AppError> {
    let preset = change.tx().load_preset(id).await?;
    preset.ok_or_else(|| AppError::not_found("preset", &id))
}

fn preset(id: PresetId, new: &NewExporter<'_>) -> Result<Preset, AppError> {
    check_exporter(new.job, new.port, new.path)?;
    Ok(Preset {
        id,
        job: new.job.to_owned(),
        port: new.port,
        path: new.path.to_owned(),
        scheme: new.scheme,
    })
}
