//! Headings of lists that lead to the same list in another order.

use std::borrow::Cow;

use askama::Template;
use promgen_core::app::{Part, Sort, SortKey};

use super::pager::{PARAMETER, Sheet, with_queries};
use crate::ui::frame::Here;

/// The parameter with the order of a list.
pub(crate) const ORDER: &str = "sort";

impl Sheet {
    /// The order that is asked for; that of the list where none is, or one that it does not know.
    pub(crate) fn sort<K: SortKey>(&self) -> Sort<K> {
        let asked = self.filter(&self.order());
        asked.and_then(Sort::parse).unwrap_or_default()
    }

    /// What the store is asked for, in the order that is asked for.
    pub(crate) fn sorted<K: SortKey>(&self, size: u64) -> Part<K> {
        Part {
            sort: self.sort(),
            slice: self.slice(size),
        }
    }

    /// The parameter with the order: one of several lists on a page has its own.
    fn order(&self) -> Cow<'static, str> {
        match self.parameter() {
            PARAMETER => ORDER.into(),
            other => format!("{other}-{ORDER}").into(),
        }
    }
}

/// The headings of a list that is sorted in some order.
#[derive(Debug, Clone)]
pub(crate) struct Headings {
    here: Here,
    /// The parameters with the order and with the number of the page.
    parameters: (Cow<'static, str>, &'static str),
    /// The part of the page that the list is in, as an address has it.
    part: String,
    name: &'static str,
    descending: bool,
    /// Whether somebody asked for this order.
    asked: bool,
    known: Vec<&'static str>,
}

impl Headings {
    /// Those of the list at `here`.
    pub(crate) fn new<K: SortKey>(here: &Here, sheet: &Sheet) -> Self {
        Self::in_order(here, sheet, sheet.sort::<K>())
    }

    /// Those of a list that is sorted so, whether somebody asked for it or not.
    pub(crate) fn in_order<K: SortKey>(here: &Here, sheet: &Sheet, sort: Sort<K>) -> Self {
        Self {
            here: here.clone(),
            parameters: (sheet.order(), sheet.parameter()),
            part: sheet.mark(),
            name: sort.name(),
            descending: sort.descending,
            asked: sort != Sort::default() && sheet.filter(&sheet.order()).is_some(),
            known: K::NAMED.iter().map(|(name, _)| *name).collect(),
        }
    }

    /// Of a list whose pages have no numbers: a parameter of that name means something else.
    #[must_use]
    pub(crate) fn unnumbered(mut self) -> Self {
        self.parameters.1 = "";
        self
    }

    /// Where nobody asked for an order, the list is sorted by that of its keys in effect.
    #[must_use]
    pub(crate) fn in_effect(mut self, name: &'static str) -> Self {
        if !self.asked {
            self.name = name;
        }
        self
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
        KeptOrder {
            parameter: self.parameters.0.clone(),
            value: self.asked(),
        }
    }

    /// The order as an address has it, where somebody asked for it.
    pub(crate) fn asked(&self) -> Option<String> {
        self.asked.then(|| value(self.name, self.descending))
    }

    fn heading(&self, name: &str, label: impl Into<String>, number: bool) -> Heading {
        debug_assert!(self.known.contains(&name), "{name} is no key of the list");
        let now = (self.name == name).then_some(self.descending);
        let value = value(name, now == Some(false));
        let (order, page) = &self.parameters;
        let link = with_queries(&self.here, &[(page, ""), (order, &value)]);
        Heading {
            link: format!("{link}{}", self.part),
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
    source = r#"{% if let Some(value) = value %}<input type="hidden" name="{{ parameter }}" value="{{ value }}">{% endif %}"#,
    ext = "html"
)]
pub(crate) struct KeptOrder {
    parameter: Cow<'static, str>,
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
    fn each_of_several_lists_has_an_order_of_its_own() {
        let here = Here {
            path: "/project/1".to_owned(),
            query: "sort=hosts&hosts=2&urls=3&urls-sort=url".to_owned(),
        };
        let sheet = Sheet::parse(&here.query).part("hosts", "hosts");
        assert_eq!(sheet.sort(), Sort::<FarmKey>::default());
        let html = Headings::new::<FarmKey>(&here, &sheet)
            .of("name", "Host")
            .to_string();
        let link = "/project/1?sort=hosts&#38;urls=3&#38;urls-sort=url&#38;hosts-sort=-name#hosts";
        assert!(html.contains(link), "{html}");
        let asked = Sheet::parse("hosts-sort=-source").part("hosts", "hosts");
        let kept = Headings::new::<FarmKey>(&here, &asked).kept().to_string();
        assert!(
            kept.contains("name=\"hosts-sort\" value=\"-source\""),
            "{kept}"
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
