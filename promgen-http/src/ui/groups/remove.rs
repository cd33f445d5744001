//! Taking somebody out of a group, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, groups, losses, roles};
use promgen_core::model::GroupId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::{ConfirmPage, Field, Sheet};

/// `GET /group/{id}/remove-member?username=…`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    let group = groups::find_to_manage(app, actor, id).await?;
    let username = sheet.filter("username").unwrap_or_default();
    let here = format!("/group/{id}");
    let losses = async {
        let user = roles::user_named(app, actor, username).await?;
        losses::of_membership(app, actor, id, user).await
    };
    let losses = match losses.await {
        Ok(losses) => losses,
        // Not in it: taken out in another window, perhaps.
        Err(error) => {
            return Ok(viewer.back_to(format!("{here}#members"), Notice::refused(error, t)?));
        }
    };
    let title = t.name("groups-remove-title", username);
    let mut confirm = ConfirmPage::new(
        viewer.frame(title, super::crumbs(t, &group, "groups-remove")),
        format!("{here}/remove-member"),
        format!("{here}#members"),
        t.say("groups-remove"),
        t.say("groups-remove-text"),
    );
    confirm
        .form
        .fields
        .push(Field::hidden("username", username));
    viewer.show(&confirm.things(told(losses, app.registry(), t)))
}

/// `POST /group/{id}/remove-member`
pub(super) async fn remove(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    groups::find_to_manage(app, actor, id).await?;
    let username = form.text("username");
    let removed = async {
        let user = roles::user_named(app, actor, username).await?;
        groups::remove(app, actor, id, user).await
    };
    let notice = match removed.await {
        Ok(()) => Notice::success(t.name("groups-removed", username)),
        Err(error) => Notice::refused(error, t)?,
    };
    // Whoever has left is in it no more, and so cannot see it, but for superusers.
    let left = matches!(
        groups::find(app, actor, id).await,
        Err(AppError::Forbidden { .. })
    );
    let to = if left {
        "/group".to_owned()
    } else {
        format!("/group/{id}#members")
    };
    Ok(viewer.back_to(to, notice))
}
