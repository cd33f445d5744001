//! What the objects are called that entries name by their ids.

use std::collections::{BTreeMap, BTreeSet};

use super::begin;
use crate::app::{Actor, App, AppError};
use crate::model::{AuditKind, GroupId};
use crate::store::Named;

/// Most objects that are looked up at once; the others keep their ids.
const MOST: usize = 1000;

/// An object that is there still, and that somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Whether its page can be looked at. Users are for superusers to look at.
    pub open: bool,
}

/// Those of these objects that are there and that the actor sees. One query for each kind.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn names(
    app: &App,
    actor: &Actor,
    wanted: &BTreeSet<Named>,
) -> Result<BTreeMap<Named, Known>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let groups: BTreeSet<GroupId> = access.groups().collect();
    let sees = |(kind, id): &Named| match kind {
        AuditKind::Group => {
            access.is_superuser() || groups.iter().any(|group| i64::from(group.0) == *id)
        }
        _ => true,
    };
    let visible = wanted.iter().copied().filter(sees).take(MOST).collect();
    let names = tx.names(&visible, &access.visible()).await?.into_iter();
    let known = |(named, name): (Named, String)| {
        let open = named.0 != AuditKind::User || access.is_superuser();
        (named, Known { name, open })
    };
    Ok(names.map(known).collect())
}
