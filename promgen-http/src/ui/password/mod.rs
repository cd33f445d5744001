//! `/password_reset/` and `/password_change/`: another password, by mail or by the present one.

mod change;
mod reset;
mod set;

use http::Method;
use promgen_core::app::AppError;
use promgen_core::app::policy::Act;

use super::frame::Frame;
use super::parts::Field;
use super::text::Texts;
use crate::extract::Form;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::LogIn, get, "/password_reset/", reset::show)
        .on(Act::LogIn, post, "/password_reset/", reset::ask)
        .on(Act::LogIn, get, "/password_reset/{token}/", set::show)
        .on(Act::LogIn, post, "/password_reset/{token}/", set::finish)
        .on(Act::SeeSelf, get, "/password_change/", change::show)
        .on(Act::ChangeSelf, post, "/password_change/", change::finish)
}

/// The fields of a new password: typed twice, for nobody sees what they type.
fn fields(frame: &Frame) -> [Field; 2] {
    let field = |name: &'static str, key| {
        Field::line("password", name, frame.say(key))
            .autocomplete("new-password")
            .required()
    };
    let first = field("password", "password-set-new").help(frame.say("password-set-help"));
    [first, field("again", "password-set-again")]
}

/// That both were the same.
fn same(form: &Form, t: &Texts) -> Result<(), AppError> {
    if form.text("password") == form.text("again") {
        return Ok(());
    }
    let message = t.say("password-different");
    let remedy = t.say("password-different-next");
    Err(AppError::invalid("again", message, remedy))
}
