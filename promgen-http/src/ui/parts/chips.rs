//! Labels and filters as chips: `severity: major`.

use askama::Template;

/// One chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    /// The name before the colon.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: String,
    /// Where a click leads: a list with this filter, or without it.
    pub(crate) link: Option<String>,
    /// Whether the click takes the chip away.
    pub(crate) removes: bool,
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
            link: None,
            removes: false,
        };
        Self {
            chips: pairs.into_iter().map(chip).collect(),
        }
    }
}
