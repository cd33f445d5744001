//! API tokens: made, shown once, revoked.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, Unread, tokens};
use promgen_core::model::{Problem, Scope, Token, TokenId};

use super::{HERE, crumb};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{Choice, Code, ConfirmPage, Field, FormPage, FormView};

/// For how many days a token can be good, with the key of the words; for ever with none.
const SPANS: [(u64, &str); 4] = [
    (90, "profile-token-span-90"),
    (30, "profile-token-span-30"),
    (365, "profile-token-span-365"),
    (0, "profile-token-span-none"),
];

/// What a token can be for.
const SCOPES: [(Scope, &str); 3] = [
    (Scope::Read, "profile-token-scope-read"),
    (Scope::Write, "profile-token-scope-write"),
    (Scope::Alerts, "profile-token-scope-alerts"),
];

#[derive(Template)]
#[template(path = "profile/token.html")]
struct Made {
    frame: Frame,
    code: Code,
    back: &'static str,
}

/// `GET /profile/token`
pub(super) async fn new(viewer: Viewer) -> Result<Response, HttpError> {
    form(&viewer, &Form::default(), &[])
}

/// `POST /profile/token`: answers the token, this once.
pub(super) async fn make(
    State(server): State<Server>,
    Posted { viewer, form: sent }: Posted,
) -> Result<Response, HttpError> {
    let user = viewer.known().ok_or(AppError::Unauthenticated)?;
    let given = |scope: &(Scope, &str)| sent.all("scope").any(|text| text == scope.0.as_str());
    let scopes = SCOPES.into_iter().filter(given).map(|(scope, _)| scope);
    let mut unread = Unread::default();
    let span = unread.or(span(sent.text("days")), None)?;
    let (app, actor) = (unread.app(&server.app), viewer.actor());
    let made = tokens::create(&app, actor, &user.username, scopes.collect(), span).await;
    match unread.with(made) {
        Ok(made) => {
            let t = viewer.t();
            let title = t.say("profile-token-made-title");
            viewer.show(&Made {
                code: Code::new("token", title.clone(), made.text.reveal(), t),
                frame: viewer.frame(title.clone(), vec![crumb(t), Crumb::here(title)]),
                back: HERE,
            })
        }
        Err(error) => form(&viewer, &sent, &error.problems()?),
    }
}

fn span(days: &str) -> Result<Option<Duration>, AppError> {
    let known = |days: u64| SPANS.iter().any(|(span, _)| *span == days);
    match days.parse::<u64>() {
        Ok(0) => Ok(None),
        Ok(days) if known(days) => Ok(Some(Duration::from_hours(24 * days))),
        _ => {
            let message = "is none of the spans that there are";
            Err(AppError::invalid("days", message, "choose one"))
        }
    }
}

fn form(viewer: &Viewer, sent: &Form, problems: &[Problem]) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("profile-token-new");
    let frame = viewer.frame(title.clone(), vec![crumb(t), Crumb::here(title)]);
    let superuser = frame.superuser;
    let chosen = |scope: Scope| {
        let given = sent.all("scope").any(|text| text == scope.as_str());
        given || sent.pairs().is_empty() && scope == Scope::Read
    };
    let scope = |(scope, words): (Scope, &'static str)| {
        let mut choice = Choice::new(scope.as_str(), scope.as_str(), chosen(scope));
        choice.note = t.say(words).into_owned();
        choice.disabled = scope == Scope::Alerts && !superuser;
        choice
    };
    let days = sent.given("days").unwrap_or("90");
    let span = |(span, words): (u64, &'static str)| {
        let value = span.to_string();
        let chosen = value == days;
        Choice::new(value, t.say(words), chosen)
    };
    let fields = vec![
        Field::many(
            "scope",
            t.say("profile-token-scopes"),
            SCOPES.map(scope).to_vec(),
        ),
        Field::select(
            "days",
            t.say("profile-token-span"),
            SPANS.map(span).to_vec(),
        ),
    ];
    let submit = t.say("profile-token-make");
    let form = FormView::new(&frame, "/profile/token", submit, fields)
        .problems(problems)
        .cancel(&frame, HERE);
    viewer.show(&FormPage::new(frame, form))
}

/// `GET /profile/token/{id}/revoke`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let token = own(&server, &viewer, TokenId(id)).await?;
    let t = viewer.t();
    let title = t.say("profile-token-revoke-title");
    let crumbs = vec![crumb(t), Crumb::here(t.say("profile-token-revoke"))];
    let page = ConfirmPage::new(
        viewer.frame(title, crumbs),
        format!("/profile/token/{id}/revoke"),
        format!("{HERE}#tokens"),
        t.say("profile-token-revoke"),
        t.name("profile-token-revoke-lead", &token.prefix),
    );
    viewer.show(&page)
}

/// `POST /profile/token/{id}/revoke`
pub(super) async fn revoke(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let token = own(&server, &viewer, TokenId(id)).await?;
    tokens::revoke(&server.app, viewer.actor(), token.id).await?;
    let text = viewer.t().name("profile-token-was-revoked", &token.prefix);
    Ok(viewer.back_to(format!("{HERE}#tokens"), Notice::success(text)))
}

/// One of the tokens of whoever looks.
async fn own(server: &Server, viewer: &Viewer, id: TokenId) -> Result<Token, AppError> {
    let all = tokens::list_own(&server.app, viewer.actor()).await?;
    let found = all.into_iter().find(|token| token.id == id);
    found.ok_or_else(|| AppError::not_found("token", &id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_as_long_as_is_offered() {
        assert_eq!(span("0").unwrap(), None);
        assert_eq!(span("30").unwrap(), Some(Duration::from_hours(720)));
        for odd in ["", "-1", "31", "99999999999999999999", "30d"] {
            assert!(span(odd).is_err(), "{odd}");
        }
    }
}
