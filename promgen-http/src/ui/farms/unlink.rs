//! Taking the farm from a project, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::losses::{self, Fate};
use promgen_core::app::policy::Act;
use promgen_core::app::{farms, projects};
use promgen_core::model::ProjectId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::ConfirmPage;

/// `GET /project/{id}/unlink`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await?;
    let t = viewer.t();
    let unlink = t.say("farms-unlink");
    let crumbs = crate::ui::projects::crumbs(t, &detail, Some(Crumb::here(unlink.clone())));
    let name = &detail.project.name;
    let fate = losses::of_unlinking(&server.app, viewer.actor(), id).await?;
    let text = match (&detail.farm, &fate) {
        (Some((farm, _)), Fate::Goes(losses)) if !losses.is_empty() => {
            t.name("farms-unlink-last", &farm.name)
        }
        (Some((farm, _)), _) => t.name("farms-unlink-text", &farm.name),
        (None, _) => String::new(),
    };
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("farms-unlink-title", name), crumbs),
        format!("/project/{id}/unlink"),
        format!("/project/{id}#hosts"),
        unlink,
        text,
    );
    let stays = t.name("farms-unlink-none", name);
    viewer.show(&decided(confirm, fate, stays, server.app.registry(), t))
}

/// `POST /project/{id}/unlink`
pub(super) async fn unlink(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProjectId(id));
    let detail = projects::find_for(app, actor, Act::Edit, id).await?;
    let back = format!("/project/{id}#hosts");
    match farms::unlink(app, actor, &detail.project.name).await {
        Ok(unlinked) => {
            let text = viewer.t().name("farms-unlinked", &unlinked.farm.name);
            Ok(viewer.back_to(back, Notice::success(text)))
        }
        Err(error) => Ok(viewer.back_to(back, Notice::refused(error, viewer.t())?)),
    }
}
