//! Where one goes on after an import: to what it founded, where that is one thing (spec 03 §9).

use promgen_core::app::{Actor, App, AppError, ProjectFilter, Slice, projects, services, shards};
use promgen_core::import::ImportReport;

/// The page of the only new project, else of the only new service, else of the only new shard, else
/// the list of services.
pub(super) async fn of(
    app: &App,
    actor: &Actor,
    report: &ImportReport,
) -> Result<String, AppError> {
    if let Some(name) = only(report, "project") {
        let filter = ProjectFilter {
            name: Some(name),
            ..ProjectFilter::default()
        };
        let found = projects::list(app, actor, &filter, Slice::ALL).await?.items;
        if let Some(project) = found.iter().find(|one| one.name == *name) {
            return Ok(format!("/project/{}", project.id));
        }
    }
    if let Some(name) = only(report, "service") {
        let found = services::list(app, actor, Some(name), Slice::ALL)
            .await?
            .items;
        if let Some(service) = found.iter().find(|one| one.name == *name) {
            return Ok(format!("/service/{}", service.id));
        }
    }
    if let Some(name) = only(report, "shard") {
        let found = shards::list(app, actor, Some(name), Slice::ALL)
            .await?
            .items;
        if let Some(shard) = found.iter().find(|one| one.name == *name) {
            return Ok(format!("/datasource/{}", shard.id));
        }
    }
    Ok("/service".to_owned())
}

/// The name of the only new object of a kind.
fn only<'r>(report: &'r ImportReport, kind: &str) -> Option<&'r str> {
    let mut new = report.founded.iter().filter(|one| one.kind == kind);
    let first = new.next()?;
    new.next().is_none().then_some(first.name.as_str())
}
