//! What is wrong with something a person wrote, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// Whether a [`Problem`] stops the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth saying, but saved all the same.
    Warning,
    /// Refused; nothing is changed.
    Error,
}

/// A place in a text, both counted from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place of a byte offset in a text; the end when the offset lies beyond it.
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { line, column }
    }
}

/// One finding about something a person wrote: severity, field, place, message, remedy.
///
/// Prints as `error: rules[3].clause 1:7: unexpected token; close the brace`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Whether it stops the change.
    pub severity: Severity,
    /// The field, such as `clause` or `labels.severity`; a path for a document.
    pub field: String,
    /// Where in the field's text (or in the document), when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What is wrong: a lowercase fragment without full stop.
    pub message: String,
    /// What to do about it: a lowercase fragment without full stop.
    pub remedy: String,
}

impl Problem {
    /// A finding that stops the change.
    pub fn error(
        field: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            field: field.into(),
            place: None,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// A finding that is worth saying.
    pub fn warning(
        field: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(field, message, remedy)
        }
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding, its field put below `parent`: `clause` becomes `parent.clause`.
    #[must_use]
    pub fn below(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.field)?;
        if let Some(place) = self.place {
            write!(f, " {}:{}", place.line, place.column)?;
        }
        write!(f, ": {}; {}", self.message, self.remedy)
    }
}

/// Whether any of the findings stops the change.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}
