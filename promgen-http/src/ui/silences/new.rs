//! Making a silence.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences;

use super::form::{self, Purpose, Sent};
use super::matchers;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::Sheet;

const NEW: Purpose = Purpose { id: None };

/// `GET /silence/new`: every parameter is a label of what is to be silenced.
pub(super) async fn ask(viewer: Viewer, sheet: Sheet) -> Result<Response, HttpError> {
    form::show(&viewer, &NEW, &Sent::of(matchers::asked(&sheet)), &[])
}

/// `POST /silence/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let sent = Sent::new(&form);
    let request = sent.request(None, viewer.t());
    match silences::put_by_matchers(&server.app, viewer.actor(), request).await {
        Ok(written) => {
            let done = viewer.t().say("silences-created").into_owned();
            let notice = Notice::success(form::told(&written, done));
            Ok(viewer.back_to("/silence", notice))
        }
        Err(error) => form::show(&viewer, &NEW, &sent, &form::refused(error)?),
    }
}
