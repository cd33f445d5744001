//! Changing a silence.

use axum::extract::{Path, State};
use axum::response::Response;
use promgen_core::app::silences;

use super::form::{self, Purpose, Sent};
use super::matchers::MatcherRow;
use super::own;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};

/// `GET /silence/{id}/edit`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let silence = own(&server, &viewer, &id).await?;
    let t = viewer.t();
    let sent = Sent {
        rows: silence.matchers.iter().map(MatcherRow::from).collect(),
        start: form::input_time(silence.starts_at, t),
        end: form::input_time(silence.ends_at, t),
        duration: String::new(),
        comment: silence.comment,
    };
    form::show(&viewer, &Purpose { id: Some(id) }, &sent, &[])
}

/// `POST /silence/{id}/edit`
pub(super) async fn save(
    State(server): State<Server>,
    Path(id): Path<String>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let sent = Sent::new(&form);
    let request = sent.request(Some(id.clone()), viewer.t());
    match silences::put_by_matchers(&server.app, viewer.actor(), request).await {
        Ok(written) => {
            let done = viewer.t().say("silences-saved").into_owned();
            let notice = Notice::success(form::told(&written, done));
            Ok(viewer.back_to("/silence", notice))
        }
        Err(error) => {
            let problems = form::refused(error)?;
            form::show(&viewer, &Purpose { id: Some(id) }, &sent, &problems)
        }
    }
}
