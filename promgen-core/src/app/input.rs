//! What use cases check of what people type, and what they answer when it is written.

use super::AppError;
use super::registration::parse_name;
use super::rename::Mention;
use crate::model::{Name, Problem};
use crate::store::Tx;

/// An object as it is stored, with what its new name asks people to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The object.
    pub object: T,
    /// Rules that still mention its old name.
    pub mentions: Vec<Mention>,
}

impl<T> Written<T> {
    /// Without any.
    pub(super) fn plain(object: T) -> Self {
        Self {
            object,
            mentions: Vec::new(),
        }
    }

    /// What they ask people to look at.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.mentions.iter().map(|mention| &mention.problem)
    }
}

/// What stands between service and project in the names of rule groups.
const SEPARATOR: &str = " » ";

/// A name that a service can have: group names stay unique.
pub(super) async fn service_name(tx: &Tx, text: &str) -> Result<Name, AppError> {
    let name = parse_name("name", text)?;
    let site = tx.load_site().await?;
    if name.as_str() == site.domain {
        let message = "is the domain of this site, whose rule group is called so";
        return Err(AppError::invalid("name", message, "choose another name"));
    }
    if name.contains(SEPARATOR) {
        let message = "holds ` » `, which divides service and project in the names of groups";
        return Err(AppError::invalid("name", message, "leave it out"));
    }
    Ok(name)
}

/// Refuses a text that not every database keeps: with NUL.
pub(super) fn check_text(field: &str, text: &str) -> Result<(), AppError> {
    if text.contains('\0') {
        return Err(AppError::invalid(field, "holds a NUL", "leave it out"));
    }
    Ok(())
}

/// Refuses a text that is longer than its column, or no line.
pub(super) fn check_line(field: &str, text: &str, most_chars: usize) -> Result<(), AppError> {
    if text.chars().count() > most_chars || text.chars().any(char::is_control) {
        let message = format!("is no line of at most {most_chars} characters");
        return Err(AppError::invalid(field, message, "shorten it"));
    }
    Ok(())
}

/// Somebody else has that name.
pub(super) fn taken(kind: &str, name: &str) -> AppError {
    let message = format!("{kind} {name} exists already");
    AppError::invalid("name", message, "choose another name")
}
