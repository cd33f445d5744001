//! Labels and filters as chips: `severity: major`.

use std::borrow::Cow;

use askama::Template;

/// One chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    /// The name before the colon.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: String,
    /// Where a click leads.
    pub(crate) lead: Lead,
}

/// Where a click on a chip leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lead {
    /// It is no link.
    Nowhere,
    /// To a list with this filter.
    To(String),
    /// To the list without it.
    Without(String),
    /// To a form, which the words tell.
    Form(String, Cow<'static, str>),
}

/// Chips in a row.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/chips.html")]
pub(crate) struct Chips {
    /// The chips.
    pub(crate) chips: Vec<Chip>,
}

impl Chips {
    /// Labels without links.
    pub(crate) fn plain(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let chip = |(name, value)| Chip {
            name,
            value,
            lead: Lead::Nowhere,
        };
        Self {
            chips: pairs.into_iter().map(chip).collect(),
        }
    }
}
