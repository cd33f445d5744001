//! One shard, with its servers and its projects.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::datasources::{self, DatasourceDetail};
use promgen_core::app::{servers, site};
use promgen_core::model::{Server as Prometheus, ShardId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Badge, Empty, Sheet, Tone};
use crate::ui::projects::ProjectTable;
use crate::ui::servers::TaskCell;

#[derive(Template)]
#[template(path = "shards/detail.html")]
struct Detail {
    frame: Frame,
    page: DatasourceDetail,
    /// Of each server what it was asked.
    tasks: Vec<TaskCell>,
    may_edit: bool,
    projects: ProjectTable,
    no_projects: Empty,
    no_servers: Empty,
}

/// `GET /datasource/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ShardId(id));
    let page = datasources::find(app, actor, id).await?;
    let may_edit = site::may_change(app, actor);
    let t = viewer.t();
    let name = page.shard.name.to_string();
    let no_servers = Empty::new(t.say("shards-no-servers"));
    let tasks = servers::tasks(app, actor).await?;
    let cell = |of: &Prometheus| {
        let own = tasks.get(&of.id).map_or(&[][..], Vec::as_slice);
        TaskCell::new(
            &viewer,
            of.id,
            format!("{}:{}", of.host, of.port),
            own,
            may_edit,
        )
    };
    viewer.show(&Detail {
        projects: ProjectTable::on_shard(&server, &viewer, id, &sheet).await?,
        no_projects: Empty::new(t.say("shards-no-projects")),
        no_servers: if may_edit {
            let link = format!("/datasource/{id}/server");
            no_servers.next(t.say("shards-server-new"), link)
        } else {
            no_servers
        },
        may_edit,
        tasks: page.servers.iter().map(cell).collect(),
        frame: viewer.frame(&name, vec![super::crumb(t), Crumb::here(&name)]),
        page,
    })
}

impl Detail {
    /// The servers, each with what it was asked.
    fn servers(&self) -> impl Iterator<Item = (&Prometheus, &TaskCell)> {
        self.page.servers.iter().zip(&self.tasks)
    }

    /// The queue of a server's worker: that of its host, which has another name for each of several.
    fn queue(&self, server: &Prometheus) -> String {
        let servers = self.page.servers.iter();
        match servers.filter(|one| one.host == server.host).count() {
            1 => server.host.clone(),
            _ => format!("{}:{}", server.host, server.port),
        }
    }

    fn flags(&self) -> [Badge; 2] {
        let shard = &self.page.shard;
        let flag = |on: bool, yes: &'static str, no: &'static str| {
            if on {
                Badge::new(Tone::Good, self.frame.say(yes))
            } else {
                Badge::new(Tone::Plain, self.frame.say(no))
            }
        };
        [
            flag(shard.enabled, "shards-enabled", "shards-disabled"),
            flag(shard.proxy, "shards-proxied", "shards-not-proxied"),
        ]
    }
}
