//! The one place where a silence is refused to whoever may not make or end it.

use super::affected::{Deed, Objects};
use super::held::{Held, RawMatcher};
use super::report::SilenceError;
use crate::alert::{Conditions, Matcher};
use crate::app::AppError;
use crate::model::Problem;

/// Refuses matchers that touch what whoever asks may not edit.
pub(super) fn require(objects: &Objects, matchers: &[Matcher], deed: Deed) -> Result<(), AppError> {
    let conditions = Conditions::new(matchers);
    let conditions = conditions.map_err(|problems| AppError::Invalid { problems })?;
    refuse(objects.refusal(&conditions, deed))
}

/// The same for a silence that exists. One that Promgen cannot read is for superusers.
pub(super) fn require_held(objects: &Objects, held: &Held, deed: Deed) -> Result<(), AppError> {
    match held.conditions() {
        Some(conditions) => refuse(objects.refusal(&conditions, deed)),
        None if objects.superuser => Ok(()),
        None => refuse(vec![deed.of_strangers().to_owned()]),
    }
}

fn refuse(sentences: Vec<String>) -> Result<(), AppError> {
    if sentences.is_empty() {
        Ok(())
    } else {
        Err(SilenceError::Forbidden(sentences).into())
    }
}

/// Matchers of a request, compiled.
pub(super) fn conditions(matchers: &[RawMatcher]) -> Result<Conditions, AppError> {
    let mut checked: Vec<Matcher> = Vec::new();
    for raw in matchers {
        let matcher = raw.checked().ok_or_else(|| {
            let message = format!("{:?} is not a label name", raw.name);
            let remedy = "use letters, digits and _, and do not begin with a digit";
            AppError::invalid("matchers", message, remedy)
        });
        checked.push(matcher?);
    }
    if checked.is_empty() {
        return Err(AppError::invalid(
            "matchers",
            "are missing",
            "say which alerts it is for",
        ));
    }
    Conditions::new(&checked).map_err(|problems: Vec<Problem>| AppError::Invalid { problems })
}
