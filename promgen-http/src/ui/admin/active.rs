//! Shutting somebody out, after asking, and letting them in again.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::losses;
use promgen_core::app::people::{self, UserChange};
use promgen_core::model::UserId;

use super::{page_of, user_crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::{ConfirmPage, NONE};

/// `GET /admin/user/{id}/disable`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let fate = losses::of_account(app, actor, UserId(id)).await?;
    let view = people::account(app, actor, UserId(id), NONE).await?;
    let user = &view.account.user;
    let confirm = ConfirmPage::new(
        viewer.frame(
            t.name("admin-disable-title", &user.username),
            user_crumbs(t, user, "admin-disable"),
        ),
        format!("/admin/user/{id}/disable"),
        page_of(user),
        t.say("admin-disable"),
        t.say("admin-disable-text"),
    );
    let stays = t.say("admin-disable-stays");
    viewer.show(&decided(confirm, fate, stays, app.registry(), t))
}

/// `POST /admin/user/{id}/disable`
pub(super) async fn disable(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    set(&server, &viewer, UserId(id), false, "admin-disabled").await
}

/// `POST /admin/user/{id}/enable`
pub(super) async fn enable(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    set(&server, &viewer, UserId(id), true, "admin-enabled").await
}

async fn set(
    server: &Server,
    viewer: &Viewer,
    id: UserId,
    active: bool,
    told: &'static str,
) -> Result<Response, HttpError> {
    let change = UserChange {
        active: Some(active),
        ..UserChange::default()
    };
    let notice = match people::update(&server.app, viewer.actor(), id, change).await {
        Ok(user) => Notice::success(viewer.t().name(told, &user.username)),
        Err(error) => Notice::refused(error, viewer.t())?,
    };
    Ok(viewer.back_to(format!("/admin/user/{id}"), notice))
}
