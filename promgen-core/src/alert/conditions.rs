//! Matchers that are ready to be asked, as Alertmanager asks them.

use std::collections::BTreeMap;

use regex::Regex;

use super::matcher::{MatchOperator, Matcher};
use super::silence::anchored;
use crate::model::Problem;

/// Matchers with their expressions compiled. An alert is matched when all of them match it.
#[derive(Debug, Clone)]
pub struct Conditions(Vec<Condition>);

#[derive(Debug, Clone)]
struct Condition {
    label: String,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Is(String),
    IsNot(String),
    Fits(Regex),
    FitsNot(Regex),
}

impl Conditions {
    /// Compiles matchers.
    ///
    /// # Errors
    /// Every matcher with an expression that is none, or that is too large.
    ///
    /// ```
    /// use promgen_core::alert::{Conditions, matchers};
    ///
    /// let matchers = matchers(r#"service=shop, project=~"web|db.*""#).unwrap();
    /// let conditions = Conditions::new(&matchers).unwrap();
    /// assert!(conditions.let_pass("project", "db2"));
    /// assert!(!conditions.let_pass("project", "the-web"));
    /// assert!(conditions.let_pass("instance", "whatever"));
    /// ```
    pub fn new(matchers: &[Matcher]) -> Result<Self, Vec<Problem>> {
        let (mut conditions, mut problems) = (Vec::new(), Vec::new());
        for matcher in matchers {
            match Test::new(matcher) {
                Ok(test) => conditions.push(Condition {
                    label: matcher.name.to_string(),
                    test,
                }),
                Err(why) => {
                    let message = format!("{} has an expression that {why}", matcher.name);
                    problems.push(Problem::error("matchers", message, "correct it, or use ="));
                }
            }
        }
        if problems.is_empty() {
            Ok(Self(conditions))
        } else {
            Err(problems)
        }
    }

    /// Whether any of them is about a label.
    pub fn name(&self, label: &str) -> bool {
        self.about(label).next().is_some()
    }

    /// Whether all that are about a label let a value pass; the empty one stands for alerts without
    /// the label.
    pub fn let_pass(&self, label: &str, value: &str) -> bool {
        self.about(label).all(|test| test.holds(value))
    }

    /// Whether they match an alert with these labels.
    pub fn match_labels(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|condition| {
            let value = labels.get(&condition.label);
            condition.test.holds(value.map_or("", String::as_str))
        })
    }

    fn about(&self, label: &str) -> impl Iterator<Item = &Test> {
        let about = move |condition: &&Condition| condition.label == label;
        self.0.iter().filter(about).map(|condition| &condition.test)
    }
}

impl Test {
    fn new(matcher: &Matcher) -> Result<Self, &'static str> {
        let value = &matcher.value;
        Ok(match matcher.operator {
            MatchOperator::Equal => Self::Is(value.clone()),
            MatchOperator::NotEqual => Self::IsNot(value.clone()),
            MatchOperator::Regex => Self::Fits(anchored(value)?),
            MatchOperator::NotRegex => Self::FitsNot(anchored(value)?),
        })
    }

    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Is(text) => text == value,
            Self::IsNot(text) => text != value,
            Self::Fits(regex) => regex.is_match(value),
            Self::FitsNot(regex) => !regex.is_match(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::matchers;
    use super::*;

    #[test]
    fn every_operator_matches_whole_values() {
        for (text, passing) in [
            ("a=web", &["web"][..]),
            ("a!=web", &["", "db", "web2"]),
            ("a=~\"web|db\"", &["web", "db"]),
            ("a!~\"web|db\"", &["", "web2"]),
            ("a=~\"we.*\", a!=web", &["web2"]),
            ("a=~\".*\"", &["", "web", "db", "web2"]),
            ("b=c", &["", "web", "db", "web2"]),
        ] {
            let conditions = Conditions::new(&matchers(text).unwrap()).unwrap();
            let pass: Vec<&str> = ["", "web", "db", "web2"]
                .into_iter()
                .filter(|value| conditions.let_pass("a", value))
                .collect();
            assert_eq!(pass, passing, "{text}");
            assert_eq!(conditions.name("a"), !text.starts_with('b'), "{text}");
        }
    }

    #[test]
    fn an_alert_without_a_label_has_it_empty() {
        let labels = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(pair).collect()
        };
        let list = matchers("service=shop, project!=web").unwrap();
        let conditions = Conditions::new(&list).unwrap();
        assert!(conditions.match_labels(&labels(&[("service", "shop")])));
        assert!(conditions.match_labels(&labels(&[("service", "shop"), ("project", "db")])));
        assert!(!conditions.match_labels(&labels(&[("service", "shop"), ("project", "web")])));
        assert!(!conditions.match_labels(&labels(&[("project", "db")])));
    }

    #[test]
    fn every_expression_that_is_none_is_named() {
        let list = matchers("a=~\"(\", b=~\"c\", d!~\"*\"").unwrap();
        let problems = Conditions::new(&list).unwrap_err();
        let told: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        let what = "has an expression that is no regular expression";
        assert_eq!(told, [format!("a {what}"), format!("d {what}")]);
    }
}
