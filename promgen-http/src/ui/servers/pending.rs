//! What the next deployment changes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::deploy::{self, FileChange, Mark};

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};

#[derive(Template)]
#[template(path = "servers/pending.html")]
struct Pending {
    frame: Frame,
    /// Whether there are files here to compare with.
    here: bool,
    files: Vec<File>,
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
    let title = t.say("servers-pending");
    let crumbs = vec![
        Crumb::new(t.say("frame-servers"), "/servers"),
        Crumb::here(title.clone()),
    ];
    viewer.show(&Pending {
        frame: viewer.frame(title, crumbs),
        here: found.is_some(),
        files: found.unwrap_or_default().into_iter().map(file).collect(),
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
