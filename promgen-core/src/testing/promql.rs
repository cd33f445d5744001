//! An evaluator of label matchers, to see which series a clause is about.
//!
//! Clauses are read by promql-parser, so that it judges by another pair of eyes than the tokenizer
//! under test. The `regex` crate stands in for RE2: what the macro writes has one meaning in both.

use std::collections::BTreeMap;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};
use regex::Regex;

/// The labels of a series; a missing label counts as empty, as in Prometheus.
pub type Labels = BTreeMap<String, String>;

/// A selector of a clause, ready to be asked about series.
#[derive(Debug, Clone)]
pub struct Selector {
    matchers: Vec<(Matcher, Option<Regex>)>,
}

impl Selector {
    /// Whether it picks a series with these labels; the metric's name is the label `__name__`.
    pub fn picks(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|(matcher, regex)| {
            let value = labels.get(&matcher.name).map_or("", String::as_str);
            let matched = regex.as_ref().is_some_and(|regex| regex.is_match(value));
            match matcher.op {
                MatchOp::Equal => value == matcher.value,
                MatchOp::NotEqual => value != matcher.value,
                MatchOp::Re(_) => matched,
                MatchOp::NotRe(_) => !matched,
            }
        })
    }

    /// Its matchers as label, operator and value.
    pub fn matchers(&self) -> Vec<(String, String, String)> {
        let parts = |m: &Matcher| (m.name.clone(), m.op.to_string(), m.value.clone());
        self.matchers.iter().map(|(m, _)| parts(m)).collect()
    }

    fn new(selector: &VectorSelector) -> Result<Self, String> {
        let mut matchers = Vec::new();
        if let Some(name) = &selector.name {
            matchers.push((Matcher::new(MatchOp::Equal, "__name__", name), None));
        }
        for matcher in &selector.matchers.matchers {
            matchers.push((matcher.clone(), regex(matcher)?));
        }
        if !selector.matchers.or_matchers.is_empty() {
            return Err("Prometheus knows no or between matchers".to_owned());
        }
        Ok(Self { matchers })
    }
}

/// The whole value must match, and a dot matches line breaks: `^(?s:…)$`, as in Prometheus.
fn regex(matcher: &Matcher) -> Result<Option<Regex>, String> {
    match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => Ok(None),
        MatchOp::Re(_) | MatchOp::NotRe(_) => Regex::new(&format!(r"\A(?s:{})\z", matcher.value))
            .map(Some)
            .map_err(|error| error.to_string()),
    }
}

/// The selectors of a clause in the order of its text.
///
/// # Errors
/// What promql-parser says when the clause does not parse.
pub fn selectors(clause: &str) -> Result<Vec<Selector>, String> {
    let expression = parse(clause)?;
    let mut found = Found(Vec::new());
    walk_expr(&mut found, &expression)?;
    Ok(found.0)
}

struct Found(Vec<Selector>);

impl ExprVisitor for Found {
    type Error = String;

    fn pre_visit(&mut self, expression: &Expr) -> Result<bool, String> {
        match expression {
            Expr::VectorSelector(selector) => self.0.push(Selector::new(selector)?),
            Expr::MatrixSelector(matrix) => self.0.push(Selector::new(&matrix.vs)?),
            _ => {}
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picks(clause: &str, labels: &[(&str, &str)]) -> Vec<bool> {
        let labels = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let selectors = selectors(clause).unwrap();
        selectors.iter().map(|s| s.picks(&labels)).collect()
    }

    #[test]
    fn matchers_mean_what_they_mean_in_prometheus() {
        let series = [("__name__", "up"), ("a", "x\n"), ("b", "y")];
        for (clause, picked) in [
            ("up", true),
            ("down", false),
            (r#"up{a="x\n",c=""}"#, true),
            (r#"up{a=~"x"}"#, false),
            (r#"up{a=~"x."}"#, true),
            (r#"up{a!~"x|y"}"#, true),
            (r#"up{b!~"x|y"}"#, false),
            (r#"up{b!="y"}"#, false),
            (r#"{__name__=~"u.",c!~".+"}"#, true),
        ] {
            assert_eq!(picks(clause, &series), [picked], "{clause}");
        }
    }

    #[test]
    fn selectors_come_in_the_order_of_the_text() {
        let clause = "rate(up[5m]) + sum(down) / max_over_time(up[1h:])";
        assert_eq!(picks(clause, &[("__name__", "up")]), [true, false, true]);
    }
}
