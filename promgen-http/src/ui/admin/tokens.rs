//! The tokens of everybody, and how one is revoked.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::tokens;
use promgen_core::model::{Scope, TokenId};
use promgen_core::store::{TokenFilter, TokenKey};

use super::{admit, crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Frame, Notice, Posted, Viewer};
use crate::ui::members::Choices;
use crate::ui::next;
use crate::ui::parts::{Choice, ConfirmPage, Empty, Field, Headings, Odd, Pager, Sheet};
use crate::ui::profile::{TOKENS_KEPT, TokenTable};

/// Tokens on a page.
const SIZE: u64 = 50;

/// Every scope.
pub(super) const SCOPES: [Scope; 3] = [Scope::Read, Scope::Write, Scope::Alerts];

#[derive(Template)]
#[template(path = "admin/tokens.html")]
struct TokensPage {
    frame: Frame,
    scope: Choices,
    /// Whether those that ended long ago are there too.
    ended: Choices,
    headings: Headings,
    tokens: TokenTable,
    empty: Empty,
    pager: Pager,
}

/// `GET /admin/token`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut odd = Odd::default();
    let scope: Option<Scope> = odd.parse(&sheet, "scope");
    let ended = sheet.filter("ended") == Some("yes");
    let now = server.app.now();
    let filter = TokenFilter {
        scope,
        ends_after: (!ended).then(|| now.minus(TOKENS_KEPT)),
    };
    let (sort, slice) = (sheet.sort(), sheet.slice(SIZE));
    let listed = tokens::page(&server.app, viewer.actor(), filter, sort, slice).await?;
    let listed = odd.narrow(listed);
    let empty = Empty::new(t.say("admin-tokens-none"));
    let empty = empty.next(t.say("admin-token-new"), "/admin/token/new");
    let mut choices = vec![Choice::new("", t.say("admin-any-scope"), scope.is_none())];
    let choice = |one: Scope| Choice::new(one.as_str(), one.as_str(), scope == Some(one));
    choices.extend(SCOPES.into_iter().map(choice));
    let headings = Headings::new::<TokenKey>(viewer.here(), &sheet);
    viewer.show(&TokensPage {
        frame: viewer.frame(t.say("admin-tokens"), crumbs(t, "admin-tokens")),
        scope: Choices::of(choices),
        ended: Choices::of(vec![
            Choice::new("", t.say("admin-tokens-recent"), !ended),
            Choice::new("yes", t.say("admin-tokens-all"), ended),
        ]),
        empty: odd.empty(t, viewer.here(), empty),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        tokens: TokenTable::of_users(listed.items, &viewer.here().full(), now, t)
            .sorted(headings.clone()),
        headings,
    })
}

/// `GET /admin/token/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let t = viewer.t();
    let token = tokens::find(&server.app, viewer.actor(), TokenId(id)).await?;
    let next = after(sheet.filter("next").unwrap_or_default());
    let title = t.name("admin-revoke-title", &token.prefix);
    let mut confirm = ConfirmPage::new(
        viewer.frame(title, crumbs(t, "admin-revoke")),
        format!("/admin/token/{id}/delete"),
        &next,
        t.say("admin-revoke"),
        t.say("admin-revoke-text"),
    );
    confirm.form.fields.push(Field::hidden("next", next));
    viewer.show(&confirm)
}

/// `POST /admin/token/{id}/delete`
pub(super) async fn revoke(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    tokens::revoke(&server.app, viewer.actor(), TokenId(id)).await?;
    let notice = Notice::success(viewer.t().say("admin-token-revoked"));
    Ok(viewer.back_to(after(form.text("next")), notice))
}

/// Where it goes on: where the token was seen.
fn after(next: &str) -> String {
    next::or(Some(next), "/admin/token")
}
