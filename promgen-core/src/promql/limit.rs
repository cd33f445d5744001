//! What somebody may see, as matchers.

use std::collections::BTreeSet;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::token::{T_EQL_REGEX, T_NEQ_REGEX};

use super::QueryError;
use crate::rules::escape_regex;

/// The series that somebody may see: those of these services, and those of these projects.
///
/// Projects are named beside the services, not below them: a project of a service that is named
/// adds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limit {
    /// Values of the label `service`.
    pub services: BTreeSet<String>,
    /// Values of the label `project`.
    pub projects: BTreeSet<String>,
}

/// Matchers of which all must hold. `PromQL` has no "or" between matchers of two labels, so a limit
/// is a list of such sets; no series fits two of them.
pub(super) type Alternative = Vec<Matcher>;

impl Limit {
    /// The limit as sets of matchers, one or two.
    ///
    /// All are regular expressions, because `absent()` makes labels out of equality matchers.
    pub(super) fn alternatives(&self) -> Result<Vec<Alternative>, QueryError> {
        let services = any_of(&self.services);
        let projects = any_of(&self.projects);
        let is = |label, values: &str| matcher(true, label, values);
        let is_not = |label, values: &str| matcher(false, label, values);
        Ok(match (services.as_str(), projects.as_str()) {
            // Prometheus wants one matcher that an empty value does not match.
            ("", "") => vec![vec![is("service", "")?, is_not("service", "")?]],
            (services, "") => vec![vec![is("service", services)?]],
            ("", projects) => vec![vec![is("project", projects)?]],
            (services, projects) => vec![
                vec![is("service", services)?],
                vec![is("project", projects)?, is_not("service", services)?],
            ],
        })
    }
}

fn any_of(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| escape_regex(name)).collect();
    names.join("|")
}

fn matcher(matches: bool, label: &str, values: &str) -> Result<Matcher, QueryError> {
    let id = if matches { T_EQL_REGEX } else { T_NEQ_REGEX };
    let made = Matcher::new_matcher(id, label.to_owned(), values.to_owned());
    let made = made.map_err(|_| QueryError::TooLarge {
        what: "would have to name more services and projects than fit".to_owned(),
    })?;
    debug_assert!(matches!(made.op, MatchOp::Re(_) | MatchOp::NotRe(_)));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(services: &[&str], projects: &[&str]) -> Vec<Vec<String>> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let limit = Limit {
            services: names(services),
            projects: names(projects),
        };
        let texts = |set: &Alternative| set.iter().map(ToString::to_string).collect();
        limit.alternatives().unwrap().iter().map(texts).collect()
    }

    #[test]
    fn a_limit_is_one_or_two_sets_that_no_series_shares() {
        assert_eq!(limit(&["b", "a.c"], &[]), [[r#"service=~"a\\.c|b""#]]);
        assert_eq!(limit(&[], &["p"]), [[r#"project=~"p""#]]);
        assert_eq!(
            limit(&["a"], &["p"]),
            [
                vec![r#"service=~"a""#],
                vec![r#"project=~"p""#, r#"service!~"a""#]
            ]
        );
    }

    #[test]
    fn without_anything_to_see_nothing_matches() {
        assert_eq!(limit(&[], &[]), [[r#"service=~"""#, r#"service!~"""#]]);
    }
}
