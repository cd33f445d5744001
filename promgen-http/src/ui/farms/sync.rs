//! Bringing a remote farm to what its source has: what that changes, and doing it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms::{self, Refreshed};
use promgen_core::model::{FarmId, Problem};

use super::{after, returning, told};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{FormView, NONE, Sheet};
use crate::ui::text::Texts;

#[derive(Template)]
#[template(path = "farms/sync.html")]
struct Preview {
    frame: Frame,
    /// Why nothing is known.
    failed: Option<String>,
    added: Vec<String>,
    removed: Vec<String>,
    warnings: Vec<String>,
    /// The button of whoever may.
    form: Option<FormView>,
}

/// `GET /farm/{id}/refresh`
pub(super) async fn preview(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), FarmId(id));
    let page = farms::overview(app, actor, id, NONE).await?;
    let t = viewer.t();
    let title = t.name("farms-sync-title", &page.served.farm.name);
    let crumbs = super::crumbs(t, &page, Some(Crumb::here(t.say("farms-sync"))));
    let frame = viewer.frame(title, crumbs);
    let (failed, found) = match farms::preview(app, actor, id).await {
        Ok(found) => (None, Some(found)),
        Err(error) => (Some(told(error, t)?), None),
    };
    let changes = found
        .as_ref()
        .is_some_and(|found| !(found.added.is_empty() && found.removed.is_empty()));
    let action = format!("/farm/{id}/refresh");
    let form = FormView::new(&frame, action, t.say("farms-sync"), Vec::new());
    let form = returning(form, &frame, &sheet, id);
    let (added, removed, warnings) = match found {
        Some(found) => (found.added, found.removed, found.warnings),
        None => Default::default(),
    };
    viewer.show(&Preview {
        form: (page.may_edit && changes).then_some(form),
        frame,
        failed,
        added,
        removed,
        warnings: words(&warnings, viewer.t()),
    })
}

/// `POST /farm/{id}/refresh`
pub(super) async fn sync(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let done = farms::refresh(&server.app, viewer.actor(), FarmId(id)).await;
    let back = after(&form, format!("/farm/{id}"));
    match done {
        Ok(done) => Ok(viewer.back_with(back, &notices(&viewer, &done))),
        Err(error) => Ok(viewer.back_to(back, Notice::error(told(error, viewer.t())?))),
    }
}

/// What is said of a farm that was brought up to date.
pub(super) fn notices(viewer: &Viewer, done: &Refreshed) -> Vec<Notice> {
    let args = [
        ("name", done.farm.name.as_str().into()),
        ("added", done.added.len().into()),
        ("removed", done.removed.len().into()),
    ];
    let mut notices = vec![Notice::success(viewer.t().with("farms-synced", &args))];
    let warnings = words(&done.warnings, viewer.t());
    notices.extend(warnings.into_iter().map(Notice::warning));
    notices
}

fn words(warnings: &[Problem], t: &Texts) -> Vec<String> {
    warnings.iter().map(|one| t.told(one)).collect()
}
