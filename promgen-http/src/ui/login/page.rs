//! The login page.

use std::borrow::Cow;

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::header::RETRY_AFTER;
use promgen_core::app::login::{self, Choice, Way};
use promgen_core::app::reset;
use promgen_core::plugin::Registry;
use url::form_urlencoded;

use crate::Server;
use crate::error::{HttpError, Refusal};
use crate::ui::frame::Frame;
use crate::ui::parts::{Field, FormView};
use crate::ui::profile::backend_label;
use crate::ui::stranger::Stranger;
use crate::ui::text::Texts;

/// Longest user name; see `users::check_username`.
const LONGEST_NAME: u32 = 150;

#[derive(Template)]
#[template(path = "login/page.html")]
struct LoginPage {
    frame: Frame,
    /// Why nobody came in.
    message: Option<String>,
    /// The other sites: label and address.
    buttons: Vec<Button>,
    form: Option<FormView>,
    /// Whether passwords can be set anew by mail.
    resets: bool,
}

/// The login page, with what went wrong before.
pub(super) fn page(
    server: &Server,
    stranger: &Stranger,
    next: &str,
    username: &str,
    error: Option<HttpError>,
) -> Result<Response, HttpError> {
    let frame = stranger.frame(stranger.viewer.t().say("login-title"))?;
    let token = frame.token.clone();
    let choices = login::choices(&server.app);
    let by_form = choices.iter().any(|choice| choice.way == Way::Form);
    let t = stranger.viewer.t();
    let detail = error.as_ref().map(HttpError::detail);
    let page = LoginPage {
        message: detail.map(|one| t.said(&one).into_owned()),
        buttons: buttons(server.app.registry(), &choices, next, stranger.viewer.t()),
        form: by_form.then(|| form(&frame, next, username)),
        resets: by_form && reset::is_possible(&server.app),
        frame,
    };
    let answer = stranger.show(&token, &page)?;
    Ok(match error {
        Some(error) => as_error(answer, error),
        None => answer,
    })
}

/// What it says, and where it leads.
type Button = (Cow<'static, str>, String);

fn buttons(registry: &Registry, choices: &[Choice], next: &str, t: &Texts) -> Vec<Button> {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let ways = choices.iter().filter(|choice| choice.way == Way::Button);
    ways.map(|choice| {
        let label = backend_label(registry, choice.key, t);
        (label, format!("/login/{}/?next={next}", choice.key))
    })
    .collect()
}

fn form(frame: &Frame, next: &str, username: &str) -> FormView {
    let fields = vec![
        Field::hidden("next", next),
        Field::text("username", frame.say("login-username"))
            .value(username)
            .autocomplete("username")
            .longest(LONGEST_NAME)
            .required(),
        Field::line("password", "password", frame.say("login-password"))
            .autocomplete("current-password")
            .required(),
    ];
    FormView::new(frame, "/login/", frame.say("login-submit"), fields)
}

/// A page with the status of an error, with what belongs to that, and with what goes to the log.
fn as_error(mut page: Response, error: HttpError) -> Response {
    let told = error.into_response();
    *page.status_mut() = told.status();
    if let Some(after) = told.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, after.clone());
    }
    page.extensions_mut().extend(told.extensions().clone());
    // It is a page already, and none is to be made of its error.
    page.extensions_mut().remove::<Refusal>();
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use promgen_core::app::login::Way;

    const BOTH: [Choice; 2] = [
        Choice {
            key: "oidc",
            label: "OpenID <Connect>",
            way: Way::Button,
        },
        Choice {
            key: "password",
            label: "Password",
            way: Way::Form,
        },
    ];

    #[test]
    fn the_way_on_is_part_of_a_button_and_no_more() {
        let (registry, t) = (Registry::default(), Texts::default());
        let [(label, link)] = &buttons(&registry, &BOTH, "/a?b=\"><script>", &t)[..] else {
            panic!("one button");
        };
        assert_eq!(label, "oidc");
        assert_eq!(link, "/login/oidc/?next=%2Fa%3Fb%3D%22%3E%3Cscript%3E");
    }
}
