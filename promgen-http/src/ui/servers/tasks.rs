//! What can be asked of a server, and what came of it: buttons and lines in its row.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, servers};
use promgen_core::model::{ServerId, ServerTask, ShardId, TaskKind};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{Badge, Moment, Tone};
use crate::ui::text::Texts;

/// What was asked of a server, and for who may the buttons to ask.
#[derive(Debug, Clone, Template)]
#[template(path = "servers/tasks.html")]
pub(crate) struct TaskCell {
    t: Texts,
    token: String,
    /// Where it is asked; nothing for who may not.
    action: Option<String>,
    /// The page to come back to.
    back: String,
    /// Host and port.
    server: String,
    buttons: [(TaskKind, &'static str); 4],
    lines: Vec<Line>,
}

impl askama::filters::HtmlSafe for TaskCell {}

#[derive(Debug, Clone)]
struct Line {
    what: &'static str,
    state: Badge,
    by: String,
    at: Moment,
    error: Option<String>,
    /// Where more of it is.
    more: Option<String>,
}

impl TaskCell {
    /// Of one server; `may` is whether whoever looks may ask.
    pub(crate) fn new(
        viewer: &Viewer,
        id: ServerId,
        server: String,
        tasks: &[ServerTask],
        may: bool,
    ) -> Self {
        let t = viewer.t();
        Self {
            t: t.clone(),
            token: viewer.token().to_owned(),
            action: may.then(|| format!("/servers/{id}/ask")),
            back: viewer.here().full(),
            server,
            buttons: TaskKind::ALL.map(|kind| (kind, word(kind))),
            lines: tasks.iter().map(|task| line(task, t)).collect(),
        }
    }
}

fn line(task: &ServerTask, t: &Texts) -> Line {
    let (tone, state) = match (task.done_at, &task.error) {
        (None, _) => (Tone::Note, "servers-task-waits"),
        (Some(_), None) => (Tone::Good, "servers-task-done"),
        (Some(_), Some(_)) => (Tone::Bad, "servers-task-failed"),
    };
    Line {
        what: word(task.kind),
        state: Badge::new(tone, t.say(state)),
        by: task.asked_by.clone(),
        at: Moment::new(task.done_at.unwrap_or(task.asked_at), t),
        error: task.error.as_ref().map(|one| t.said(one).into_owned()),
        more: (task.kind == TaskKind::Compare && task.done_at.is_some() && task.error.is_none())
            .then(|| format!("/servers/{}/pending", task.server)),
    }
}

fn word(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Compare => "servers-task-compare",
        TaskKind::Deploy => "servers-task-deploy",
        TaskKind::Reload => "servers-task-reload",
        TaskKind::CleanTombstones => "servers-task-tombstones",
    }
}

/// `POST /servers/{id}/ask`
pub(super) async fn ask(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    promgen_core::app::site::require_change(&server.app, viewer.actor())?;
    let asked = async {
        let kind = kind(&form)?;
        servers::ask(&server.app, viewer.actor(), ServerId(id), kind).await
    };
    let notice = match asked.await {
        Ok(asked) => {
            let name = format!("{}:{}", asked.host, asked.port);
            Notice::success(viewer.t().name("servers-asked", name))
        }
        Err(error) => Notice::refused(error, viewer.t())?,
    };
    Ok(viewer.back_to(next::or(form.given("next"), "/servers"), notice))
}

/// `POST /datasource/{id}/deploy`
pub(crate) async fn deploy_all(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let count = servers::ask_all_of(app, actor, ShardId(id), TaskKind::Deploy).await?;
    let notice = Notice::success(viewer.t().count("servers-asked-all", count as u64));
    Ok(viewer.back_to(format!("/datasource/{id}"), notice))
}

fn kind(form: &Form) -> Result<TaskKind, AppError> {
    let kind = form.text("task").parse::<TaskKind>();
    kind.map_err(|message: String| {
        AppError::invalid("task", message, "use compare, deploy, reload or tombstones")
    })
}
