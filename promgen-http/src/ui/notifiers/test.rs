//! Sending a sample, and showing what came of it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::senders::{self, Tried};
use promgen_core::model::SenderId;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Posted};

#[derive(Template)]
#[template(path = "notifiers/test.html")]
struct Test {
    frame: Frame,
    tries: Vec<Row>,
    back: String,
}

struct Row {
    driver: String,
    sent: bool,
    message: String,
    millis: u128,
}

/// `POST /notifier/{id}/test`
pub(super) async fn test(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let id = SenderId(id);
    let tries = senders::test(&server.app, viewer.actor(), id).await?;
    let sender = senders::show(&server.app, viewer.actor(), id).await?.sender;
    let t = viewer.t();
    let title = t.say("notifiers-test-title");
    let mut crumbs = whose::crumb(sender.owner, &sender.owner_name, t);
    crumbs.push(Crumb::here(title.clone()));
    let row = |tried: Tried| Row {
        driver: whose::label(server.app.registry(), &tried.driver, t),
        sent: tried.sent,
        message: t.said(&tried.message).into_owned(),
        millis: tried.took.as_millis(),
    };
    viewer.show(&Test {
        frame: viewer.frame(title, crumbs),
        tries: tries.into_iter().map(row).collect(),
        back: whose::after(&form, sender.owner),
    })
}
