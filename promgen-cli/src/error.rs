//! Errors of commands, as they are told.

use std::path::PathBuf;

use promgen_core::app::AppError;
use promgen_core::model::{Problem, Severity};
use thiserror::Error;

/// Why a command did not do what it was asked to.
#[derive(Debug, Error)]
pub(crate) enum CommandError {
    /// A use case refused or failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// Findings about settings or a document.
    #[error("{} findings", problems.len())]
    Problems {
        /// The file that they are about.
        file: Option<PathBuf>,
        /// The findings.
        problems: Vec<Problem>,
    },
    /// Anything else: what happened, and what to do.
    #[error("{message}")]
    Other {
        /// What happened.
        message: String,
        /// What to do.
        remedy: String,
    },
}

impl CommandError {
    pub(crate) fn other(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Other {
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// The error line by line, as stderr gets it.
    pub(crate) fn lines(&self) -> Vec<String> {
        match self {
            Self::App(AppError::Invalid { problems }) => told(None, problems),
            Self::Problems { file, problems } => told(file.as_ref(), problems),
            Self::App(error) => {
                let mut lines = vec![format!("error: {}", chain(error))];
                lines.extend(error.remedy().map(|remedy| format!("remedy: {remedy}")));
                lines
            }
            Self::Other { message, remedy } => {
                vec![format!("error: {message}"), format!("remedy: {remedy}")]
            }
        }
    }
}

/// One line for each finding, and one for its remedy; `FILE:LINE:COLUMN` in front where it is known.
pub(crate) fn told(file: Option<&PathBuf>, problems: &[Problem]) -> Vec<String> {
    let mut lines = Vec::new();
    for problem in problems {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = problem
            .place
            .map(|place| format!("{}:{}", place.line, place.column));
        let at = match (file, place) {
            (Some(file), Some(place)) => format!("{}:{place}: ", file.display()),
            (Some(file), None) => format!("{}: ", file.display()),
            (None, Some(place)) => format!("{place}: "),
            (None, None) => String::new(),
        };
        lines.push(format!(
            "{severity}: {at}{}: {}",
            problem.field, problem.message
        ));
        lines.push(format!("remedy: {}", problem.remedy));
    }
    lines
}

/// An error with its causes, none said twice.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
