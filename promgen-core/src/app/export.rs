//! One output of this moment, for whoever writes it to a file: read, rendered and forgotten.
//!
//! Unlike the outputs of [`feed`](super::feed), which are made for many to pull, only what this one
//! depends on is read.

use super::{Actor, App, AppError, Right};
use crate::model::Tree;
use crate::render::{self, RuleOptions, Select};
use crate::store::Tx;

/// Which output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// The targets, as `file_sd` wants them.
    Targets,
    /// The rules file.
    Rules,
    /// The rules in the text format of Prometheus 1.x.
    RulesV1,
    /// The URLs to probe, as `file_sd` wants them.
    Urls,
}

/// Renders a whole output.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read exports.
pub async fn export(app: &App, actor: &Actor, output: Export) -> Result<String, AppError> {
    actor.require(Right::ReadExports, app.settings())?;
    let tx = app.store().read_tx().await?;
    let tree = read(&tx, output).await?;
    drop(tx);
    let options = RuleOptions::from(app.settings());
    Ok(match output {
        Export::Targets => render::targets(&tree, &Select::All),
        Export::Rules => render::rules(&tree, &Select::All, &options),
        Export::RulesV1 => render::rules_v1(&tree, &Select::All, &options),
        Export::Urls => render::urls(&tree, &Select::All),
    })
}

async fn read(tx: &Tx, output: Export) -> Result<Tree, AppError> {
    Ok(match output {
        Export::Targets => tx.load_scraped().await?,
        Export::Rules | Export::RulesV1 => tx.load_ruled().await?,
        Export::Urls => tx.load_probed().await?,
    })
}
