//! Rows of matchers in a form: `matchers-0-name`, `matchers-0-operator`, `matchers-0-value`, and their number in
//! `matchers-TOTAL_FORMS`.

use promgen_core::app::silences::RawMatcher;

use super::row::operator;
use crate::extract::Form;
use crate::ui::parts::Sheet;

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
        }
    }
}

/// The rows that were sent and say something.
pub(super) fn sent(form: &Form) -> Vec<MatcherRow> {
    let count: usize = form.text("matchers-TOTAL_FORMS").parse().unwrap_or(0);
    let row = |at: usize| {
        let field = |name: &str| form.text(&format!("matchers-{at}-{name}")).to_owned();
        MatcherRow {
            name: field("name"),
            operator: field("operator"),
            value: field("value"),
        }
    };
    let rows = (0..count.min(MOST)).map(row);
    rows.filter(|row| !row.is_blank()).collect()
}

/// The rows that a link asks for: every parameter is a label. A value with a star is an expression;
/// several values of a label are one that fits each of them.
pub(super) fn asked(sheet: &Sheet) -> Vec<MatcherRow> {
    let mut labels: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in sheet.pairs() {
        if value.is_empty() || name == "page" {
            continue;
        }
        match labels.iter_mut().find(|(label, _)| label == name) {
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
        }
    };
    labels.into_iter().take(MOST).map(row).collect()
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
