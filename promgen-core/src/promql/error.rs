//! Why an expression is not taken.

use thiserror::Error;

/// Why an expression is not taken. Always about the expression: a retry with the same one is in
/// vain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Larger than anything that people write; parsing takes time in the square of its length.
    #[error("the expression {what}; ask for it in parts")]
    TooLarge {
        /// Which bound it is beyond.
        what: String,
    },
    /// The parser does not understand it.
    #[error("invalid expression: {message}")]
    NotPromql {
        /// What the parser said.
        message: String,
    },
    /// A `match[]` that is more than a selector.
    #[error("match[] must be a series selector such as up{{job=\"node\"}}, without offset or @")]
    NotASelector,
    /// The parser understands it, but what it prints would be something else.
    #[error("this expression cannot be printed as it was meant; write it in another way")]
    Unprintable,
    /// A function that reads series which no selector of the expression names.
    #[error("{function}() reads series that its selectors do not name, and cannot be limited")]
    ReadsMore {
        /// The function.
        function: String,
    },
    /// A function over a range has a selector in another argument as well, so that it cannot be
    /// asked for services and projects apart.
    #[error("{function}() takes a range and another selector; ask for them one by one")]
    Entangled {
        /// The function.
        function: String,
    },
}
