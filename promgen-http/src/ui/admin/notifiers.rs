//! The notifiers of everybody.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::senders::{self, SenderFilter, SenderView};
use promgen_core::model::SenderOwner;
use promgen_core::plugin::Registry;
use promgen_core::store::SenderKey;

use super::{any, crumbs, states};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::notifiers::{label, shown};
use crate::ui::parts::{Choice, Empty, Headings, Odd, Pager, Sheet};
use crate::ui::text::Texts;

/// Notifiers on a page.
const SIZE: u64 = 50;

/// What a notifier can belong to, with its word.
const KINDS: [(&str, &str); 3] = [
    ("service", "admin-notifiers-services"),
    ("project", "admin-notifiers-projects"),
    ("user", "admin-notifiers-people"),
];

#[derive(Template)]
#[template(path = "admin/notifiers.html")]
struct NotifiersPage {
    frame: Frame,
    wanted: String,
    drivers: Choices,
    states: Choices,
    kinds: Choices,
    failing: bool,
    rows: Vec<Row>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

struct Row {
    sender: SenderView,
    driver: String,
    shown: String,
    owner: String,
    failures: u64,
}

/// `GET /admin/notifier`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (t, registry) = (viewer.t(), server.app.registry());
    let mut odd = Odd::default();
    let filter = SenderFilter {
        driver: sheet.filter("driver"),
        shown: sheet.filter("q"),
        owner_kind: odd.one_of(&sheet, "owner", KINDS.map(|(kind, _)| kind)),
        enabled: odd.switch(&sheet, "enabled"),
        failing: sheet.filter("failing").is_some(),
        ..SenderFilter::default()
    };
    let (sort, slice) = (sheet.sort(), sheet.slice(SIZE));
    let listed = senders::overview(&server.app, viewer.actor(), filter, sort, slice).await?;
    let listed = odd.narrow(listed);
    let empty = Empty::new(t.say("admin-notifiers-none"));
    viewer.show(&NotifiersPage {
        frame: viewer.frame(t.say("admin-notifiers"), crumbs(t, "admin-notifiers")),
        wanted: filter.shown.unwrap_or_default().to_owned(),
        drivers: drivers(registry, &filter, t),
        states: states(filter.enabled, t),
        kinds: kinds(&filter, t),
        failing: filter.failing,
        empty: odd.empty(t, viewer.here(), empty),
        headings: Headings::new::<SenderKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .into_iter()
            .map(|(sender, failures)| Row {
                driver: label(registry, &sender.driver, t),
                shown: shown(&sender, t),
                owner: page_of(sender.owner),
                failures,
                sender,
            })
            .collect(),
    })
}

fn drivers(registry: &Registry, filter: &SenderFilter<'_>, t: &Texts) -> Choices {
    let mut choices = vec![any("admin-notifiers-driver", filter.driver.is_none(), t)];
    choices.extend(registry.notifiers().map(|driver| {
        let chosen = filter.driver == Some(driver.key);
        Choice::new(driver.key, t.notifier(driver), chosen)
    }));
    Choices::of(choices)
}

fn kinds(filter: &SenderFilter<'_>, t: &Texts) -> Choices {
    let mut choices = vec![any("admin-notifiers-kind", filter.owner_kind.is_none(), t)];
    choices.extend(KINDS.iter().map(|(kind, word)| {
        let chosen = filter.owner_kind == Some(*kind);
        Choice::new(*kind, t.say(word), chosen)
    }));
    Choices::of(choices)
}

/// The page on which a superuser finds whom a notifier belongs to.
fn page_of(owner: SenderOwner) -> String {
    match owner {
        SenderOwner::Service(id) => format!("/service/{id}#notifiers"),
        SenderOwner::Project(id) => format!("/project/{id}#notifiers"),
        SenderOwner::User(id) => format!("/admin/user/{id}"),
    }
}
