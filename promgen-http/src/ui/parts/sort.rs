//! Headings of lists that lead to the same list in another order.

use askama::Template;
use promgen_core::app::{Sort, SortKey};

use super::pager::{PARAMETER, Sheet, with_queries};
use crate::ui::frame::Here;

/// The parameter with the order of a list.
const ORDER: &str = "sort";

impl Sheet {
    /// The order that is asked for; that of the list where none is, or one that it does not know.
    pub(crate) fn sort<K: SortKey>(&self) -> Sort<K> {
        self.filter(ORDER).and_then(Sort::parse).unwrap_or_default()
    }
}

/// The headings of a list that is sorted in some order.
#[derive(Debug, Clone)]
pub(crate) struct Headings {
    here: Here,
    name: &'static str,
    descending: bool,
    /// Whether somebody asked for this order.
    asked: bool,
    known: Vec<&'static str>,
}

impl Headings {
    /// Those of the list at `here`.
    pub(crate) fn new<K: SortKey>(here: &Here, sheet: &Sheet) -> Self {
        let sort = sheet.sort::<K>();
        Self {
            here: here.clone(),
            name: sort.name(),
            descending: sort.descending,
            asked: sort != Sort::default(),
            known: K::NAMED.iter().map(|(name, _)| *name).collect(),
        }
    }

    /// The heading of a column that the list can be sorted by.
    pub(crate) fn of(&self, name: &str, label: impl Into<String>) -> Heading {
        self.heading(name, label, false)
    }

    /// As [`Headings::of`], of a column of numbers.
    pub(crate) fn number(&self, name: &str, label: impl Into<String>) -> Heading {
        self.heading(name, label, true)
    }

    /// The link of a heading alone, for lists without columns.
    pub(crate) fn link(&self, name: &str, label: impl Into<String>) -> Heading {
        Heading {
            cell: false,
            ..self.heading(name, label, false)
        }
    }

    /// Keeps the order in a form that narrows the list.
    pub(crate) fn kept(&self) -> KeptOrder {
        let value = self.asked.then(|| value(self.name, self.descending));
        KeptOrder { value }
    }

    fn heading(&self, name: &str, label: impl Into<String>, number: bool) -> Heading {
        debug_assert!(self.known.contains(&name), "{name} is no key of the list");
        let now = (self.name == name).then_some(self.descending);
        let value = value(name, now == Some(false));
        Heading {
            link: with_queries(&self.here, &[(PARAMETER, ""), (ORDER, &value)]),
            label: label.into(),
            way: match now {
                None => "",
                Some(false) => "ascending",
                Some(true) => "descending",
            },
            number,
            cell: true,
        }
    }
}

fn value(name: &str, descending: bool) -> String {
    let way = if descending { "-" } else { "" };
    format!("{way}{name}")
}

/// One heading.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/heading.html")]
pub(crate) struct Heading {
    link: String,
    label: String,
    /// As `aria-sort` says it; empty for what the list is not sorted by.
    way: &'static str,
    number: bool,
    /// Whether it stands in a table.
    cell: bool,
}

/// A hidden field with the order of a list.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"{% if let Some(value) = value %}<input type="hidden" name="sort" value="{{ value }}">{% endif %}"#,
    ext = "html"
)]
pub(crate) struct KeptOrder {
    value: Option<String>,
}

#[cfg(test)]
mod tests {
    use promgen_core::store::FarmKey;

    use super::*;

    fn headings(query: &str) -> Headings {
        let here = Here {
            path: "/farm".to_owned(),
            query: query.to_owned(),
        };
        Headings::new::<FarmKey>(&here, &Sheet::parse(query))
    }

    #[test]
    fn a_heading_keeps_what_else_was_asked_but_the_number_of_the_page() {
        let html = headings("name=a%26b&page=3")
            .of("hosts", "Hosts")
            .to_string();
        assert!(
            html.contains("href=\"/farm?name=a%26b&#38;sort=hosts\""),
            "{html}"
        );
        assert!(!html.contains("aria-sort"), "{html}");
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        let html = headings("sort=hosts").number("hosts", "Hosts").to_string();
        assert!(
            html.contains("aria-sort=\"ascending\"") && html.contains("sort=-hosts"),
            "{html}"
        );
        let html = headings("sort=-hosts").of("hosts", "Hosts").to_string();
        assert!(
            html.contains("aria-sort=\"descending\"") && html.contains("sort=hosts"),
            "{html}"
        );
    }

    #[test]
    fn an_unknown_order_is_that_of_the_list() {
        for query in ["", "sort=", "sort=nonsense", "sort=--name"] {
            let headings = headings(query);
            let html = headings.of("name", "Farm").to_string();
            assert!(html.contains("aria-sort=\"ascending\""), "{query}: {html}");
            assert_eq!(headings.kept().to_string(), "", "{query}");
        }
        let kept = headings("sort=-source").kept().to_string();
        assert!(kept.contains("value=\"-source\""), "{kept}");
    }
}
