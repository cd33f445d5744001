//! Lists in pages, and links that keep everything but one parameter.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use http::request::Parts;
use promgen_core::app::Slice;
use url::form_urlencoded;

use crate::ui::frame::Here;
use crate::ui::text::Texts;

/// The parameter with the number of a page.
pub(super) const PARAMETER: &str = "page";

/// Nothing of a list, where a use case answers more than that.
pub(crate) const NONE: Slice = Slice {
    offset: 0,
    limit: 0,
};

/// Which page of a list is looked at, and what else the query says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Counted from 1.
    number: u64,
    pairs: Vec<(String, String)>,
    /// The parameter with the number.
    parameter: &'static str,
    /// The part of the page that the list is in; empty where the page is the list.
    part: &'static str,
}

impl Default for Sheet {
    /// The first page of a list that nothing narrows.
    fn default() -> Self {
        Self::parse("")
    }
}

impl Sheet {
    pub(super) fn parse(query: &str) -> Self {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Self::of(pairs, PARAMETER, "")
    }

    fn of(pairs: Vec<(String, String)>, parameter: &'static str, part: &'static str) -> Self {
        let given = pairs.iter().rev().find(|(name, _)| name == parameter);
        let number = given.and_then(|(_, value)| value.parse().ok());
        Self {
            // A number that is none is the first page's; one beyond the last has nothing but the
            // way back.
            number: number.filter(|number| *number > 0).unwrap_or(1),
            pairs,
            parameter,
            part,
        }
    }

    /// The sheet of one of several lists on a page: with a parameter of its own, and the id of the
    /// part of the page that it is in.
    pub(crate) fn part(&self, parameter: &'static str, part: &'static str) -> Self {
        Self::of(self.pairs.clone(), parameter, part)
    }

    /// What the store is asked for.
    pub(crate) fn slice(&self, size: u64) -> Slice {
        Slice {
            offset: (self.number - 1).saturating_mul(size),
            limit: size,
        }
    }

    /// The value of a filter; an empty one is none.
    pub(crate) fn filter(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The parameter with the number.
    pub(super) fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// The part of the page that the list is in, as an address has it.
    pub(super) fn mark(&self) -> String {
        match self.part {
            "" => String::new(),
            part => format!("#{part}"),
        }
    }

    /// Everything that the query says.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

impl<S: Sync> FromRequestParts<S> for Sheet {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// The address of a page with another value of a parameter and everything else kept; an empty value
/// leaves the parameter out.
pub(crate) fn with_query(here: &Here, name: &str, value: &str) -> String {
    with_queries(here, &[(name, value)])
}

/// As [`with_query`], with other values of several parameters.
pub(super) fn with_queries(here: &Here, others: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(here.query.as_bytes())
        .filter(|(key, _)| !others.iter().any(|(name, _)| key == name))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let given = others.iter().filter(|(_, value)| !value.is_empty());
    pairs.extend(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{query}", here.path)
}

/// How many there are, and the way to the other pages.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/pager.html")]
pub(crate) struct Pager {
    t: Texts,
    count: u64,
    number: u64,
    pages: u64,
    before: Option<String>,
    after: Option<String>,
    path: String,
    parameter: &'static str,
    part: &'static str,
    /// Every parameter but the number, for the field that goes to a page.
    kept: Vec<(String, String)>,
}

impl Pager {
    /// Of a list with so many entries, so many on a page.
    pub(crate) fn new(t: &Texts, here: &Here, sheet: &Sheet, count: u64, size: u64) -> Self {
        let pages = count.div_ceil(size.max(1)).max(1);
        let number = sheet.number;
        let link = |number: u64| {
            let known = (1..=pages).contains(&number);
            known.then(|| {
                let text = if number > 1 {
                    number.to_string()
                } else {
                    String::new()
                };
                let link = with_query(here, sheet.parameter, &text);
                format!("{link}{}", sheet.mark())
            })
        };
        let kept = sheet
            .pairs
            .iter()
            .filter(|(name, _)| name != sheet.parameter);
        Self {
            t: t.clone(),
            count,
            number,
            pages,
            before: link(number.min(pages + 1) - 1),
            after: link(number.saturating_add(1)),
            path: here.path.clone(),
            parameter: sheet.parameter,
            part: sheet.part,
            kept: kept.cloned().collect(),
        }
    }

    /// Whether the list has nothing, not only the page of it that is looked at.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the page that is looked at is beyond the last.
    fn is_beyond(&self) -> bool {
        self.number > self.pages && !self.is_empty()
    }

    /// Whether there is another page to go to.
    fn turns(&self) -> bool {
        self.pages > 1 || self.is_beyond()
    }

    fn position(&self) -> String {
        if self.is_beyond() {
            return self.t.with(
                "parts-beyond",
                &[("number", self.number.into()), ("pages", self.pages.into())],
            );
        }
        let (number, pages) = (self.number.into(), self.pages.into());
        self.t
            .with("parts-page", &[("number", number), ("pages", pages)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager(query: &str, count: u64) -> Pager {
        let here = Here {
            path: "/rule".to_owned(),
            query: query.to_owned(),
        };
        Pager::new(&Texts::default(), &here, &Sheet::parse(query), count, 20)
    }

    #[test]
    fn links_keep_what_else_was_asked() {
        let pager = pager("search=a%26b&page=2&x=1", 50);
        assert_eq!(pager.before.as_deref(), Some("/rule?search=a%26b&x=1"));
        assert_eq!(
            pager.after.as_deref(),
            Some("/rule?search=a%26b&x=1&page=3")
        );
        assert_eq!(pager.pages, 3);
    }

    #[test]
    fn each_of_several_lists_has_a_number_of_its_own() {
        let here = Here {
            path: "/project/1".to_owned(),
            query: "urls=3&hosts=2".to_owned(),
        };
        let sheet = Sheet::parse(&here.query).part("hosts", "hosts");
        assert_eq!(sheet.slice(20).offset, 20);
        let pager = Pager::new(&Texts::default(), &here, &sheet, 50, 20);
        assert_eq!(pager.before.as_deref(), Some("/project/1?urls=3#hosts"));
        assert_eq!(
            pager.after.as_deref(),
            Some("/project/1?urls=3&hosts=3#hosts")
        );
        assert!(pager.to_string().contains("id=\"id_hosts\""));
    }

    #[test]
    fn a_list_of_one_page_has_no_links() {
        let html = pager("", 20).to_string();
        assert!(
            html.contains("20 entries") && !html.contains("<a"),
            "{html}"
        );
    }

    #[test]
    fn a_page_beyond_the_last_leads_back_to_it() {
        let pager = pager("page=99", 50);
        let html = pager.to_string();
        assert_eq!(
            (pager.before.as_deref(), pager.after),
            (Some("/rule?page=3"), None)
        );
        assert!(html.contains("To the last page"), "{html}");
    }

    #[test]
    fn a_page_beyond_the_only_one_leads_back_to_it() {
        let pager = pager("page=2", 3);
        assert!(!pager.is_empty());
        let html = pager.to_string();
        assert!(html.contains("href=\"/rule\""), "{html}");
    }

    #[test]
    fn nonsense_is_the_first_page() {
        for query in [
            "",
            "page=",
            "page=0",
            "page=-1",
            "page=x",
            "page=99999999999999999999",
        ] {
            assert_eq!(Sheet::parse(query).slice(20).offset, 0, "{query}");
        }
        let far = Sheet::parse("page=18446744073709551615").slice(20);
        assert_eq!(far.offset, u64::MAX);
    }
}
