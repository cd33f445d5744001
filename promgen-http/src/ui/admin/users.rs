//! All users.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::people::{self, Account, AccountFilter};
use promgen_core::store::AccountKey;

use super::any;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::parts::{Badge, Choice, Empty, Headings, Moment, Odd, Pager, Sheet, Tone};
use crate::ui::text::Texts;

/// Users on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "admin/users.html")]
struct UsersPage {
    frame: Frame,
    wanted: String,
    active: Choices,
    superuser: Choices,
    rows: Vec<Row>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

struct Row {
    account: Account,
    names: String,
    badges: Vec<Badge>,
    last_login: Option<Moment>,
}

/// `GET /admin/user`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut odd = Odd::default();
    let filter = AccountFilter {
        text: sheet.filter("q"),
        active: odd.read(&sheet, "active", answer),
        superuser: odd.read(&sheet, "superuser", answer),
    };
    let listed = people::accounts(
        &server.app,
        viewer.actor(),
        &filter,
        sheet.sort(),
        sheet.slice(SIZE),
    )
    .await?;
    let listed = odd.narrow(listed);
    let empty = Empty::new(t.say("admin-users-none"));
    viewer.show(&UsersPage {
        frame: viewer.frame(t.say("admin-users"), super::crumbs(t, "admin-users")),
        wanted: filter.text.unwrap_or_default().to_owned(),
        active: choices(
            t,
            "admin-state",
            "admin-active",
            "admin-inactive",
            filter.active,
        ),
        superuser: choices(
            t,
            "admin-superusers",
            "admin-superusers",
            "admin-others",
            filter.superuser,
        ),
        empty: odd.empty(t, viewer.here(), empty),
        headings: Headings::new::<AccountKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .into_iter()
            .map(|account| row(account, t))
            .collect(),
    })
}

fn answer(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn choices(
    t: &Texts,
    what: &'static str,
    yes: &'static str,
    no: &'static str,
    chosen: Option<bool>,
) -> Choices {
    Choices::of(vec![
        any(what, chosen.is_none(), t),
        Choice::new("yes", t.say(yes), chosen == Some(true)),
        Choice::new("no", t.say(no), chosen == Some(false)),
    ])
}

fn row(account: Account, t: &Texts) -> Row {
    let user = &account.user;
    let names = format!("{} {}", user.first_name, user.last_name);
    Row {
        names: names.trim().to_owned(),
        badges: badges(&account, t),
        last_login: account.last_login.map(|at| Moment::new(at, t)),
        account,
    }
}

/// What is special about an account.
pub(super) fn badges(account: &Account, t: &Texts) -> Vec<Badge> {
    let mut badges = Vec::new();
    if account.user.superuser {
        badges.push(Badge::new(Tone::Note, t.say("admin-superuser")));
    }
    if !account.user.active {
        badges.push(Badge::new(Tone::Bad, t.say("admin-inactive")));
    }
    badges
}
