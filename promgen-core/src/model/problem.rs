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

    /// What is wrong and what to do about it, for people who see what it is about: `is taken; choose
    /// another`.
    pub fn advice(&self) -> String {
        let place = self
            .place
            .map(|place| format!("{}:{}: ", place.line, place.column));
        let place = place.unwrap_or_default();
        format!("{place}{}", joined(&self.message, &self.remedy))
    }

    /// The same with the field, where nothing else names it: `name: is taken; choose another`.
    pub fn told(&self) -> String {
        if self.field.is_empty() {
            self.advice()
        } else {
            format!("{}: {}", self.field, self.advice())
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

/// A message and what can be done about it, as one text: two sentences where the message is one, else
/// two halves of one. A message that says already what can be done stays alone.
pub fn joined(message: &str, remedy: &str) -> String {
    if message.contains(remedy) {
        return message.to_owned();
    }
    let mut letters = remedy.chars();
    match letters.next() {
        Some(first) if message.ends_with('.') => {
            let first = first.to_uppercase();
            format!("{message} {first}{}.", letters.as_str())
        }
        _ => format!("{message}; {remedy}"),
    }
}

/// Whether any of the findings stops the change.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_goes_on_where_the_message_ends() {
        assert_eq!(
            joined("is taken", "choose another"),
            "is taken; choose another"
        );
        assert_eq!(
            joined("Both are required.", "give a duration"),
            "Both are required. Give a duration."
        );
        let whole = "\"x\" is none; write it like 5m";
        assert_eq!(joined(whole, "write it like 5m"), whole);
        assert_eq!(joined("is odd", ""), "is odd");
    }
}
