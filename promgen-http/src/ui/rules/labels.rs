//! Labels and annotations in a form: rows of name and value, and blank ones for others.
//!
//! Fields are called as the original's form sets have them: `labels-0-key`, `labels-0-value`,
//! `labels-0-DELETE`, `labels-TOTAL_FORMS`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use promgen_core::model::Problem;

use crate::extract::Form;
use crate::ui::parts::{Remark, remarks};
use crate::ui::text::Texts;

/// Most rows that are read.
const MOST_ROWS: usize = 200;

/// Blank rows that come when more are asked for.
const MORE: usize = 3;

/// Letters that fit into a line of a box.
const LINE: usize = 40;

/// Most lines that a box has to begin with.
const MOST_LINES: usize = 6;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Row {
    key: String,
    value: String,
}

impl Row {
    /// How many lines of a box its value takes.
    fn lines(&self) -> usize {
        let lines = self.value.lines();
        let lines: usize = lines.map(|line| 1 + line.chars().count() / LINE).sum();
        lines.clamp(1, MOST_LINES)
    }
}

/// Pairs of a rule in a form.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/labels.html")]
pub(super) struct Pairs {
    t: Texts,
    /// `labels` or `annotations`.
    prefix: &'static str,
    legend: Cow<'static, str>,
    /// Id of a `<datalist>` with names.
    names: &'static str,
    /// Id of a `<datalist>` with values; empty for none.
    values: &'static str,
    /// Whether values are long texts.
    long: bool,
    rows: Vec<Row>,
    /// Number of blank rows.
    blank: usize,
    remarks: Vec<Remark>,
}

impl askama::filters::HtmlSafe for Pairs {}

impl Pairs {
    /// The labels of a rule.
    pub(super) fn labels(t: &Texts, pairs: &BTreeMap<String, String>) -> Self {
        let lists = ("label-names", "label-values");
        Self::new(t, "labels", t.say("rules-labels"), lists, pairs)
    }

    /// The annotations of a rule.
    pub(super) fn annotations(t: &Texts, pairs: &BTreeMap<String, String>) -> Self {
        let lists = ("annotation-names", "");
        Self {
            long: true,
            ..Self::new(t, "annotations", t.say("rules-annotations"), lists, pairs)
        }
    }

    fn new(
        t: &Texts,
        prefix: &'static str,
        legend: Cow<'static, str>,
        (names, values): (&'static str, &'static str),
        pairs: &BTreeMap<String, String>,
    ) -> Self {
        let row = |(key, value): (&String, &String)| Row {
            key: key.clone(),
            value: value.clone(),
        };
        Self {
            t: t.clone(),
            prefix,
            legend,
            names,
            values,
            long: false,
            blank: 1,
            rows: pairs.iter().map(row).collect(),
            remarks: Vec::new(),
        }
    }

    /// With what was sent instead, as it was typed.
    pub(super) fn sent(mut self, form: &Form) -> Self {
        if is_there(form, self.prefix) {
            self.rows = rows(form, self.prefix)
                .into_iter()
                .filter(|(_, row, goes)| !goes && *row != Row::default())
                .map(|(_, row, _)| row)
                .collect();
        }
        if form.given("more") == Some(self.prefix) {
            self.blank = MORE;
        }
        self
    }

    /// With what is wrong with any of them.
    pub(super) fn problems(mut self, problems: &[Problem]) -> Self {
        let below = format!("{}.", self.prefix);
        let own = problems
            .iter()
            .filter(|one| one.field == self.prefix || one.field.starts_with(&below));
        self.remarks = remarks(own, &self.t);
        self
    }

    /// Whether a problem is about them.
    pub(super) fn owns(&self, problem: &Problem) -> bool {
        let rest = problem.field.strip_prefix(self.prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Number of rows, blank ones included.
    fn total(&self) -> usize {
        self.rows.len() + self.blank
    }

    /// The rows, and blank ones.
    fn all(&self) -> impl Iterator<Item = (usize, Row)> {
        let blank = std::iter::repeat_n(Row::default(), self.blank);
        self.rows.clone().into_iter().chain(blank).enumerate()
    }
}

/// Reads the pairs that a form sends; `None` when it has none of that kind. What stands there twice
/// is told.
pub(super) fn read(
    form: &Form,
    prefix: &'static str,
    problems: &mut Vec<Problem>,
) -> Option<BTreeMap<String, String>> {
    if !is_there(form, prefix) {
        return None;
    }
    let mut pairs = BTreeMap::new();
    for (_, row, goes) in rows(form, prefix) {
        let key = row.key.trim();
        if goes || (key.is_empty() && row.value.trim().is_empty()) {
            continue;
        }
        // Boxes end their lines in the way of the network.
        let value = row.value.replace("\r\n", "\n");
        if key.is_empty() {
            let message = format!("the value {:?} has no name", row.value);
            let remedy = "give it a name, or empty the row";
            problems.push(Problem::error(prefix, message, remedy));
        } else if pairs.insert(key.to_owned(), value).is_some() {
            let message = "stands there twice";
            let remedy = "take one of them out";
            problems.push(Problem::error(format!("{prefix}.{key}"), message, remedy));
        }
    }
    Some(pairs)
}

fn is_there(form: &Form, prefix: &str) -> bool {
    form.given(&format!("{prefix}-TOTAL_FORMS")).is_some()
}

/// Rows by their number, and whether each is to go.
fn rows(form: &Form, prefix: &str) -> Vec<(usize, Row, bool)> {
    let mut rows: BTreeMap<usize, (Row, bool)> = BTreeMap::new();
    for (name, value) in form.pairs() {
        let rest = name.strip_prefix(prefix);
        let rest = rest.and_then(|rest| rest.strip_prefix('-'));
        let Some((number, field)) = rest.and_then(|rest| rest.split_once('-')) else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        if rows.len() >= MOST_ROWS && !rows.contains_key(&number) {
            continue;
        }
        let (row, goes) = rows.entry(number).or_default();
        match field {
            "key" => row.key.clone_from(value),
            "value" => row.value.clone_from(value),
            "DELETE" => *goes = true,
            _ => {}
        }
    }
    rows.into_iter()
        .map(|(number, (row, goes))| (number, row, goes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        Form::parse(body.as_bytes())
    }

    #[test]
    fn rows_are_read_in_their_order_without_blank_and_deleted_ones() {
        let form = form(&[
            ("labels-TOTAL_FORMS", "4"),
            ("labels-0-key", "severity"),
            ("labels-0-value", "major"),
            ("labels-1-key", "gone"),
            ("labels-1-value", "x"),
            ("labels-1-DELETE", "on"),
            ("labels-2-key", ""),
            ("labels-2-value", " "),
            ("labels-17-key", " team "),
            ("labels-17-value", ""),
            ("labels-x-key", "odd"),
        ]);
        let mut problems = Vec::new();
        let pairs = read(&form, "labels", &mut problems).unwrap();
        assert_eq!(
            pairs.into_iter().collect::<Vec<_>>(),
            [
                ("severity".to_owned(), "major".to_owned()),
                ("team".to_owned(), String::new()),
            ]
        );
        assert_eq!(problems, []);
        assert_eq!(read(&form, "annotations", &mut problems), None);
    }

    #[test]
    fn what_cannot_be_is_told_with_its_field() {
        let form = form(&[
            ("labels-TOTAL_FORMS", "3"),
            ("labels-0-key", "a"),
            ("labels-0-value", "1"),
            ("labels-1-key", "a"),
            ("labels-1-value", "2"),
            ("labels-2-value", "alone"),
        ]);
        let mut problems = Vec::new();
        read(&form, "labels", &mut problems);
        let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["labels.a", "labels"]);
        let pairs = Pairs::labels(&Texts::default(), &BTreeMap::new());
        let html = pairs.sent(&form).problems(&problems).to_string();
        assert!(html.contains("stands there twice") && html.contains("value=\"alone\""));
        assert!(html.contains("name=\"labels-TOTAL_FORMS\" id=\"labels-total\" value=\"4\""));
    }
}
