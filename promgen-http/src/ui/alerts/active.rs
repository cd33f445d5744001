//! What fires at this moment.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::Listed;
use promgen_core::app::silences::{self, About, ActiveAlert};

use super::part::AlertCard;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Chip, Chips, Empty, Lead, Pager, Sheet, label_of, label_parameter};

/// Alerts on a page.
const SIZE: u64 = 50;

/// Parameters that are no labels.
const OTHERS: [&str; 2] = ["page", "search"];

#[derive(Template)]
#[template(path = "alerts/active.html")]
struct Active {
    frame: Frame,
    trouble: Vec<String>,
    loud: usize,
    search: String,
    /// Labels that are asked for.
    chips: Chips,
    /// The same, for the form that searches.
    kept: Vec<(String, String)>,
    cards: Vec<AlertCard>,
    pager: Pager,
    empty: Empty,
}

/// `GET /alert/active`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let found = silences::around(&server.app, viewer.actor(), &About::Mine).await?;
    let search = sheet.filter("search").unwrap_or_default().trim().to_owned();
    let labels = labels(&sheet);
    let loud = found.alerts.iter().filter(|alert| alert.loud).count();
    let wanted: Vec<ActiveAlert> = found
        .alerts
        .into_iter()
        .filter(|alert| holds(alert, &search.to_lowercase()))
        .filter(|alert| bears(alert, &labels))
        .collect();
    let listed = Listed::cut(wanted, sheet.slice(SIZE));
    let empty = if !found.configured {
        Empty::new(t.say("alerts-no-alertmanager"))
    } else if !found.trouble.is_empty() {
        // Nobody knows whether nothing fires.
        Empty::new(t.say("alerts-not-known"))
    } else if search.is_empty() && labels.is_empty() {
        Empty::new(t.say("alerts-nothing-fires")).next(t.say("frame-alert-history"), "/alert")
    } else {
        Empty::new(t.say("alerts-none-found"))
    };
    let title = t.say("alerts-active");
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    viewer.show(&Active {
        frame: viewer.frame(title, crumbs),
        trouble: t.all_said(found.trouble),
        loud,
        chips: Chips {
            chips: chips(&labels, &search),
        },
        kept: parameters(labels),
        search,
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        cards: listed
            .items
            .iter()
            .map(|alert| AlertCard::new(alert, &viewer.here().full(), t))
            .collect(),
        empty,
    })
}

/// The labels that are asked for: every parameter that means nothing else.
fn labels(sheet: &Sheet) -> Vec<(String, String)> {
    let labels = sheet.pairs().iter();
    let labels = labels.filter(|(_, value)| !value.is_empty());
    let labels = labels.filter_map(|(name, value)| Some((label_of(name, &OTHERS)?, value)));
    labels
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// The parameters that ask for labels.
fn parameters(labels: Vec<(String, String)>) -> Vec<(String, String)> {
    let parameter = |(name, value): (String, String)| (label_parameter(&name, &OTHERS), value);
    labels.into_iter().map(parameter).collect()
}

fn bears(alert: &ActiveAlert, labels: &[(String, String)]) -> bool {
    labels
        .iter()
        .all(|(name, value)| alert.labels.get(name) == Some(value))
}

/// Each with a link that leaves it out, and what is searched for as it is.
fn chips(labels: &[(String, String)], search: &str) -> Vec<Chip> {
    let searched = (!search.is_empty()).then_some(("search", search));
    let chip = |(at, (name, value)): (usize, &(String, String))| {
        let mut rest = labels.to_vec();
        rest.remove(at);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters(rest))
            .extend_pairs(searched)
            .finish();
        let mark = if query.is_empty() { "" } else { "?" };
        Chip {
            name: name.clone(),
            value: value.clone(),
            lead: Lead::Without(format!("/alert/active{mark}{query}")),
        }
    };
    labels.iter().enumerate().map(chip).collect()
}

/// Whether a label or annotation holds a text.
fn holds(alert: &ActiveAlert, text: &str) -> bool {
    let all = alert.labels.values().chain(alert.annotations.values());
    text.is_empty()
        || all
            .into_iter()
            .any(|value| value.to_lowercase().contains(text))
}
