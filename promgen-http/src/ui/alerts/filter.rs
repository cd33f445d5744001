//! What the query of the alert history asks for, and the links that change it.

use promgen_core::app::Sort;
use promgen_core::app::alerts::HistoryQuery;
use promgen_core::model::AlertId;
use promgen_core::store::WhenKey;
use url::form_urlencoded;

use crate::ui::frame::Here;
use crate::ui::parts::{Chip, Lead, ORDER, Odd, Sheet, label_of, label_parameter};
use crate::ui::text::Texts;

const BEFORE: &str = "before";
const AFTER: &str = "after";
const NO_SENT: &str = "noSent";
const SENT_ERROR: &str = "sentError";
const SEARCH: &str = "search";

/// The order in which the oldest come first.
const OLDEST_FIRST: &str = "created";

/// Parameters that are no labels.
const OTHERS: [&str; 6] = [BEFORE, AFTER, NO_SENT, SENT_ERROR, SEARCH, ORDER];

/// The query of the history: `?service=shop&noSent=1&search=…&before=…`, every other parameter a label.
/// Where the oldest come first, a page begins `after` an alert.
pub(super) struct Filter {
    /// The parameters, but for the page and the order.
    pairs: Vec<(String, String)>,
    pub(super) query: HistoryQuery,
    /// The place in the list, where it makes no sense.
    pub(super) odd: Odd,
}

impl Filter {
    pub(super) fn new(sheet: &Sheet) -> Self {
        let sort: Sort<WhenKey> = sheet.sort();
        let mut query = HistoryQuery {
            oldest_first: !sort.descending,
            ..HistoryQuery::default()
        };
        let way = if query.oldest_first { AFTER } else { BEFORE };
        let (mut pairs, mut odd) = (Vec::new(), Odd::default());
        for (name, value) in sheet.pairs() {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                BEFORE | AFTER if name == way => match value.parse() {
                    Ok(id) => query.beyond = Some(AlertId(id)),
                    Err(_) => odd.note(name, value),
                },
                BEFORE | AFTER | ORDER => {}
                NO_SENT => query.no_sent = true,
                SENT_ERROR => query.sent_error = true,
                SEARCH => value.clone_into(&mut query.search),
                other => {
                    let label = label_of(other, &OTHERS).unwrap_or(other);
                    query.labels.push((label.to_owned(), value.to_owned()));
                }
            }
            if ![BEFORE, AFTER, ORDER].contains(&name.as_str()) {
                pairs.push((name.clone(), value.to_owned()));
            }
        }
        Self { pairs, query, odd }
    }

    /// Whether it is the first page of everything.
    pub(super) fn is_plain(&self) -> bool {
        self.pairs.is_empty() && self.is_first() && !self.odd.is_any()
    }

    /// Whether it is a first page.
    pub(super) fn is_first(&self) -> bool {
        self.query.beyond.is_none()
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
                lead: Lead::Without(self.address(rest)),
            }
        };
        self.pairs.iter().enumerate().map(chip).collect()
    }

    /// A link that asks for a label more, from the first page on.
    pub(super) fn with_label(&self, label: &str, value: &str) -> String {
        self.with(&label_parameter(label, &OTHERS), value)
    }

    /// A link that asks for something more, from the first page on.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut pairs = self.pairs.clone();
        // A label has one value, and so is asked for once.
        pairs.retain(|(key, _)| key != name);
        pairs.push((name.to_owned(), value.to_owned()));
        self.address(pairs)
    }

    /// A link to what is beyond an alert.
    pub(super) fn beyond(&self, id: AlertId) -> String {
        let way = if self.query.oldest_first {
            AFTER
        } else {
            BEFORE
        };
        let mut pairs = self.pairs.clone();
        pairs.push((way.to_owned(), id.to_string()));
        self.address(pairs)
    }

    /// A link to the first page.
    pub(super) fn first(&self) -> String {
        self.address(self.pairs.clone())
    }

    /// The history with a query, in this order.
    fn address(&self, mut pairs: Vec<(String, String)>) -> String {
        if self.query.oldest_first {
            pairs.push((ORDER.to_owned(), OLDEST_FIRST.to_owned()));
        }
        address(&pairs)
    }

    /// The first page, as the links of headings begin with it.
    pub(super) fn here(&self) -> Here {
        let address = self.first();
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        Here {
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    /// Everything but the search, for the form that searches.
    pub(super) fn kept(&self) -> Vec<(String, String)> {
        let kept = self.pairs.iter().filter(|(name, _)| name != SEARCH);
        let order = self.query.oldest_first;
        let order = order.then(|| (ORDER.to_owned(), OLDEST_FIRST.to_owned()));
        kept.cloned().chain(order).collect()
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
