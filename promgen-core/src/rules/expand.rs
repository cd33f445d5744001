//! Expansion of the `<exclude>` macro.

use std::collections::BTreeSet;

use super::literal;
use super::token::{Token, TokenKind, find_macro, tokenize};
use crate::model::{Place, Problem};

/// What a rule's direct overrides cover: the names of their owners.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overrides {
    /// Projects.
    pub projects: BTreeSet<String>,
    /// Services.
    pub services: BTreeSet<String>,
}

impl Overrides {
    /// Whether nothing is covered.
    pub fn is_empty(&self) -> bool {
        self.projects.is_empty() && self.services.is_empty()
    }

    /// The matchers that keep a selector off what is covered: `project` before `service`, names
    /// sorted, regex-escaped, then string-escaped.
    fn matchers(&self) -> String {
        let labels = [("project", &self.projects), ("service", &self.services)];
        let matchers: Vec<String> = labels
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(label, names)| {
                let names: Vec<String> = names.iter().map(|name| escape_regex(name)).collect();
                format!("{label}!~\"{}\"", literal::escape(&names.join("|"), '"'))
            })
            .collect();
        matchers.join(",")
    }
}

/// A clause with its macros replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// The clause as Prometheus gets it.
    pub text: String,
    /// Where a macro stands that does nothing (a warning) or cannot stand (an error).
    pub problems: Vec<Problem>,
}

/// Replaces the macro in a clause by the matchers that keep it off what `overrides` cover.
///
/// Only a macro between the braces of a selector counts. Without overrides it vanishes, with one
/// comma where it would otherwise leave `{,` or `,,` behind; a legal trailing comma stays.
///
/// ```
/// use promgen_core::rules::{Overrides, expand};
/// let overrides = Overrides { services: ["A".into(), "B".into()].into(), ..Default::default() };
/// assert_eq!(expand("up{<exclude>} == 0", &overrides).text, r#"up{service!~"A|B"} == 0"#);
/// assert_eq!(expand(r#"up{<exclude>,job="x"}"#, &Overrides::default()).text, r#"up{job="x"}"#);
/// ```
pub fn expand(clause: &str, overrides: &Overrides) -> Expansion {
    let tokens = tokenize(clause);
    let macros = effective_macros(clause, &tokens);
    let matchers = overrides.matchers();
    let mut problems = macros.problems;
    let mut dropped = BTreeSet::new();
    for at in &macros.effective {
        let before = neighbour(tokens.iter().enumerate().take(*at).rev(), &dropped);
        let after = neighbour(tokens.iter().enumerate().skip(at + 1), &dropped);
        problems.extend(missing_comma(clause, &tokens, *at, before, after));
        if matchers.is_empty() {
            let opens = matches!(
                before.map(|(_, kind)| kind),
                Some(TokenKind::OpenBrace | TokenKind::Comma)
            );
            if let (true, Some((comma, TokenKind::Comma))) = (opens, after) {
                dropped.insert(comma);
            }
            dropped.insert(*at);
        }
    }
    let texts = tokens.iter().enumerate().map(|(at, token)| {
        if dropped.contains(&at) {
            ""
        } else if macros.effective.contains(&at) {
            matchers.as_str()
        } else {
            token.text(clause)
        }
    });
    Expansion {
        text: texts.collect(),
        problems,
    }
}

/// Whether a clause has a macro that counts.
pub(super) fn has_macro(clause: &str) -> bool {
    !effective_macros(clause, &tokenize(clause))
        .effective
        .is_empty()
}

/// Puts `text` before each macro that counts.
pub(super) fn insert_before_macros(clause: &str, text: &str) -> String {
    let tokens = tokenize(clause);
    let macros = effective_macros(clause, &tokens).effective;
    let mut result = String::with_capacity(clause.len() + text.len() * macros.len());
    for (at, token) in tokens.iter().enumerate() {
        if macros.contains(&at) {
            result.push_str(text);
        }
        result.push_str(token.text(clause));
    }
    result
}

struct Macros {
    effective: BTreeSet<usize>,
    problems: Vec<Problem>,
}

fn effective_macros(clause: &str, tokens: &[Token]) -> Macros {
    let mut macros = Macros {
        effective: BTreeSet::new(),
        problems: Vec::new(),
    };
    let mut in_braces = false;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::OpenBrace => in_braces = true,
            TokenKind::CloseBrace => in_braces = false,
            TokenKind::Macro if in_braces => {
                macros.effective.insert(at);
            }
            TokenKind::Macro => macros.problems.push(
                Problem::error("clause", "the macro stands outside of a selector", MOVE)
                    .at(Place::of_offset(clause, token.start)),
            ),
            TokenKind::Text | TokenKind::Comment => {
                macros.problems.extend(idle_macro(clause, token));
            }
            _ => {}
        }
    }
    macros
}

/// A macro in a string or comment.
fn idle_macro(clause: &str, token: &Token) -> Option<Problem> {
    let at = token.start + find_macro(token.text(clause))?;
    let message = "the macro stands in a string or comment, where it does nothing";
    Some(Problem::warning("clause", message, MOVE).at(Place::of_offset(clause, at)))
}

const MOVE: &str = "put it between the braces of a selector, as in up{<exclude>}";

/// The nearest token that matters, among those not dropped.
fn neighbour<'a>(
    tokens: impl Iterator<Item = (usize, &'a Token)>,
    dropped: &BTreeSet<usize>,
) -> Option<(usize, TokenKind)> {
    let mut tokens = tokens.filter(|(at, token)| token.is_significant() && !dropped.contains(at));
    tokens.next().map(|(at, token)| (at, token.kind))
}

fn missing_comma(
    clause: &str,
    tokens: &[Token],
    at: usize,
    before: Option<(usize, TokenKind)>,
    after: Option<(usize, TokenKind)>,
) -> Option<Problem> {
    let separated = |found: Option<(usize, TokenKind)>, brace| {
        found.is_none_or(|(_, kind)| kind == TokenKind::Comma || kind == brace)
    };
    let side = if !separated(before, TokenKind::OpenBrace) {
        "before"
    } else if !separated(after, TokenKind::CloseBrace) {
        "after"
    } else {
        return None;
    };
    let place = tokens
        .get(at)
        .map(|token| Place::of_offset(clause, token.start));
    let message = format!("no comma stands {side} the macro");
    let problem = Problem::error("clause", message, format!("put a comma {side} it"));
    Some(match place {
        Some(place) => problem.at(place),
        None => problem,
    })
}

/// Escapes what a regular expression would read otherwise. Letters of any script, digits, `_`, `-`
/// and blanks stay as they are, so that ordinary names look as in the original.
pub(crate) fn escape_regex(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;

    fn overrides(services: &[&str], projects: &[&str]) -> Overrides {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Overrides {
            services: set(services),
            projects: set(projects),
        }
    }

    #[test]
    fn the_vectors_of_the_specification_hold() {
        let (a, b) = (overrides(&["A"], &[]), overrides(&["B", "A"], &["P"]));
        let (none, p) = (Overrides::default(), overrides(&[], &["test-project"]));
        let vectors: &[(&Overrides, &str, &str)] = &[
            (&none, "up{<exclude>} == 0", "up{} == 0"),
            (&none, r#"up{job="x",<exclude>}"#, r#"up{job="x",}"#),
            (&none, r#"up{<exclude>,job="x"}"#, r#"up{job="x"}"#),
            (&none, r#"up{<exclude> , job="x"}"#, r#"up{  job="x"}"#),
            (&none, r#"up{a="b",<exclude>,c="d"}"#, r#"up{a="b",c="d"}"#),
            (&none, "up{<exclude>,<exclude>}", "up{}"),
            (&none, "up{ < exclude > }", "up{  }"),
            (&a, "up{<exclude>}", r#"up{service!~"A"}"#),
            (
                &a,
                r#"up{<exclude>,job="x"}"#,
                r#"up{service!~"A",job="x"}"#,
            ),
            (&a, "sum(up) by (job)", "sum(up) by (job)"),
            (
                &none,
                r#"f{service="A",<exclude>} < 0.10"#,
                r#"f{service="A",} < 0.10"#,
            ),
            (&none, r#"f{service="A", <exclude>}"#, r#"f{service="A", }"#),
            (&none, r#"f{service="A",<exclude>,}"#, r#"f{service="A",}"#),
            (&none, "up{<exclude>,}", "up{}"),
            (
                &none,
                "up{# one\n <exclude> # two\n , # three\n job='x'}",
                "up{# one\n  # two\n  # three\n job='x'}",
            ),
            (
                &none,
                "up{a='b',<exclude>,<exclude>,c='d'}",
                "up{a='b',c='d'}",
            ),
            (
                &a,
                "up{<exclude>,<exclude>}",
                r#"up{service!~"A",service!~"A"}"#,
            ),
            (
                &p,
                r#"up{service="test-service",<exclude>}"#,
                r#"up{service="test-service",project!~"test-project"}"#,
            ),
            (
                &b,
                "a{<exclude>} + b{<exclude>}",
                r#"a{project!~"P",service!~"A|B"} + b{project!~"P",service!~"A|B"}"#,
            ),
        ];
        for (overrides, clause, expanded) in vectors {
            let expansion = expand(clause, overrides);
            assert_eq!(expansion.text, *expanded);
            assert_eq!(expansion.problems, [], "{clause}");
        }
    }

    #[test]
    fn names_are_escaped_for_the_regex_and_then_for_the_string() {
        let expanded = |name: &str| expand("up{<exclude>}", &overrides(&[name], &[])).text;
        assert_eq!(expanded("a.b"), r#"up{service!~"a\\.b"}"#);
        assert_eq!(expanded("x\"y"), r#"up{service!~"x\"y"}"#);
        assert_eq!(expanded("a|b(c"), r#"up{service!~"a\\|b\\(c"}"#);
        assert_eq!(expanded("foo bar-1_2"), r#"up{service!~"foo bar-1_2"}"#);
        assert_eq!(expanded("日本語"), r#"up{service!~"日本語"}"#);
        assert_eq!(expanded("a\n\u{fffd}"), r#"up{service!~"a\n\ufffd"}"#);
    }

    #[test]
    fn a_macro_in_a_comment_or_string_stays_and_is_warned_about() {
        for (clause, column) in [
            (r#"up{project="prj-000-00"} == 0 # <exclude>"#, 33),
            (r#"up{a="<exclude>"}"#, 7),
            ("up{a='é < exclude >'}", 9),
            ("up{a=`<exclude>`}", 7),
        ] {
            let expansion = expand(clause, &overrides(&["A"], &[]));
            assert_eq!(expansion.text, clause);
            assert_eq!(expansion.problems[0].severity, Severity::Warning);
            assert_eq!(expansion.problems[0].place, Some(Place { line: 1, column }));
        }
    }

    #[test]
    fn a_macro_elsewhere_is_an_error_with_its_place() {
        let expansion = expand("up +\n <exclude>", &Overrides::default());
        assert_eq!(expansion.problems[0].severity, Severity::Error);
        assert_eq!(
            expansion.problems[0].place,
            Some(Place { line: 2, column: 2 })
        );
    }

    #[test]
    fn a_missing_comma_is_named_on_its_side() {
        for (clause, side) in [
            (r#"up{a="b"<exclude>}"#, "before"),
            (r#"up{<exclude> a="b"}"#, "after"),
        ] {
            let problems = expand(clause, &overrides(&["A"], &[])).problems;
            assert!(problems[0].message.contains(side), "{clause}");
        }
    }
}
