//! Making a silence.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences;
use promgen_core::model::Problem;

use super::form::{self, Purpose, Sent};
use super::matchers::{self, MatcherRow};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::Sheet;

const NEW: Purpose = Purpose { id: None };

/// `GET /silence/new`: every parameter is a label of what is to be silenced, but for `next` and
/// `chosen`.
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let sent = Sent::of(matchers::asked(&sheet), &sheet).for_a_while();
    // Of nothing that is chosen one does not make a silence of everything.
    if let Some(chosen) = sheet.filter(matchers::CHOSEN)
        && !sent.rows.iter().any(|row| row.name == chosen)
    {
        let text = viewer.t().say("silences-choose");
        return Ok(viewer.back_to(&sent.next, Notice::error(text)));
    }
    if !silences::may_make(&server.app, viewer.actor()).await? {
        let text = viewer.t().say("silences-may-not");
        return Ok(viewer.back_to(&sent.next, Notice::error(text)));
    }
    let problems = doubts(&server, &viewer, &sent).await?;
    form::show(&viewer, &NEW, &sent, &problems)
}

/// What whoever asks may not silence of what a link asks for.
async fn doubts(server: &Server, viewer: &Viewer, sent: &Sent) -> Result<Vec<Problem>, HttpError> {
    let owned = |row: &MatcherRow| matches!(row.name.as_str(), "service" | "project");
    if !sent.rows.iter().any(owned) {
        return Ok(Vec::new());
    }
    let matchers: Vec<_> = sent.rows.iter().map(MatcherRow::matcher).collect();
    match silences::refusal(&server.app, viewer.actor(), &matchers).await {
        Ok(sentences) => Ok(form::forbidden(&sentences, viewer.t())
            .into_iter()
            .collect()),
        Err(error) => form::refused(error, viewer.t()),
    }
}

/// `POST /silence/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let sent = Sent::new(&form);
    if form::wants_more(&form) {
        return form::show(&viewer, &NEW, &sent, &[]);
    }
    match form::put(&server, &viewer, sent.request(None, viewer.t())).await {
        Ok(written) => {
            let done = viewer.t().say("silences-created").into_owned();
            let notice = Notice::success(form::told(&written, done, viewer.t()));
            Ok(viewer.back_to(&sent.next, notice))
        }
        Err(error) => form::show(&viewer, &NEW, &sent, &form::refused(error, viewer.t())?),
    }
}
