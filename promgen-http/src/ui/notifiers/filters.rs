//! Changing a notifier: its filters, and its alias.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::senders;
use promgen_core::model::{FilterId, SenderId};

use super::{view, whose};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Id, Ids};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{ConfirmPage, Field, Sheet};

/// `GET /notifier/{id}/filters/{filter}`: asks before the filter is removed.
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Ids(id, filter): Ids,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let page = senders::show(&server.app, viewer.actor(), SenderId(id)).await?;
    if !page.may_edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let sender = page.sender;
    let found = sender.filters.iter().find(|one| one.id.0 == filter);
    let found = found.ok_or_else(|| AppError::not_found("filter", &filter))?;
    let t = viewer.t();
    let words = whose::words(server.app.registry(), &sender, t);
    let here = format!("/notifier/{id}");
    let mut crumbs = whose::crumb(sender.owner, &sender.owner_name, t);
    crumbs.push(Crumb::new(words.clone(), &here));
    crumbs.push(Crumb::here(t.say("notifiers-filter-remove")));
    let text = if sender.filters.len() > 1 {
        "notifiers-filter-remove-text"
    } else {
        "notifiers-filter-remove-last"
    };
    let back = next::or(sheet.filter("next"), here.as_str());
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.say("notifiers-filter-remove-title"), crumbs),
        here,
        &back,
        t.say("notifiers-filter-remove"),
        t.name(text, words),
    );
    let pk = found.id.to_string();
    confirm.form.fields.push(Field::hidden("filter.pk", pk));
    confirm.form.fields.push(Field::hidden("next", back));
    viewer.show(&confirm.goes([format!("{}: {}", found.name, found.value)]))
}

/// `POST /notifier/{id}`: `filter.name` and `filter.value` add a filter, `filter.pk` removes one, `alias`
/// gives it another name.
pub(super) async fn change(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, sender) = (&server.app, viewer.actor(), SenderId(id));
    let t = viewer.t();
    let (changed, text) = if let Some(filter) = form.given("filter.pk") {
        let filter = filter.parse().map(FilterId);
        let filter = filter.map_err(|_| AppError::not_found("filter", form.text("filter.pk")))?;
        let removed = senders::remove_filter(app, actor, sender, filter).await;
        (removed, t.say("notifiers-filter-removed"))
    } else if let Some(alias) = form.given("alias") {
        let named = senders::set_alias(app, actor, sender, alias.trim()).await;
        (named, t.say("notifiers-alias-saved"))
    } else {
        let (name, value) = (
            form.text("filter.name").trim(),
            form.text("filter.value").trim(),
        );
        let added = senders::add_filter(app, actor, sender, name, value).await;
        (added, t.say("notifiers-filter-added"))
    };
    match changed {
        Ok(_) => {
            let to = next::or(form.given("next"), format!("/notifier/{id}"));
            Ok(viewer.back_to(to, Notice::success(text)))
        }
        Err(error) => view::page(&server, &viewer, sender, &form, &error.problems()?).await,
    }
}
