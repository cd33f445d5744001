//! `promgen servers`

use promgen_core::app::servers::{self, ServerReport};
use promgen_core::model::Timestamp;

use crate::args::{Args, Format};
use crate::error::CommandError;
use crate::output;
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, format: Format) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let reports = servers::list(&app, &operator()).await?;
    output::result(format, &reports, || {
        if reports.is_empty() {
            return "no servers; `promgen register-server SHARD HOST PORT` adds one".to_owned();
        }
        let heading = [
            "SHARD", "SERVER", "STATUS", "REVISION", "SINCE", "SEEN", "ERROR",
        ];
        output::table(&heading, &reports.iter().map(row).collect::<Vec<_>>())
    })?;
    app.close().await;
    Ok(())
}

fn row(report: &ServerReport) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), Timestamp::rfc3339);
    let state = &report.state;
    let applied = state
        .applied_revision
        .map_or_else(|| "-".to_owned(), |n| n.to_string());
    let error = state.error.clone().unwrap_or_default().replace('\n', " ");
    vec![
        report.shard.to_string(),
        format!("{}:{}", report.server.host, report.server.port),
        report.status.words().to_owned(),
        format!("{applied} of {}", report.current_revision),
        time(state.applied_at),
        time(state.seen_at),
        error,
    ]
}
