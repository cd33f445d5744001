//! Answers of pages.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION, VARY};
use promgen_core::app::AppError;

use super::{Notice, Viewer};
use crate::error::HttpError;

impl Viewer {
    /// A page. Nobody keeps it: it is about who looks at it.
    pub(crate) fn show(&self, page: &impl Template) -> Result<Response, HttpError> {
        let html = page.render().map_err(|error| AppError::Internal {
            message: error.to_string(),
        })?;
        let headers = [
            (CACHE_CONTROL, "no-store"),
            (VARY, "Cookie, Accept-Language"),
        ];
        let page = (headers, Html(html));
        if self.notices().is_empty() {
            return Ok(page.into_response());
        }
        Ok((Notice::forgotten(self.secure()), page).into_response())
    }

    /// Sends the browser on with something to say there.
    pub(crate) fn back_to(&self, to: impl AsRef<str>, notice: Notice) -> Response {
        self.back_with(to, &[notice])
    }

    /// As [`Viewer::back_to`], with several things to say.
    pub(crate) fn back_with(&self, to: impl AsRef<str>, notices: &[Notice]) -> Response {
        let cookie = Notice::leave(notices, self.secure());
        (cookie, redirect(to)).into_response()
    }
}

/// Sends the browser on, by a `GET`.
pub(crate) fn redirect(to: impl AsRef<str>) -> Response {
    let headers = [(LOCATION, to.as_ref()), (CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}
