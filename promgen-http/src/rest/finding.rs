//! Findings about what somebody wrote, on the wire.

use promgen_core::model::{Place, Problem, Severity};
use serde::Serialize;
use utoipa::ToSchema;

/// A finding: what is wrong where, and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// `error`, or `warning` for what stops nothing.
    severity: String,
    /// The field, such as `clause` or `labels.severity`.
    field: String,
    /// Where in the field's text, when that is known.
    #[schema(required)]
    place: Option<FindingPlace>,
    message: String,
    remedy: String,
}

/// A place in a text, both counted from 1; columns in characters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingPlace {
    line: usize,
    column: usize,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        let severity = match problem.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = |Place { line, column }| FindingPlace { line, column };
        Self {
            severity: severity.to_owned(),
            field: problem.field,
            place: problem.place.map(place),
            message: problem.message,
            remedy: problem.remedy,
        }
    }
}
