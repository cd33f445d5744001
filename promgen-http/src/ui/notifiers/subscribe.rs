//! Hearing about the alerts of a service or project, and no more.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::registration::Registered;
use promgen_core::app::senders::{self, NewSender};
use promgen_core::model::{ProjectId, SenderOwner, ServiceId};
use promgen_core::tree::USER_DRIVER;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};
use crate::ui::parts::NONE;

/// `POST /service/{id}/subscribe`
pub(super) async fn to_service(
    State(server): State<Server>,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, HttpError> {
    subscribe(&server, SenderOwner::Service(ServiceId(id)), posted).await
}

/// `POST /project/{id}/subscribe`
pub(super) async fn to_project(
    State(server): State<Server>,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, HttpError> {
    subscribe(&server, SenderOwner::Project(ProjectId(id)), posted).await
}

/// Subscribes whoever asks; with a field `end`, ends that.
async fn subscribe(
    server: &Server,
    owner: SenderOwner,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let user = viewer.known().ok_or(AppError::Unauthenticated)?;
    let mut notices = Vec::new();
    if form.flag("end") {
        let found = senders::of_owner(app, actor, owner, NONE).await?;
        if let Some(id) = found.subscription {
            senders::delete(app, actor, id).await?;
        }
        notices.push(Notice::success(t.say("notifiers-unsubscribed")));
    } else {
        let new = NewSender {
            driver: USER_DRIVER,
            value: &user.id.to_string(),
            alias: "",
            enabled: true,
            secret: None,
            filters: &[],
        };
        let (made, registered) = senders::create(app, actor, owner, &new).await?;
        notices.push(match registered {
            Registered::Created => Notice::success(t.say("notifiers-subscribed")),
            Registered::Found => Notice::info(t.say("notifiers-subscribed-already")),
        });
        let warnings = made.warnings.iter();
        notices.extend(warnings.map(|one| Notice::warning(t.advice(one))));
    }
    Ok(viewer.back_with(whose::after(&form, owner), &notices))
}
