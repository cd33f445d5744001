//! Asking on a terminal.

use std::io::BufRead as _;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::error::CommandError;
use crate::output::complain;

/// Questions to whoever sits at the terminal.
pub(super) struct Questions {
    lines: UnboundedReceiver<String>,
}

impl Questions {
    /// Begins to read standard input, on a thread of its own: Ctrl-C must not wait for a line.
    pub(super) fn begin() -> Self {
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// Asks until there is an answer.
    ///
    /// # Errors
    /// `Operation cancelled`, on Ctrl-C and at the end of the input.
    pub(super) async fn ask(&mut self, question: &str) -> Result<String, CommandError> {
        loop {
            complain(question);
            let line = tokio::select! {
                line = self.lines.recv() => line,
                _ = tokio::signal::ctrl_c() => None,
            };
            let Some(line) = line else {
                let remedy = "nothing was changed; start again";
                return Err(CommandError::other("Operation cancelled", remedy));
            };
            if !line.trim().is_empty() {
                return Ok(line.trim().to_owned());
            }
        }
    }
}
