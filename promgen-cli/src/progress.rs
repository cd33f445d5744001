//! Progress of long work, on a terminal only: a pipe or a log file gets none.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Something that takes a while and whose length nobody knows.
pub(crate) fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Something that goes on to a known end.
pub(crate) fn bar(what: &str, end: u64) -> ProgressBar {
    let bar = ProgressBar::new(end);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}
