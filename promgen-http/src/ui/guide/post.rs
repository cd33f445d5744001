//! What the guide does: it makes a first tree and a token, and goes out of the way.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::guide::{self, Begin};
use promgen_core::app::{AppError, Unread, tokens};
use promgen_core::model::Scope;

use super::HERE;
use super::page::{Shown, page};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Visitor;
use crate::ui::frame::{Notice, Posted};

/// `POST /guide/start`: a shard, a server, a service, a project, hosts and an exporter.
pub(super) async fn start(
    State(server): State<Server>,
    visitor: Visitor,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let guide = guide::look(app, actor).await?;
    let hosts = form.text("hosts").split([',', ' ', '\t', '\r', '\n']);
    let hosts: Vec<String> = hosts
        .filter(|host| !host.is_empty())
        .map(str::to_owned)
        .collect();
    let port = form.text("port").trim().parse::<u16>();
    let wrong = |_| AppError::invalid("port", "is no port", "write a number up to 65535");
    let mut unread = Unread::default();
    let wanted = Begin {
        shard: form.text("shard").trim(),
        prometheus: form.text("prometheus").trim(),
        service: form.text("service").trim(),
        project: form.text("project").trim(),
        hosts: &hosts,
        job: form.text("job").trim(),
        port: unread.or(port.map_err(wrong), 1)?,
    };
    let begun = guide::begin(&unread.app(app), actor, wanted).await;
    match unread.with(begun) {
        Ok(project) => {
            let text = viewer.t().name("guide-started", &project.name);
            Ok(viewer.back_to("/guide#rule", Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let shown = Shown {
                token: None,
                sent: form,
                problems,
            };
            page(&server, &viewer, &visitor, &guide, &shown)
        }
    }
}

/// `POST /guide/token`: a token for Alertmanager, shown this once within what is pasted.
pub(super) async fn token(
    State(server): State<Server>,
    visitor: Visitor,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let guide = guide::look(app, actor).await?;
    let user = viewer.known().ok_or(AppError::Unauthenticated)?;
    let made = tokens::create(app, actor, &user.username, vec![Scope::Alerts], None).await;
    match made {
        Ok(made) => {
            let shown = Shown {
                token: Some(made.text.reveal()),
                ..Shown::default()
            };
            page(&server, &viewer, &visitor, &guide, &shown)
        }
        // A token makes no token that may more than itself.
        Err(AppError::Forbidden { need }) => Ok(viewer.back_to(HERE, Notice::error(need))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /guide/hide`
pub(super) async fn hide(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let hidden = form.flag("hidden");
    guide::hide(&server.app, viewer.actor(), hidden).await?;
    if hidden {
        let text = viewer.t().say("guide-hidden");
        return Ok(viewer.back_to("/", Notice::info(text)));
    }
    Ok(crate::ui::frame::redirect("/"))
}
