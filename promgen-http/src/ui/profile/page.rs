//! The page.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{people, senders, tokens};
use promgen_core::model::{Problem, SenderOwner, User, Zone};
use promgen_core::plugin::Registry;

use super::account;
use super::identities::Identities;
use super::sessions::{self, Row as SessionRow};
use super::subscriptions::Row as Subscription;
use super::token_table::TokenTable;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::notifiers::NotifierTable;
use crate::ui::parts::{Empty, FormView, Sheet};
use crate::ui::text::Texts;

#[derive(Template)]
#[template(path = "profile/page.html")]
struct Profile {
    frame: Frame,
    user: User,
    account: FormView,
    zones: Vec<String>,
    tokens: TokenTable,
    no_tokens: Empty,
    subscriptions: Vec<Subscription>,
    no_subscriptions: Empty,
    notifiers: NotifierTable,
    /// How many notifiers there are.
    count: usize,
    sessions: Vec<SessionRow>,
    identities: Identities,
    /// For whoever runs the program: what plugins it has.
    plugins: Option<Plugins>,
}

/// What plugins there are, by their keys and what people call them.
struct Plugins {
    notifiers: Vec<Plugin>,
    sources: Vec<Plugin>,
    backends: Vec<Plugin>,
}

type Plugin = (&'static str, Cow<'static, str>);

/// `GET /profile`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    credential: Credential,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    page(&server, &viewer, &credential, &sheet, None).await
}

/// The page, with what was sent of the account and what is wrong with it.
pub(super) async fn page(
    server: &Server,
    viewer: &Viewer,
    credential: &Credential,
    sheet: &Sheet,
    sent: Option<(&Form, &[Problem])>,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let user = people::me(app, actor).await?;
    let own = senders::own(app, actor).await?;
    let subscriptions = own.subscriptions.into_iter();
    let title = t.say("profile-title");
    let frame = viewer.frame(title.clone(), vec![Crumb::here(title)]);
    let zone = app.settings().zone();
    let (form, problems) = sent.unzip();
    let account = account::form(&frame, &user, zone.name(), form);
    let tokens = tokens::list_own(app, actor).await?;
    let plugins = frame.superuser.then(|| plugins(app.registry(), t));
    viewer.show(&Profile {
        account: account.problems(problems.unwrap_or_default()),
        zones: Zone::names(),
        tokens: TokenTable::own(tokens, app.now(), t),
        no_tokens: Empty::new(t.say("profile-tokens-empty"))
            .next(t.say("profile-token-new"), "/profile/token"),
        subscriptions: subscriptions.map(|one| Subscription::new(one, t)).collect(),
        no_subscriptions: Empty::new(t.say("profile-subscriptions-empty"))
            .next(t.say("frame-services"), "/service"),
        notifiers: NotifierTable::of(server, viewer, SenderOwner::User(user.id), sheet).await?,
        count: own.senders,
        sessions: sessions::rows(app, actor, credential, t).await?,
        identities: Identities::load(app, actor, t).await?,
        plugins,
        user,
        frame,
    })
}

fn plugins(registry: &Registry, t: &Texts) -> Plugins {
    let (notifiers, sources) = (registry.notifiers(), registry.discoveries());
    let backends = registry.backends();
    Plugins {
        notifiers: notifiers.map(|one| (one.key, t.notifier(one))).collect(),
        sources: sources.map(|one| (one.key, t.source(one))).collect(),
        backends: backends.map(|one| (one.key, t.backend(one))).collect(),
    }
}
