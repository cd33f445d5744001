//! What the query of the alert history asks for, and the links that change it.

use promgen_core::app::alerts::HistoryQuery;
use promgen_core::model::AlertId;
use url::form_urlencoded;

use crate::ui::parts::{Chip, Lead, Sheet, label_of, label_parameter};
use crate::ui::text::Texts;

const BEFORE: &str = "before";
const NO_SENT: &str = "noSent";
const SENT_ERROR: &str = "sentError";
const SEARCH: &str = "search";

/// Parameters that are no labels.
const OTHERS: [&str; 4] = [BEFORE, NO_SENT, SENT_ERROR, SEARCH];

/// The query of the history: `?service=shop&noSent=1&search=…&before=…`, every other parameter a label.
pub(super) struct Filter {
    /// The parameters, but for the page.
    pairs: Vec<(String, String)>,
    pub(super) query: HistoryQuery,
}

impl Filter {
    pub(super) fn new(sheet: &Sheet) -> Self {
        let mut query = HistoryQuery::default();
        let mut pairs = Vec::new();
        for (name, value) in sheet.pairs() {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                BEFORE => query.before = value.parse().ok().map(AlertId),
                NO_SENT => query.no_sent = true,
                SENT_ERROR => query.sent_error = true,
                SEARCH => value.clone_into(&mut query.search),
                other => {
                    let label = label_of(other, &OTHERS).unwrap_or(other);
                    query.labels.push((label.to_owned(), value.to_owned()));
                }
            }
            if name != BEFORE {
                pairs.push((name.clone(), value.to_owned()));
            }
        }
        Self { pairs, query }
    }

    /// Whether it is the first page of everything.
    pub(super) fn is_plain(&self) -> bool {
        self.pairs.is_empty() && self.query.before.is_none()
    }

    /// What is asked for, each with a link that leaves it out.
    pub(super) fn chips(&self, t: &Texts) -> Vec<Chip> {
        let chip = |(at, (name, value)): (usize, &(String, String))| {
            let label = match name.as_str() {
                NO_SENT | SENT_ERROR => t.say("alerts-filter").into_owned(),
                SEARCH => t.say("alerts-search").into_owned(),
                other => label_of(other, &OTHERS).unwrap_or(other).to_owned(),
            };
            let value = match name.as_str() {
                NO_SENT => t.say("alerts-no-sent").into_owned(),
                SENT_ERROR => t.say("alerts-sent-error").into_owned(),
                _ => value.clone(),
            };
            let mut rest = self.pairs.clone();
            rest.remove(at);
            Chip {
                name: label,
                value,
                lead: Lead::Without(address(&rest)),
            }
        };
        self.pairs.iter().enumerate().map(chip).collect()
    }

    /// A link that asks for a label more, from the newest on.
    pub(super) fn with_label(&self, label: &str, value: &str) -> String {
        self.with(&label_parameter(label, &OTHERS), value)
    }

    /// A link that asks for something more, from the newest on.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut pairs = self.pairs.clone();
        // A label has one value, and so is asked for once.
        pairs.retain(|(key, _)| key != name);
        pairs.push((name.to_owned(), value.to_owned()));
        address(&pairs)
    }

    /// A link to what came before an alert.
    pub(super) fn before(&self, id: AlertId) -> String {
        let mut pairs = self.pairs.clone();
        pairs.push((BEFORE.to_owned(), id.to_string()));
        address(&pairs)
    }

    /// A link to the newest.
    pub(super) fn newest(&self) -> String {
        address(&self.pairs)
    }

    /// Everything but the search, for the form that searches.
    pub(super) fn kept(&self) -> Vec<(String, String)> {
        let kept = self.pairs.iter().filter(|(name, _)| name != SEARCH);
        kept.cloned().collect()
    }
}

/// The history of the alerts that bear a label.
pub(super) fn with_label(label: &str, value: &str) -> String {
    address(&[(label_parameter(label, &OTHERS), value.to_owned())])
}

/// The history with a query.
fn address(pairs: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/alert{mark}{query}")
}
