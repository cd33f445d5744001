//! Filters of a list whose values make no sense: nothing is like that.

use std::str::FromStr;

use promgen_core::app::Listed;

use super::{Empty, Sheet, with_query};
use crate::ui::frame::Here;
use crate::ui::text::Texts;

/// The filters of a list that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Odd {
    filters: Vec<(String, String)>,
}

impl Odd {
    /// What a filter asks for, as `read` understands it. One that it does not is kept.
    pub(crate) fn read<T>(
        &mut self,
        sheet: &Sheet,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = sheet.filter(name)?;
        let found = read(value);
        if found.is_none() {
            self.note(name, value);
        }
        found
    }

    /// A filter that is a number, or a word that stands for something.
    pub(crate) fn parse<T: FromStr>(&mut self, sheet: &Sheet, name: &str) -> Option<T> {
        self.read(sheet, name, |value| value.parse().ok())
    }

    /// A filter that is `on` or `off`.
    pub(crate) fn switch(&mut self, sheet: &Sheet, name: &str) -> Option<bool> {
        let found = self.one_of(sheet, name, ["on", "off"]);
        found.map(|word| word == "on")
    }

    /// A filter that is one of a few words.
    pub(crate) fn one_of<'w>(
        &mut self,
        sheet: &Sheet,
        name: &str,
        words: impl IntoIterator<Item = &'w str>,
    ) -> Option<&'w str> {
        self.read(sheet, name, |value| {
            words.into_iter().find(|word| *word == value)
        })
    }

    /// Keeps one that was read elsewhere.
    pub(crate) fn note(&mut self, name: &str, value: &str) {
        self.filters.push((name.to_owned(), value.to_owned()));
    }

    /// Whether there is any.
    pub(crate) fn is_any(&self) -> bool {
        !self.filters.is_empty()
    }

    /// What a list shows: nothing, where a filter cannot be read.
    pub(crate) fn narrow<T>(&self, listed: Listed<T>) -> Listed<T> {
        if self.is_any() {
            return Listed {
                count: 0,
                items: Vec::new(),
            };
        }
        listed
    }

    /// What stands in the place of the list, with a way to leave such filters out; else what stands
    /// there when it is empty.
    pub(crate) fn empty(&self, t: &Texts, here: &Here, otherwise: Empty) -> Empty {
        if !self.is_any() {
            return otherwise;
        }
        let told = self.filters.iter().map(|(name, value)| {
            let words = [
                ("name", name.as_str().into()),
                ("value", value.as_str().into()),
            ];
            t.with("parts-odd", &words)
        });
        let text = told.collect::<Vec<_>>().join(" ");
        let without = self.filters.iter().fold(here.clone(), |here, (name, _)| {
            let left = with_query(&here, name, "");
            let (path, query) = left.split_once('?').unwrap_or((&left, ""));
            Here {
                path: path.to_owned(),
                query: query.to_owned(),
            }
        });
        Empty::new(text).next(t.say("parts-odd-without"), without.full())
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::model::Zone;

    use super::*;
    use crate::ui::text::Lang;

    #[test]
    fn a_switch_is_on_or_off() {
        let sheet = Sheet::parse("one=on&other=off&third=yes");
        let mut odd = Odd::default();
        assert_eq!(odd.switch(&sheet, "one"), Some(true));
        assert_eq!(odd.switch(&sheet, "other"), Some(false));
        assert_eq!(odd.switch(&sheet, "none"), None);
        assert!(!odd.is_any());
        assert_eq!(odd.switch(&sheet, "third"), None);
        assert!(odd.is_any());
    }

    #[test]
    fn what_cannot_be_read_finds_nothing_and_can_be_left_out() {
        let sheet = Sheet::parse("service=abc&rule=3&state=gone&empty=");
        let mut odd = Odd::default();
        assert_eq!(odd.parse::<i32>(&sheet, "rule"), Some(3));
        assert_eq!(odd.parse::<i32>(&sheet, "empty"), None);
        assert_eq!(odd.parse::<i32>(&sheet, "none"), None);
        assert!(!odd.is_any());
        assert_eq!(odd.parse::<i32>(&sheet, "service"), None);
        assert_eq!(odd.one_of(&sheet, "state", ["here"]), None);
        let listed = Listed {
            count: 1,
            items: vec!["x"],
        };
        assert_eq!(odd.narrow(listed.clone()).count, 0);
        assert_eq!(Odd::default().narrow(listed).count, 1);
        let here = Here {
            path: "/audit".to_owned(),
            query: "service=abc&rule=3&state=gone".to_owned(),
        };
        let t = Texts {
            lang: Lang::En,
            zone: Zone::default(),
        };
        let html = odd.empty(&t, &here, Empty::new("nothing")).to_string();
        assert!(html.contains("service") && html.contains("abc"), "{html}");
        assert!(html.contains("href=\"/audit?rule=3\""), "{html}");
    }
}
