//! The outputs as far as somebody sees the tree, for the REST API.
//!
//! What Prometheus pulls is everything, whoever asks ([`feed::read`](super::feed::read)); people see
//! what their roles show them.

use std::sync::Arc;

use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Outputs, Selection};

/// Which part of the outputs, by the names of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// All that one may see.
    All,
    /// A service.
    Service(&'a str),
    /// A project.
    Project(&'a str),
}

/// The outputs of the revision that is in the database, and what of them the actor asks for and may
/// see.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::NotFound`] for what does not
/// exist and for what they may not see.
pub async fn outputs(
    app: &App,
    actor: &Actor,
    part: Part<'_>,
) -> Result<(Arc<Outputs>, Selection), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let selection = match part {
        Part::All if access.sees_all() => Selection::All,
        Part::All => Selection::Seen {
            services: access.services().collect(),
            projects: access.projects().collect(),
        },
        Part::Service(name) => {
            let found = tx.find_service(name).await?;
            let found = found.filter(|service| access.sees(On::Service(service)));
            let service = found.ok_or_else(|| AppError::not_found("service", name))?;
            Selection::Service(service.id)
        }
        Part::Project(name) => {
            let found = tx.find_project(name).await?;
            let found = found.filter(|project| access.sees(On::Project(project)));
            let project = found.ok_or_else(|| AppError::not_found("project", name))?;
            Selection::Project(project.id)
        }
    };
    drop(tx);
    Ok((app.fresh_outputs().await?, selection))
}
