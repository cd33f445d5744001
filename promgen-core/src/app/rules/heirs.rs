//! For whom somebody may override rules of the site.

use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, ProjectFilter, Slice, Sort};

/// Most services and projects that are named; others are typed.
const MOST: Slice = Slice {
    offset: 0,
    limit: 500,
};

/// Names of services and projects whose rules the actor may write, each sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heirs {
    /// Of services.
    pub services: Vec<String>,
    /// Of projects.
    pub projects: Vec<String>,
}

/// Those among the first five hundred of each that the actor sees.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn heirs(app: &App, actor: &Actor) -> Result<Heirs, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let (visible, settings) = (access.visible(), app.settings());
    let by_name = Sort::default();
    let services = tx.page_services(&visible, None, by_name, MOST).await?.items;
    let filter = ProjectFilter::default();
    let projects = tx.page_projects(&visible, &filter, MOST).await?.items;
    let services = services
        .iter()
        .filter(|one| access.may(On::Service(one), settings).edit)
        .map(|one| one.name.to_string());
    let projects = projects
        .iter()
        .filter(|one| access.may(On::Project(one), settings).edit)
        .map(|one| one.name.to_string());
    Ok(Heirs {
        services: services.collect(),
        projects: projects.collect(),
    })
}
