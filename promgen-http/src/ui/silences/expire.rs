//! Ending a silence, after asking.

use axum::extract::{Path, State};
use axum::response::Response;
use promgen_core::app::silences;

use super::{form, matchers, own, row};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, Field, Sheet};

/// `GET /silence/{id}/expire`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Path(id): Path<String>,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let next = form::onward(sheet.filter(matchers::NEXT));
    let silence = own(&server, &viewer, &id).await?;
    let t = viewer.t();
    let title = t.say("silences-expire-title");
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    let mut confirm = ConfirmPage::new(
        viewer.frame(title, crumbs),
        format!("/silence/{}/expire", silence.id),
        next.clone(),
        t.say("silences-expire"),
        t.say("silences-expire-text"),
    );
    confirm
        .form
        .fields
        .push(Field::hidden(matchers::NEXT, next));
    let matchers = silence.matchers.iter();
    let matchers = matchers.map(|one| format!("{}{}{}", one.name, row::operator(one), one.value));
    viewer.show(&confirm.goes(matchers))
}

/// `POST /silence/{id}/expire`
pub(super) async fn expire(
    State(server): State<Server>,
    Path(id): Path<String>,
    Posted { viewer, form: sent }: Posted,
) -> Result<Response, HttpError> {
    let notice = match silences::expire(&server.app, viewer.actor(), &id).await {
        Ok(written) => {
            let done = viewer.t().say("silences-expired").into_owned();
            Notice::success(form::told(&written, done, viewer.t()))
        }
        Err(error) => {
            let problems = form::refused(error, viewer.t())?;
            let texts = problems.iter().map(|one| viewer.t().advice(one));
            Notice::error(texts.collect::<Vec<_>>().join(" "))
        }
    };
    Ok(viewer.back_to(form::onward(sent.given(matchers::NEXT)), notice))
}
