//! Switching an exporter on and off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::{exporters, projects};
use promgen_core::model::ExporterId;
use serde_json::json;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{ConfirmPage, Field, Sheet};
use crate::ui::wants::Wants;

/// `GET /exporter/{id}/toggle`: asks before it is switched off.
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let found = exporters::find_own(app, actor, ExporterId(id)).await?;
    let detail = projects::find(app, actor, found.project.id).await?;
    let (t, exporter) = (viewer.t(), &found.exporter);
    let what = format!("{}:{}{}", exporter.job, exporter.port, exporter.path);
    let off = t.say("exporters-switch-off");
    let crumbs = crate::ui::projects::crumbs(t, &detail, Some(Crumb::here(off.clone())));
    let back = format!("/project/{}#exporters", found.project.id);
    let back = next::or(sheet.filter("next"), back);
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.name("exporters-switch-off-title", what), crumbs),
        format!("/exporter/{id}/toggle"),
        &back,
        off,
        t.name("exporters-switch-off-text", &found.project.name),
    );
    confirm.form.fields.push(Field::hidden("enabled", "off"));
    confirm.form.fields.push(Field::hidden("next", back));
    viewer.show(&confirm)
}

/// `POST /exporter/{id}/toggle`
///
/// The page says what it wants (`enabled`, `on` or `off`), so that two clicks are not undone by a
/// third person's; without a word it is the other one. Programs get where to go, as from the original.
pub(super) async fn toggle(
    State(server): State<Server>,
    Id(id): Id,
    wants: Wants,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ExporterId(id));
    let wanted = match form.given("enabled") {
        Some(given) => given == "on",
        None => !exporters::find_own(app, actor, id).await?.exporter.enabled,
    };
    let found = exporters::switch(app, actor, id, Some(wanted)).await?;
    let own = format!("/project/{}#exporters", found.project.id);
    let back = next::or(form.given("next"), own);
    if !wants.page {
        return Ok(Json(json!({ "redirect": back })).into_response());
    }
    let key = if wanted {
        "exporters-switched-on"
    } else {
        "exporters-switched-off"
    };
    let text = viewer.t().name(key, &found.exporter.job);
    Ok(viewer.back_to(back, Notice::success(text)))
}
