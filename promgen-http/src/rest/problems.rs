//! Findings that did not stop a change, as an answer tells them.

use promgen_core::model::Problem;

/// Each with its field, what is wrong, and what to do.
pub(crate) fn warnings<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<String> {
    let text = |one: &Problem| format!("{}: {}; {}", one.field, one.message, one.remedy);
    problems.map(text).collect()
}
