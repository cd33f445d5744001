//! Changing a silence.

use axum::extract::{Path, State};
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::silences::{self, Silenced, Written};
use promgen_core::model::Timestamp;

use super::form::{self, Purpose, Sent};
use super::matchers::MatcherRow;
use super::own;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::Sheet;
use crate::ui::text::Texts;

/// `GET /silence/{id}/edit`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Path(id): Path<String>,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let silence = own(&server, &viewer, &id).await?;
    let t = viewer.t();
    let rows = silence.matchers.iter().map(MatcherRow::from).collect();
    let sent = Sent {
        start: form::input_time(silence.starts_at, t),
        end: form::input_time(silence.ends_at, t),
        comment: silence.comment,
        ..Sent::of(rows, &sheet)
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
    let purpose = Purpose {
        id: Some(id.clone()),
    };
    if form::wants_more(&form) {
        return form::show(&viewer, &purpose, &sent, &[]);
    }
    match put(&server, &viewer, id, &sent).await {
        Ok(written) => {
            let done = viewer.t().say("silences-saved").into_owned();
            let notice = Notice::success(form::told(&written, done, viewer.t()));
            Ok(viewer.back_to(&sent.next, notice))
        }
        Err(error) => form::show(&viewer, &purpose, &sent, &form::refused(error, viewer.t())?),
    }
}

async fn put(
    server: &Server,
    viewer: &Viewer,
    id: String,
    sent: &Sent,
) -> Result<Written, AppError> {
    let silence = silences::find_one(&server.app, viewer.actor(), &id).await?;
    let sent = unrounded(sent, &silence, viewer.t());
    form::put(server, viewer, sent.request(Some(id), viewer.t())).await
}

/// The form with the times of the silence where it has them still. It shows no seconds, and a silence
/// with another start is another one to Alertmanager, which ends the one that there is.
fn unrounded(sent: &Sent, silence: &Silenced, t: &Texts) -> Sent {
    let time = |sent: &str, at: Timestamp| {
        if sent == form::input_time(at, t) {
            at.rfc3339()
        } else {
            sent.to_owned()
        }
    };
    Sent {
        start: time(&sent.start, silence.starts_at),
        end: time(&sent.end, silence.ends_at),
        ..sent.clone()
    }
}
