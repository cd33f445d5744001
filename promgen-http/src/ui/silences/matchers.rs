//! Rows of matchers in a form: `matchers-0-name`, `matchers-0-operator`, `matchers-0-value`, and their number in
//! `matchers-TOTAL_FORMS`.

use std::collections::BTreeMap;

use promgen_core::app::silences::RawMatcher;
use promgen_core::model::Problem;
use url::form_urlencoded;

use super::row::operator;
use crate::extract::Form;
use crate::ui::next;
use crate::ui::parts::{Chip, Chips, Lead, Sheet, label_of, label_parameter};
use crate::ui::text::Texts;

/// Parameters of the form that are no labels.
const OTHERS: [&str; 2] = [NEXT, CHOSEN];

/// Where it goes on.
pub(super) const NEXT: &str = "next";

/// The label without whose values a silence would be of much more than was chosen.
pub(super) const CHOSEN: &str = "chosen";

/// What a matcher can be; as PromQL writes it.
pub(super) const OPERATORS: [&str; 4] = ["=", "=~", "!=", "!~"];

/// Most rows that are read: as many as a silence takes, and some blank ones.
const MOST: usize = 200;

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MatcherRow {
    pub(super) name: String,
    pub(super) operator: String,
    pub(super) value: String,
    /// What is wrong with it.
    pub(super) remarks: Vec<String>,
}

impl MatcherRow {
    fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.value.trim().is_empty()
    }

    /// The matcher that it says.
    pub(super) fn matcher(&self) -> RawMatcher {
        RawMatcher {
            name: self.name.trim().to_owned(),
            value: self.value.clone(),
            is_regex: self.operator.ends_with('~'),
            is_equal: !self.operator.starts_with('!'),
        }
    }

    /// The operators, and whether each is the one that it has.
    pub(super) fn choices(&self) -> Vec<(&'static str, bool)> {
        let known = OPERATORS.contains(&self.operator.as_str());
        let own = if known { self.operator.as_str() } else { "=" };
        OPERATORS.into_iter().map(|one| (one, one == own)).collect()
    }
}

impl From<&RawMatcher> for MatcherRow {
    fn from(matcher: &RawMatcher) -> Self {
        Self {
            name: matcher.name.clone(),
            operator: operator(matcher).to_owned(),
            value: matcher.value.clone(),
            remarks: Vec::new(),
        }
    }
}

/// How many rows were sent, with those that say nothing.
pub(super) fn count(form: &Form) -> usize {
    let count: usize = form.text("matchers-TOTAL_FORMS").parse().unwrap_or(0);
    count.min(MOST)
}

/// The rows that were sent and say something.
pub(super) fn sent(form: &Form) -> Vec<MatcherRow> {
    let row = |at: usize| {
        let field = |name: &str| form.text(&format!("matchers-{at}-{name}")).to_owned();
        MatcherRow {
            name: field("name"),
            operator: field("operator"),
            value: field("value"),
            remarks: Vec::new(),
        }
    };
    let rows = (0..count(form)).map(row);
    rows.filter(|row| !row.is_blank()).collect()
}

/// The rows that a link asks for: every parameter is a label. A value with a star is an expression;
/// several values of a label are one that fits each of them.
pub(super) fn asked(sheet: &Sheet) -> Vec<MatcherRow> {
    let mut labels: Vec<(&str, Vec<&str>)> = Vec::new();
    let pairs = sheet.pairs().iter();
    let pairs = pairs.filter_map(|(name, value)| Some((label_of(name, &OTHERS)?, value)));
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        match labels.iter_mut().find(|(label, _)| *label == name) {
            Some((_, values)) if !values.contains(&value.as_str()) => values.push(value),
            Some(_) => {}
            None => labels.push((name, vec![value])),
        }
    }
    let row = |(name, values): (&str, Vec<&str>)| {
        let (operator, value) = match values.as_slice() {
            [one] if !one.contains('*') => ("=", (*one).to_owned()),
            several => (
                "=~",
                several
                    .iter()
                    .map(|one| fitting(one))
                    .collect::<Vec<_>>()
                    .join("|"),
            ),
        };
        MatcherRow {
            name: name.to_owned(),
            operator: operator.to_owned(),
            value,
            remarks: Vec::new(),
        }
    };
    labels.into_iter().take(MOST).map(row).collect()
}

/// Puts what is wrong with a row beside it: problems of the field `matchers[N]` and of what lies below.
pub(super) fn remark(rows: &mut [MatcherRow], problems: &[Problem], t: &Texts) {
    for (at, row) in rows.iter_mut().enumerate() {
        let own = problems.iter().filter(|problem| place(problem) == Some(at));
        let texts = own.map(|problem| t.advice(problem));
        row.remarks.extend(texts);
    }
}

/// The number of the row that a problem is about.
pub(super) fn place(problem: &Problem) -> Option<usize> {
    let rest = problem.field.strip_prefix("matchers[")?;
    rest.split(']').next()?.parse().ok()
}

/// Where alerts with these labels can be silenced; from there it goes on to a page.
pub(crate) fn silence_link<'a>(
    labels: impl IntoIterator<Item = (&'a String, &'a String)>,
    next: &str,
) -> String {
    let labels = labels.into_iter();
    let labels = labels.map(|(name, value)| (label_parameter(name, &OTHERS), value));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(labels)
        .finish();
    next::leading(&format!("/silence/new?{query}"), next)
}

/// The labels of an alert, each with a link that silences those of the same service and project that
/// bear it too.
pub(crate) fn silence_chips(labels: &BTreeMap<String, String>, next: &str, t: &Texts) -> Chips {
    let chip = |(name, value): (&String, &String)| {
        let wanted = |label: &&String| ["service", "project", name].contains(&label.as_str());
        let link = silence_link(labels.iter().filter(|(label, _)| wanted(label)), next);
        Chip {
            name: name.clone(),
            value: value.clone(),
            lead: Lead::Form(link, t.say("silences-chip")),
        }
    };
    Chips {
        chips: labels.iter().map(chip).collect(),
    }
}

/// An expression that fits a value; one with a star is one already.
fn fitting(value: &str) -> String {
    if value.contains('*') {
        return value.to_owned();
    }
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_are_sent_and_blank_ones_are_none() {
        let form = Form::parse(
            b"matchers-TOTAL_FORMS=3&matchers-0-name=service&matchers-0-operator=%3D&matchers-0-value=shop\
              &matchers-1-name=&matchers-1-operator=%3D&matchers-1-value=\
              &matchers-2-name=+instance+&matchers-2-operator=!~&matchers-2-value=a%7Cb&matchers-3-name=x",
        );
        let rows = sent(&form);
        assert_eq!(rows.len(), 2);
        let matcher = rows[1].matcher();
        assert_eq!(
            (matcher.name.as_str(), matcher.value.as_str()),
            ("instance", "a|b")
        );
        assert!(matcher.is_regex && !matcher.is_equal);
        assert_eq!(MatcherRow::from(&matcher).operator, "!~");
    }

    #[test]
    fn several_values_are_one_expression_that_is_escaped() {
        assert_eq!(fitting("a.example:9100"), r"a\.example:9100");
        assert_eq!(fitting("a:[0-9]*"), "a:[0-9]*");
    }
}
