//! What use cases check of what people type, and what they answer when it is written.

use super::registration::parse_name;
use super::rename::Mention;
use super::{App, AppError};
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

/// Two checks of which both are told: what either refuses, with what the other one does.
///
/// # Errors
/// [`AppError::Invalid`] with the findings of both. Any other error goes before.
pub fn both<A, B>(
    one: Result<A, AppError>,
    other: Result<B, AppError>,
) -> Result<(A, B), AppError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(AppError::Invalid { problems: one }), Err(AppError::Invalid { problems: other })) => {
            let problems = [one, other].concat();
            Err(AppError::Invalid { problems })
        }
        (Ok(_) | Err(AppError::Invalid { .. }), Err(error)) | (Err(error), _) => Err(error),
    }
}

/// Fields that could not even be read, while the others still wait for their use case.
///
/// As long as there is none the use case does its work. Else it is only rehearsed, with something in
/// the place of each, so that all that is wrong is told at once.
#[derive(Debug, Default)]
pub struct Unread {
    problems: Vec<Problem>,
}

impl Unread {
    /// What was read. What could not be is kept, and `instead` stands in for it.
    ///
    /// # Errors
    /// Whatever is not about what was typed.
    pub fn or<T>(&mut self, read: Result<T, AppError>, instead: T) -> Result<T, AppError> {
        match read {
            Err(AppError::Invalid { problems }) => {
                self.problems.extend(problems);
                Ok(instead)
            }
            read => read,
        }
    }

    /// Where the use case is to work.
    pub fn app(&self, app: &App) -> App {
        if self.problems.is_empty() {
            app.clone()
        } else {
            app.rehearsal()
        }
    }

    /// What came of it. Of fields that could not be read nothing else is told: the use case saw
    /// something else in their place.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all that is wrong.
    pub fn with<T>(self, done: Result<T, AppError>) -> Result<T, AppError> {
        let mut problems = self.problems;
        if problems.is_empty() {
            return done;
        }
        match done {
            Ok(_) => {}
            Err(AppError::Invalid { problems: further }) => {
                let unread = |field: &str| problems.iter().any(|one| one.field == field);
                let further: Vec<Problem> = further
                    .into_iter()
                    .filter(|problem| !unread(&problem.field))
                    .collect();
                problems.extend(further);
            }
            Err(error) => return Err(error),
        }
        Err(AppError::Invalid { problems })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong<T>(field: &str) -> Result<T, AppError> {
        Err(AppError::invalid(field, "is odd", "mend it"))
    }

    fn fields<T: std::fmt::Debug>(told: Result<T, AppError>) -> Vec<String> {
        let problems = told.unwrap_err().problems().unwrap();
        problems.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn what_either_check_refuses_is_told() {
        assert_eq!(both(Ok(1), Ok("x")).unwrap(), (1, "x"));
        assert_eq!(
            fields(both(wrong::<i32>("a"), wrong::<i32>("b"))),
            ["a", "b"]
        );
        assert_eq!(fields(both(wrong::<i32>("a"), Ok(1))), ["a"]);
        assert_eq!(fields(both(Ok(1), wrong::<i32>("b"))), ["b"]);
        let refused = both(wrong::<i32>("a"), Err::<i32, _>(AppError::Unauthenticated));
        assert!(matches!(refused, Err(AppError::Unauthenticated)));
        let refused = both(Err::<i32, _>(AppError::Unauthenticated), wrong::<i32>("b"));
        assert!(matches!(refused, Err(AppError::Unauthenticated)));
    }

    #[test]
    fn what_could_not_be_read_is_told_with_the_rest_and_once() {
        let mut unread = Unread::default();
        assert_eq!(unread.or(wrong("port"), 0).unwrap(), 0);
        assert_eq!(unread.or(Ok(2), 0).unwrap(), 2);
        let done = both(wrong::<i32>("port"), wrong::<i32>("job"));
        assert_eq!(fields(unread.with(done)), ["port", "job"]);

        let mut unread = Unread::default();
        unread.or(wrong("port"), 0).unwrap();
        assert_eq!(fields(unread.with(Ok(()))), ["port"]);
        assert!(Unread::default().with(Ok(())).is_ok());
    }
}
