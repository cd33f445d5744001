//! What is known of somebody, and how they read.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::people::{self, UserChange};
use promgen_core::model::{Language, User};

use super::{HERE, page};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form};
use crate::ui::frame::{Frame, Notice, Posted};
use crate::ui::parts::{Choice, Field, FormView, Sheet};

/// Id of the list of zones.
pub(super) const ZONES: &str = "zones";

/// Most letters of a name or an address.
const NAME: u32 = 150;

const EMAIL: u32 = 254;

/// `POST /profile/account`
pub(super) async fn save(
    State(server): State<Server>,
    credential: Credential,
    sheet: Sheet,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let wanted = UserChange {
        email: form.given("email").map(str::trim),
        first_name: form.given("first_name"),
        last_name: form.given("last_name"),
        timezone: form.given("timezone").map(str::trim),
        language: form.given("language"),
        ..UserChange::default()
    };
    match people::update_own(&server.app, viewer.actor(), wanted).await {
        Ok(_) => {
            let text = viewer.t().say("profile-saved");
            Ok(viewer.back_to(HERE, Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let sent = Some((&form, problems.as_slice()));
            page::page(&server, &viewer, &credential, &sheet, sent).await
        }
    }
}

/// The form, with what is stored or what was sent.
pub(super) fn form(
    frame: &Frame,
    user: &User,
    installation: &str,
    sent: Option<&Form>,
) -> FormView {
    let value = |name: &str, stored: &str| {
        let sent = sent.and_then(|form| form.given(name));
        sent.unwrap_or(stored).to_owned()
    };
    let zone = user.timezone.as_ref().map_or("", |zone| zone.name());
    let language = user.language.map_or("", Language::code);
    let zone_help = frame.with("profile-timezone-help", &[("zone", installation.into())]);
    let fields = vec![
        Field::line("email", "email", frame.say("profile-email"))
            .value(value("email", &user.email))
            .autocomplete("email")
            .longest(EMAIL),
        Field::text("first_name", frame.say("profile-first-name"))
            .value(value("first_name", &user.first_name))
            .autocomplete("given-name")
            .longest(NAME),
        Field::text("last_name", frame.say("profile-last-name"))
            .value(value("last_name", &user.last_name))
            .autocomplete("family-name")
            .longest(NAME),
        Field::text("timezone", frame.say("profile-timezone"))
            .value(value("timezone", zone))
            .list(ZONES)
            .help(zone_help),
        Field::select(
            "language",
            frame.say("profile-language"),
            languages(frame, &value("language", language)),
        ),
    ];
    FormView::new(frame, "/profile/account", frame.say("profile-save"), fields)
}

fn languages(frame: &Frame, chosen: &str) -> Vec<Choice> {
    let auto = Choice::new("", frame.say("profile-language-auto"), chosen.is_empty());
    let named = Language::ALL.into_iter().map(|language| {
        let code = language.code();
        Choice::new(code, language.own_name(), code == chosen)
    });
    std::iter::once(auto).chain(named).collect()
}
