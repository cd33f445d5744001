//! `/silence`: what is kept quiet; made, changed and ended.

mod asked;
mod edit;
mod expire;
mod form;
mod list;
mod matchers;
mod new;
mod order;
mod preview;
mod row;

pub(crate) use matchers::{silence_chips, silence_link};
pub(crate) use row::{SilenceRow, silence_found, silence_row};

use http::Method;
use promgen_core::app::AppError;
use promgen_core::app::policy::Act;
use promgen_core::app::silences::{self, Silenced};

use super::frame::{Crumb, Viewer};
use super::text::Texts;
use crate::Server;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::ListSilences, get, "/silence", list::show)
        .on(Act::Silence, get, "/silence/new", new::ask)
        .on(Act::Silence, post, "/silence/new", new::create)
        .on(Act::Silence, post, "/silence/preview", preview::show)
        .on(Act::Silence, get, "/silence/{id}/edit", edit::ask)
        .on(Act::Silence, post, "/silence/{id}/edit", edit::save)
        .on(Act::Silence, get, "/silence/{id}/expire", expire::ask)
        .on(Act::Silence, post, "/silence/{id}/expire", expire::expire)
}

/// A silence that whoever looks may change or end.
async fn own(server: &Server, viewer: &Viewer, id: &str) -> Result<Silenced, AppError> {
    let silence = silences::find_one(&server.app, viewer.actor(), id).await?;
    if silence.may_edit {
        Ok(silence)
    } else {
        let need = "the role editor on everything that it touches".to_owned();
        Err(AppError::Forbidden { need })
    }
}

/// The way to the silences.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-silences"), "/silence")
}
