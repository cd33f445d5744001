//! The one place that prints.

use std::io::Write as _;

use serde::Serialize;

use crate::args::Format;
use crate::error::CommandError;

/// Prints a line of the result.
#[expect(
    clippy::print_stdout,
    reason = "the result of a command belongs on stdout"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Prints a line that is not the result.
#[expect(
    clippy::print_stderr,
    reason = "errors and notes of a command belong on stderr"
)]
pub(crate) fn complain(line: &str) {
    eprintln!("{line}");
}

/// Prints bytes as they are.
pub(crate) fn write(bytes: &[u8]) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|error| CommandError::other(error.to_string(), "write to a file instead"))
}

/// Prints a value for programs, or by `table` for people.
pub(crate) fn result<T: Serialize>(
    format: Format,
    value: &T,
    table: impl FnOnce() -> String,
) -> Result<(), CommandError> {
    match format {
        Format::Table => say(&table()),
        Format::Json => {
            let text = serde_json::to_string_pretty(value).map_err(|error| {
                CommandError::other(
                    error.to_string(),
                    "this is a fault of the program; report it",
                )
            })?;
            say(&text);
        }
    }
    Ok(())
}

/// Rows under a heading, columns as wide as they must be.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (cell, width) in cells.zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(
                ' ',
                width.saturating_sub(cell.chars().count()) + 2,
            ));
        }
        text.trim_end().to_owned()
    };
    let mut lines = vec![line(&mut heading.iter().copied())];
    lines.extend(
        rows.iter()
            .map(|row| line(&mut row.iter().map(String::as_str))),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["1".to_owned(), "日本語".to_owned()],
            vec!["100".to_owned(), String::new()],
        ];
        assert_eq!(table(&["ID", "NAME"], &rows), "ID   NAME\n1    日本語\n100");
    }
}
