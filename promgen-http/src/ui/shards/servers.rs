//! The Prometheus servers of a shard.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::datasources::{self, DatasourceDetail};
use promgen_core::app::{AppError, Unread, shards, site};
use promgen_core::model::{Problem, Server as Prometheus, ServerId, ShardId};

use super::port;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id, Ids};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, Field, FormPage, FormView};

/// `GET /datasource/{id}/server`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let page = datasources::find(&server.app, viewer.actor(), ShardId(id)).await?;
    show(&viewer, &page, None, &Form::default(), &[])
}

/// `POST /datasource/{id}/server`
pub(super) async fn create(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), ShardId(id));
    let page = datasources::find(app, actor, id).await?;
    let mut unread = Unread::default();
    let port = unread.or(port(form.text("port")), 1)?;
    let host = form.text("host").trim();
    let made = shards::add_server(&unread.app(app), actor, id, host, port).await;
    saved(&viewer, &page, None, &form, unread.with(made))
}

/// `GET /datasource/{id}/server/{server}`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Ids(id, one): Ids,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let page = datasources::find(&server.app, viewer.actor(), ShardId(id)).await?;
    let before = server_of(&page, ServerId(one))?;
    show(&viewer, &page, Some(before), &Form::default(), &[])
}

/// `POST /datasource/{id}/server/{server}`
pub(super) async fn update(
    State(server): State<Server>,
    Ids(id, one): Ids,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), ShardId(id));
    let page = datasources::find(app, actor, id).await?;
    let before = server_of(&page, ServerId(one))?;
    let mut unread = Unread::default();
    let port = unread.or(port(form.text("port")), before.port)?;
    let host = form.text("host").trim();
    let made = shards::update_server(&unread.app(app), actor, id, before.id, host, port).await;
    saved(&viewer, &page, Some(before), &form, unread.with(made))
}

fn saved(
    viewer: &Viewer,
    page: &DatasourceDetail,
    before: Option<&Prometheus>,
    form: &Form,
    made: Result<Prometheus, AppError>,
) -> Result<Response, HttpError> {
    match made {
        Ok(server) => {
            let name = format!("{}:{}", server.host, server.port);
            let text = viewer.t().name("shards-server-saved", name);
            let back = format!("/datasource/{}", page.shard.id);
            Ok(viewer.back_to(back, Notice::success(text)))
        }
        Err(error) => show(viewer, page, before, form, &error.problems()?),
    }
}

fn server_of(page: &DatasourceDetail, id: ServerId) -> Result<&Prometheus, AppError> {
    let found = page.servers.iter().find(|one| one.id == id);
    found.ok_or_else(|| AppError::not_found("server", &id))
}

fn crumbs(viewer: &Viewer, page: &DatasourceDetail, last: Crumb) -> Vec<Crumb> {
    let shard = &page.shard;
    let link = format!("/datasource/{}", shard.id);
    vec![
        super::crumb(viewer.t()),
        Crumb::new(shard.name.to_string(), link),
        last,
    ]
}

fn show(
    viewer: &Viewer,
    page: &DatasourceDetail,
    before: Option<&Prometheus>,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let here = format!("/datasource/{}", page.shard.id);
    let (title, action) = match before {
        None => (t.say("shards-server-new"), format!("{here}/server")),
        Some(server) => (
            t.say("shards-server-edit"),
            format!("{here}/server/{}", server.id),
        ),
    };
    let frame = viewer.frame(title.clone(), crumbs(viewer, page, Crumb::here(title)));
    let host = before.map_or("", |server| server.host.as_str());
    let number = before.map_or(9090, |server| server.port).to_string();
    let fields = vec![
        Field::text("host", t.say("shards-server-host"))
            .value(sent.given("host").unwrap_or(host))
            .required()
            .longest(128)
            .help(t.say("shards-server-host-help")),
        Field::line("number", "port", t.say("shards-server-port"))
            .value(sent.given("port").unwrap_or(&number))
            .required(),
    ];
    let form = FormView::new(&frame, action, t.say("shards-server-save"), fields)
        .problems(problems)
        .cancel(&frame, here);
    viewer.show(&FormPage::new(frame, form))
}

/// `GET /datasource/{id}/server/{server}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Ids(id, one): Ids,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let page = datasources::find(&server.app, viewer.actor(), ShardId(id)).await?;
    let found = server_of(&page, ServerId(one))?;
    let t = viewer.t();
    let name = format!("{}:{}", found.host, found.port);
    let delete = t.say("shards-server-delete");
    viewer.show(&ConfirmPage::new(
        viewer.frame(
            t.name("shards-server-delete-title", &name),
            crumbs(&viewer, &page, Crumb::here(delete.clone())),
        ),
        format!("/datasource/{id}/server/{one}/delete"),
        format!("/datasource/{id}"),
        delete,
        t.name("shards-server-delete-text", &name),
    ))
}

/// `POST /datasource/{id}/server/{server}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Ids(id, one): Ids,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), ShardId(id));
    let page = datasources::find(app, actor, id).await?;
    let found = server_of(&page, ServerId(one))?;
    shards::remove_server(app, actor, id, found.id).await?;
    let name = format!("{}:{}", found.host, found.port);
    let text = viewer.t().name("shards-server-deleted", name);
    Ok(viewer.back_to(format!("/datasource/{id}"), Notice::success(text)))
}
