//! One shard, with its servers and its projects.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::datasources::{self, DatasourceDetail};
use promgen_core::app::site;
use promgen_core::model::ShardId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Badge, Empty, Sheet, Tone};
use crate::ui::projects::ProjectTable;

#[derive(Template)]
#[template(path = "shards/detail.html")]
struct Detail {
    frame: Frame,
    page: DatasourceDetail,
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
        frame: viewer.frame(&name, vec![super::crumb(t), Crumb::here(&name)]),
        page,
    })
}

impl Detail {
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
