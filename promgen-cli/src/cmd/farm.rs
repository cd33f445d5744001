//! `promgen farm list`, `refresh`, `link`, `unlink`, `convert`, `offers`

use promgen_core::app::farms::{self, FarmReport, Linked};
use promgen_core::app::{App, AppError};
use promgen_core::model::{FarmId, Name, Problem};

use super::refresh;
use crate::args::{Args, Farm, Format};
use crate::error::{CommandError, told};
use crate::output::{self, complain, say};
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, command: &Farm) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let done = act(&app, command).await;
    app.close().await;
    done
}

async fn act(app: &App, command: &Farm) -> Result<(), CommandError> {
    match command {
        Farm::List { format } => list(app, *format).await,
        Farm::Refresh(wanted) => refresh::run(app, wanted).await,
        Farm::Link {
            project,
            source,
            farm,
            format,
        } => {
            let linked = farms::link(app, &operator(), project, source, farm).await?;
            warn(&linked.refreshed.warnings);
            output::result(*format, &linked, || linked_text(&linked, project))
        }
        Farm::Unlink { project } => {
            let done = farms::unlink(app, &operator(), project).await?;
            let farm = &done.farm.name;
            let deleted = if done.deleted { " and deleted it" } else { "" };
            say(&format!("Unlinked farm {farm} from {project}{deleted}"));
            Ok(())
        }
        Farm::Convert { name, id } => convert(app, name.as_deref(), *id).await,
        Farm::Offers { source, format } => {
            let offers = farms::offered(app, &operator(), source).await?;
            warn(&offers.warnings);
            output::result(*format, &offers, || match offers.farms.as_slice() {
                [] => format!("{source} offers no farms"),
                farms => names(farms).join("\n"),
            })
        }
    }
}

async fn list(app: &App, format: Format) -> Result<(), CommandError> {
    let reports = farms::list(app, &operator()).await?;
    output::result(format, &reports, || {
        if reports.is_empty() {
            return "no farms; `promgen farm link PROJECT SOURCE FARM` adds one".to_owned();
        }
        let heading = ["ID", "NAME", "SOURCE", "HOSTS", "PROJECTS", "PROBLEM"];
        output::table(&heading, &reports.iter().map(row).collect::<Vec<_>>())
    })
}

fn row(report: &FarmReport) -> Vec<String> {
    vec![
        report.id.to_string(),
        report.name.to_string(),
        report.source.clone(),
        report.hosts.to_string(),
        names(&report.projects).join(", "),
        report.problem.clone().unwrap_or_default(),
    ]
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn linked_text(linked: &Linked, project: &str) -> String {
    let mut lines = Vec::new();
    let farm = &linked.refreshed.farm;
    if linked.created {
        lines.push(format!("Created farm {} of {}", farm.name, farm.source));
    }
    lines.push(format!("Linked farm {} to {project}", farm.name));
    if let Some(deleted) = &linked.deleted {
        lines.push(format!("Deleted farm {}, which nothing uses", deleted.name));
    }
    lines.push(refresh::text(&linked.refreshed, "added", "removed"));
    lines.join("\n")
}

async fn convert(app: &App, name: Option<&str>, id: Option<i32>) -> Result<(), CommandError> {
    let found = match (name, id) {
        (Some(name), _) => farms::find(app, &operator(), name).await?.id,
        (None, Some(id)) => FarmId(id),
        (None, None) => return Err(AppError::not_found("farm", "").into()),
    };
    let farm = farms::convert(app, &operator(), found).await?;
    say(&format!("The hosts of {} are kept in Promgen", farm.name));
    Ok(())
}

/// Warnings go where they do not mix with the result.
pub(super) fn warn(warnings: &[Problem]) {
    for line in told(None, warnings) {
        complain(&line);
    }
}
