//! The one place that prints.

use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::args::Format;
use crate::error::CommandError;

/// Whether a line of the result could not be printed.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints a line of the result. Whoever closed the pipe has read enough; where it cannot be printed
/// for another reason, that is told once, and the program [fails](is_whole) in the end.
pub(crate) fn say(line: &str) {
    if let Err(error) = put(
        &mut std::io::stdout().lock(),
        format!("{line}\n").as_bytes(),
    ) && !LOST.swap(true, Ordering::Relaxed)
    {
        error.lines().iter().for_each(|line| complain(line));
    }
}

/// Whether everything that was [said](say) was printed, as far as somebody wanted it.
pub(crate) fn is_whole() -> bool {
    !LOST.load(Ordering::Relaxed)
}

/// Prints a line that is not the result.
pub(crate) fn complain(line: &str) {
    // Where stderr is closed or full, nobody can be told.
    writeln!(std::io::stderr(), "{line}").ok();
}

/// Prints bytes as they are.
pub(crate) fn write(bytes: &[u8]) -> Result<(), CommandError> {
    put(&mut std::io::stdout().lock(), bytes)
}

fn put(out: &mut impl Write, bytes: &[u8]) -> Result<(), CommandError> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("the result cannot be printed: {error}");
            Err(CommandError::other(message, "write it to a file instead"))
        }
        _ => Ok(()),
    }
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
