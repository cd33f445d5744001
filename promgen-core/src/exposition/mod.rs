//! The text in which exporters tell their samples: counted and checked as it comes, never kept.
//!
//! Read are Prometheus' text format and `OpenMetrics`, the latter with exemplars and its end mark, both
//! with quoted names. As with Prometheus, the first line that cannot be read ends the reading. What is
//! said about it is its number and what is wrong, and nothing that it holds: whoever tries an exporter
//! learns whether it works, not what a machine has to say.
//!
//! Source of the rules: Prometheus' `model/textparse`, and the `OpenMetrics` specification 1.0.

mod line;
mod reader;

use thiserror::Error;

pub use reader::{Exposition, Reader};

/// Which of the two formats a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Prometheus' text format: what everything is that says nothing else.
    #[default]
    Text,
    /// `OpenMetrics`.
    OpenMetrics,
}

impl Dialect {
    /// By the header `Content-Type`.
    pub fn of(content_type: Option<&str>) -> Self {
        let media = content_type.and_then(|value| value.split(';').next());
        match media.map(str::trim) {
            Some(media) if media.eq_ignore_ascii_case("application/openmetrics-text") => {
                Self::OpenMetrics
            }
            _ => Self::Text,
        }
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Flaw {
    /// It is not UTF-8.
    #[error("is not UTF-8")]
    NotText,
    /// It is longer than any line of an exporter.
    #[error("is longer than 64 KiB")]
    TooLong,
    /// It does not begin with the name of a metric.
    #[error("does not begin with the name of a metric")]
    Name,
    /// Its labels cannot be read.
    #[error("has labels that cannot be read")]
    Labels,
    /// Its value is no number.
    #[error("has no number as its value")]
    Value,
    /// What follows the value is no timestamp.
    #[error("has something else than a timestamp after its value")]
    Timestamp,
    /// Its exemplar cannot be read.
    #[error("has an exemplar that cannot be read")]
    Exemplar,
    /// It stands after the end of an `OpenMetrics` text.
    #[error("stands after # EOF")]
    AfterEnd,
    /// An `OpenMetrics` text ends without saying so.
    #[error("should be # EOF, and is missing")]
    NoEnd,
}

/// The first line that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line} {flaw}")]
pub struct Fault {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}
