//! `promgen alerts prune` and `promgen alerts index`

use std::time::Duration;

use promgen_core::app::{App, alerts};

use crate::args::Prune;
use crate::error::CommandError;
use crate::output::{complain, say};
use crate::progress;
use crate::session::operator;

pub(super) async fn prune(
    app: &App,
    prune: &Prune,
    verbosity: Option<u8>,
) -> Result<(), CommandError> {
    let before = app.now().minus(Duration::from_hours(24) * prune.days);
    if verbosity.is_some_and(|verbosity| verbosity > 1) {
        complain(&format!("alerts that came before {before}"));
    }
    let count = alerts::prunable(app, &operator(), before).await?;
    if !prune.force {
        say(&format!("Would have removed {count} alerts"));
        return Ok(());
    }
    let bar = progress::bar("removing alerts", count);
    let removed = alerts::prune(app, &operator(), before, |gone| bar.set_position(gone)).await?;
    bar.finish_and_clear();
    say(&format!("Removed {removed} alerts"));
    Ok(())
}

pub(super) async fn index(app: &App, force: bool) -> Result<(), CommandError> {
    let missing = alerts::unindexed(app, &operator()).await?;
    if !force {
        for alert in &missing {
            let labels = alert
                .labels
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"));
            complain(&format!(
                "{}: {}",
                alert.id,
                labels.collect::<Vec<_>>().join(", ")
            ));
        }
        say(&format!("Would have indexed {} alerts", missing.len()));
        return Ok(());
    }
    let end = u64::try_from(missing.len()).unwrap_or(u64::MAX);
    let bar = progress::bar("indexing alerts", end);
    let done = alerts::index(app, &operator(), &missing, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    say(&format!("Indexed {done} alerts"));
    Ok(())
}
