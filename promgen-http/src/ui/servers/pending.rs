//! What the next deployment changes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::deploy::{self, Compared, FileChange, Mark};
use promgen_core::model::ServerId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::Moment;

#[derive(Template)]
#[template(path = "servers/pending.html")]
struct Pending {
    frame: Frame,
    /// What there is to say before the files.
    lead: Lead,
    files: Vec<File>,
}

enum Lead {
    /// The files were compared here.
    Here,
    /// There are no files here to compare with.
    Elsewhere,
    /// A worker compared them.
    Told { at: Moment, revision: i64 },
    /// No worker did yet.
    Untold,
}

impl Lead {
    /// Whether anybody compared the files.
    fn is_known(&self) -> bool {
        matches!(self, Self::Here | Self::Told { .. })
    }
}

struct File {
    path: String,
    added: usize,
    removed: usize,
    lines: Vec<Line>,
    cut: bool,
}

struct Line {
    class: &'static str,
    sign: &'static str,
    text: String,
}

/// `GET /servers/pending`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    let found = deploy::pending(&server.app, viewer.actor()).await?;
    let t = viewer.t();
    let lead = if found.is_some() {
        Lead::Here
    } else {
        Lead::Elsewhere
    };
    page(
        &viewer,
        t.say("servers-pending").into_owned(),
        lead,
        found.unwrap_or_default(),
    )
}

/// `GET /servers/{id}/pending`
pub(super) async fn of_server(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let Compared {
        server,
        task,
        found,
    } = deploy::compared(&server.app, viewer.actor(), ServerId(id)).await?;
    let t = viewer.t();
    let title = t.name(
        "servers-pending-on",
        format!("{}:{}", server.host, server.port),
    );
    let at = task.and_then(|task| task.done_at.filter(|_| task.error.is_none()));
    let (lead, files) = match (at, found) {
        (Some(at), Some(found)) => {
            let (at, revision) = (Moment::new(at, t), found.revision);
            (Lead::Told { at, revision }, found.files)
        }
        _ => (Lead::Untold, Vec::new()),
    };
    page(&viewer, title, lead, files)
}

fn page(
    viewer: &Viewer,
    title: String,
    lead: Lead,
    files: Vec<FileChange>,
) -> Result<Response, HttpError> {
    let crumbs = vec![
        Crumb::new(viewer.t().say("frame-servers"), "/servers"),
        Crumb::here(title.clone()),
    ];
    viewer.show(&Pending {
        frame: viewer.frame(title, crumbs),
        lead,
        files: files.into_iter().map(file).collect(),
    })
}

fn file(change: FileChange) -> File {
    let line = |line: deploy::DiffLine| {
        let (class, sign) = match line.mark {
            Mark::Added => ("added", "+"),
            Mark::Removed => ("removed", "-"),
            Mark::Same => ("", " "),
            Mark::Gap => ("muted", "…"),
        };
        Line {
            class,
            sign,
            text: line.text,
        }
    };
    File {
        path: change.path.display().to_string(),
        added: change.added,
        removed: change.removed,
        lines: change.lines.into_iter().map(line).collect(),
        cut: change.cut,
    }
}
