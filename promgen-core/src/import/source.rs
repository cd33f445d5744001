//! The text of an import, made into nodes.

use crate::document::{self, Node};
use crate::model::Problem;

/// Most bytes of an import: 120,000 targets take about four million.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Reads YAML or JSON; a byte order mark in front is passed over.
pub(super) fn read(text: &str) -> Result<Node, Problem> {
    if text.len() > MAX_BYTES {
        let message = format!("has {} bytes, more than {MAX_BYTES}", text.len());
        return Err(Problem::error("document", message, "import it in parts"));
    }
    document::read(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// A number as it stands in the text, where it can be found there: `1.50` and `0x1F` are labels,
/// and Prometheus takes them as they were written.
pub(super) fn verbatim<'a>(lines: &[&'a str], node: &Node, number: &'a str) -> &'a str {
    let written = || {
        let line = lines.get(node.place.line.checked_sub(1)?)?;
        let (start, _) = line.char_indices().nth(node.place.column.checked_sub(1)?)?;
        let rest = line.get(start..)?;
        let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c));
        let token = rest.get(..end.unwrap_or(rest.len()))?;
        token
            .starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
            .then_some(token)
    };
    written().unwrap_or(number)
}

/// The lines of a text for [`verbatim`], as places count them.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split('\n').collect()
}
