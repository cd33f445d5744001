//! Other servers, asked on behalf of whoever asks (spec 04 §5).

mod alertmanager;
mod form;
mod messages;
mod warning;

pub(crate) use warning::warn;

use crate::routes::Routes;

/// The routes of all proxies.
pub(crate) fn routes() -> Routes {
    alertmanager::routes()
}
