//! Deleting a notifier, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::senders;
use promgen_core::model::SenderId;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, Field, Sheet};

/// `GET /notifier/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let page = senders::show(&server.app, viewer.actor(), SenderId(id)).await?;
    if !page.may_edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let t = viewer.t();
    let sender = page.sender;
    let title = t.say("notifiers-delete-title");
    let mut crumbs = whose::crumb(sender.owner, &sender.owner_name, t);
    crumbs.push(Crumb::here(title.clone()));
    let mut confirm = ConfirmPage::new(
        viewer.frame(title, crumbs),
        format!("/notifier/{id}/delete"),
        whose::page_of(sender.owner),
        t.say("notifiers-delete"),
        t.name("notifiers-delete-text", &sender.owner_name),
    );
    let next = sheet.filter("next").unwrap_or_default();
    confirm.form.fields.push(Field::hidden("next", next));
    let words = whose::words(server.app.registry(), &sender, t);
    let filters = sender
        .filters
        .iter()
        .map(|it| format!("{}: {}", it.name, it.value));
    let goes = std::iter::once(words).chain(filters);
    viewer.show(&confirm.goes(goes))
}

/// `POST /notifier/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let id = SenderId(id);
    let sender = senders::show(&server.app, viewer.actor(), id).await?.sender;
    senders::delete(&server.app, viewer.actor(), id).await?;
    let t = viewer.t();
    let label = whose::label(server.app.registry(), &sender.driver, t);
    let text = t.name("notifiers-deleted", label);
    Ok(viewer.back_to(whose::after(&form, sender.owner), Notice::success(text)))
}
