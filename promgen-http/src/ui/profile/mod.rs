//! `/profile`: one's own account, tokens, sessions, and what one hears of.

mod account;
mod identities;
mod page;
mod sessions;
mod subscriptions;
mod token_table;
mod tokens;

pub(crate) use identities::backend_label;
pub(crate) use token_table::{KEPT as TOKENS_KEPT, TokenTable};

use http::Method;
use promgen_core::app::policy::Act;

use super::frame::Crumb;
use super::notifiers;
use super::text::Texts;
use crate::routes::Routes;

/// Where it is.
const HERE: &str = "/profile";

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    let revoke = "/profile/token/{id}/revoke";
    let end = "/profile/session/{id}/end";
    Routes::default()
        .on(Act::SeeSelf, get, HERE, page::show)
        .on(Act::ChangeSelf, post, HERE, notifiers::create_own)
        .on(Act::ChangeSelf, post, "/profile/account", account::save)
        .on(Act::SeeSelf, get, "/profile/token", tokens::new)
        .on(Act::ChangeSelf, post, "/profile/token", tokens::make)
        .on(Act::SeeSelf, get, revoke, tokens::ask)
        .on(Act::ChangeSelf, post, revoke, tokens::revoke)
        .on(Act::ChangeSelf, post, end, sessions::end)
        .on(
            Act::ChangeSelf,
            post,
            "/profile/sessions/end",
            sessions::end_others,
        )
}

/// The way to it.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-profile"), HERE)
}
