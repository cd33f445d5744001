//! What objects are called whose history is looked at.

use super::begin;
use crate::app::policy::{Access, On};
use crate::app::{Actor, App, AppError};
use crate::model::RuleOwner;
use crate::store::{History, StoreError, Tx};

/// The names of the objects of histories; none for an object that is gone or that the actor may not
/// see.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn titles(
    app: &App,
    actor: &Actor,
    histories: &[History],
) -> Result<Vec<Option<String>>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let mut titles = Vec::new();
    for history in histories {
        titles.push(title(&tx, &access, *history).await?);
    }
    Ok(titles)
}

async fn title(tx: &Tx, access: &Access, history: History) -> Result<Option<String>, StoreError> {
    Ok(match history {
        History::Service(id) => {
            let found = tx.load_service(id).await?;
            let found = found.filter(|one| access.sees(On::Service(one)));
            found.map(|one| one.name.to_string())
        }
        History::Project(id) => {
            let found = tx.load_project(id).await?;
            let found = found.filter(|one| access.sees(On::Project(one)));
            found.map(|one| one.name.to_string())
        }
        History::Rule(id) => {
            let Some(rule) = tx.load_rule(id).await? else {
                return Ok(None);
            };
            let above = match rule.owner {
                RuleOwner::Site => Some(()),
                RuleOwner::Service(id) => {
                    let found = tx.load_service(id).await?;
                    found.filter(|one| access.sees(On::Service(one))).map(drop)
                }
                RuleOwner::Project(id) => {
                    let found = tx.load_project(id).await?;
                    found.filter(|one| access.sees(On::Project(one))).map(drop)
                }
            };
            above.map(|()| rule.name.to_string())
        }
        History::Group(id) => {
            let found = tx.load_group(id).await?;
            let found = found.filter(|one| access.in_group(one.id).is_some());
            found.map(|one| one.name)
        }
    })
}
