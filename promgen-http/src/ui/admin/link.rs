//! Handing out a link with which somebody sets their password: it is shown once.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{by_name, reset};
use promgen_core::model::UserId;

use super::{page_of, user_crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Frame, Posted, Viewer};
use crate::ui::parts::Code;

/// The link, this once.
#[derive(Template)]
#[template(path = "admin/made.html")]
struct LinkMade {
    frame: Frame,
    text: String,
    code: Code,
    back: String,
}

/// `POST /admin/user/{id}/link`
pub(super) async fn make(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    hand_out(&server, &viewer, UserId(id)).await
}

/// Makes a link for a user and shows it.
pub(super) async fn hand_out(
    server: &Server,
    viewer: &Viewer,
    id: UserId,
) -> Result<Response, HttpError> {
    let invited = reset::invite(&server.app, viewer.actor(), id).await?;
    let origin = by_name::origin(&server.app).await?;
    let text = invited.text.reveal();
    let link = format!("{origin}/password_reset/{text}/");
    let t = viewer.t();
    let user = invited.user;
    viewer.show(&LinkMade {
        code: Code::new("link", t.say("admin-link"), link, t),
        text: t.name("admin-link-once", &user.username),
        back: page_of(&user),
        frame: viewer.frame(t.say("admin-link"), user_crumbs(t, &user, "admin-link")),
    })
}
