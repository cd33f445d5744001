//! The native checks of a rule, so that no promtool is needed to catch a mistake.

use super::expand::{Overrides, expand};
use super::token::{Token, TokenKind, tokenize};
use super::{literal, selector, template};
use crate::model::{LabelName, Place, Problem, PromDuration, Rule, RuleKind, Severity, has_errors};

/// Deepest nesting of brackets in a clause. Prometheus has no bound of its own; the parsers of both
/// sides work recursively.
const MAX_DEPTH: usize = 128;

/// Most tokens of a clause, blanks and comments aside. A chain such as `1+1+1` nests as deep as it
/// is long, and parsing it takes time in the square of its length: 4,096 tokens are far more than
/// people write, and far from what overflows a stack.
const MAX_TOKENS: usize = 4096;

/// Most bytes of a clause.
const MAX_CLAUSE: usize = 256 * 1024;

/// Most characters of a duration (Promgen's column width).
const MAX_DURATION: usize = 128;

/// Looks at a rule as it would be rendered with these overrides.
///
/// The clause (tokens, macro, `PromQL`, type of its result), durations, labels and annotations
/// (names, templates), and what a recording rule may not have. Prometheus expands no templates in
/// the labels of a recording rule, so braces mean nothing there.
pub fn check_rule(rule: &Rule, overrides: &Overrides) -> Vec<Problem> {
    check(rule, overrides, Severity::Error)
}

/// As [`check_rule`], for a rule that promtool accepts: what only the native parser of `PromQL`
/// finds, which may be older than the Prometheus that loads the rule, is a warning.
pub fn check_accepted_rule(rule: &Rule, overrides: &Overrides) -> Vec<Problem> {
    check(rule, overrides, Severity::Warning)
}

fn check(rule: &Rule, overrides: &Overrides, parser: Severity) -> Vec<Problem> {
    let mut problems = check_clause(&rule.clause, overrides, parser);
    problems.extend(check_text("clause", &rule.clause));
    problems.extend(check_text("description", &rule.description));
    problems.extend(check_duration("duration", &rule.duration));
    if let Some(span) = &rule.keep_firing_for {
        problems.extend(check_duration("keep_firing_for", span));
    }
    for (name, value) in &rule.labels {
        problems.extend(check_label(name));
        problems.extend(check_text(&format!("labels.{name}"), value));
        if rule.kind == RuleKind::Alert {
            problems.extend(template::check(&format!("labels.{name}"), value));
        }
    }
    for (name, value) in &rule.annotations {
        let field = format!("annotations.{name}");
        problems.extend(check_label_name(&field, name));
        problems.extend(check_text(&field, value));
        problems.extend(template::check(&field, value));
    }
    if rule.kind == RuleKind::Record {
        problems.extend(check_recording(rule));
    }
    problems
}

fn check_clause(clause: &str, overrides: &Overrides, parser: Severity) -> Vec<Problem> {
    if clause.trim().is_empty() {
        return vec![Problem::error(
            "clause",
            "is empty",
            "write a PromQL expression",
        )];
    }
    if clause.len() > MAX_CLAUSE {
        return vec![too_long(format!("is longer than {MAX_CLAUSE} bytes"))];
    }
    let tokens = tokenize(clause);
    if tokens.iter().filter(|token| token.is_significant()).count() > MAX_TOKENS {
        return vec![too_long(format!("has more than {MAX_TOKENS} tokens"))];
    }
    let mut problems: Vec<Problem> = check_tokens(clause, &tokens).into_iter().collect();
    problems.extend(selector::check(clause, &tokens));
    let expansion = expand(clause, overrides);
    problems.extend(expansion.problems);
    if !has_errors(&problems) {
        let found = check_promql(&expansion.text);
        problems.extend(found.map(|found| Problem {
            severity: parser,
            ..found
        }));
    }
    problems
}

fn too_long(message: String) -> Problem {
    Problem::error("clause", message, "split it with recording rules")
}

/// The first token that cannot be, with its place.
fn check_tokens(clause: &str, tokens: &[Token]) -> Option<Problem> {
    let mut open: Vec<(TokenKind, usize)> = Vec::new();
    for token in tokens {
        let wrong = |message: String, remedy: &str| {
            let place = Place::of_offset(clause, token.start);
            Some(Problem::error("clause", message, remedy).at(place))
        };
        let text = token.text(clause);
        if let Some((message, remedy)) = unreadable(token.kind, text) {
            return wrong(message, remedy);
        }
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => {
                open.push((token.kind, token.start));
                if open.len() > MAX_DEPTH {
                    let message = format!("is nested deeper than {MAX_DEPTH} levels");
                    return wrong(message, "split it with recording rules");
                }
            }
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket
                if open.pop().map(|(kind, _)| closing(kind)) != Some(token.kind) =>
            {
                return wrong(format!("{text} closes nothing"), "take it out, or open it");
            }
            _ => {}
        }
    }
    let (_, start) = open.pop()?;
    let bracket = clause.get(start..=start).unwrap_or_default();
    let message = format!("{bracket} is never closed");
    Some(Problem::error("clause", message, "close it").at(Place::of_offset(clause, start)))
}

/// What is wrong with a token by itself, and the remedy.
fn unreadable(kind: TokenKind, text: &str) -> Option<(String, &'static str)> {
    let is_string = text.starts_with(['"', '\'', '`']);
    match kind {
        TokenKind::Bad if is_string && text.contains(char::REPLACEMENT_CHARACTER) => {
            let message = "a string holds U+FFFD, the sign of broken text".to_owned();
            Some((message, "repair the text, or write \\ufffd if it is meant"))
        }
        TokenKind::Bad if is_string => Some(("a string has no end".to_owned(), "close its quotes")),
        TokenKind::Bad => Some((format!("{text:?} means nothing in PromQL"), "take it out")),
        TokenKind::Text if literal::unquote(text).is_none() => {
            let message = "a string holds an escape that PromQL does not know".to_owned();
            Some((
                message,
                "write \\\\ for a backslash, or put backticks around the string",
            ))
        }
        _ => None,
    }
}

fn closing(open: TokenKind) -> TokenKind {
    match open {
        TokenKind::OpenBrace => TokenKind::CloseBrace,
        TokenKind::OpenParen => TokenKind::CloseParen,
        _ => TokenKind::CloseBracket,
    }
}

#[cfg(feature = "promql")]
fn check_promql(expanded: &str) -> Option<Problem> {
    use promql_parser::parser::{parse, value::ValueType};

    let remedy = "try it in the expression browser of Prometheus";
    match parse(&crate::promql::requoted(expanded, &tokenize(expanded))) {
        Err(message) => {
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(Problem::error(
                "clause",
                format!("is not PromQL: {message}"),
                remedy,
            ))
        }
        Ok(expression) => match expression.value_type() {
            ValueType::Vector | ValueType::Scalar => None,
            ValueType::Matrix => {
                let message = "gives a range of values; a rule needs one value per series";
                Some(Problem::error(
                    "clause",
                    message,
                    "wrap it in a function such as rate()",
                ))
            }
            ValueType::String => {
                let message = "gives a string; a rule needs numbers";
                Some(Problem::error("clause", message, remedy))
            }
        },
    }
}

#[cfg(not(feature = "promql"))]
fn check_promql(_expanded: &str) -> Option<Problem> {
    None
}

/// `PostgreSQL` cannot keep a NUL, and Prometheus has no use for one.
fn check_text(field: &str, text: &str) -> Option<Problem> {
    let at = text.find('\0')?;
    let problem = Problem::error(field, "holds a NUL character", "take it out");
    Some(problem.at(Place::of_offset(text, at)))
}

fn check_duration(field: &str, span: &PromDuration) -> Option<Problem> {
    let remedy = "write it like 30s, 5m or 1h30m";
    let message = match PromDuration::parse(span.as_str()) {
        Err(error) => error.to_string(),
        Ok(_) if span.as_str().len() > MAX_DURATION => {
            format!("is longer than {MAX_DURATION} characters")
        }
        Ok(_) => return None,
    };
    Some(Problem::error(field, message, remedy))
}

fn check_label(name: &str) -> Vec<Problem> {
    let field = format!("labels.{name}");
    let mut problems: Vec<Problem> = check_label_name(&field, name).into_iter().collect();
    if name == "alertname" || name == "__name__" {
        let message = format!("{name} is set by Prometheus");
        problems.push(Problem::error(&field, message, "choose another label name"));
    }
    if name == "service" || name == "project" {
        let message = format!("{name} is computed from what the rule belongs to");
        problems.push(Problem::warning(&field, message, "leave it out"));
    }
    problems
}

fn check_label_name(field: &str, name: &str) -> Option<Problem> {
    let error = LabelName::parse(name).err()?;
    Some(Problem::error(field, error.to_string(), "rename it"))
}

fn check_recording(rule: &Rule) -> Vec<Problem> {
    let mut problems = Vec::new();
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
    let later = |c: char| first(c) || c.is_ascii_digit();
    if !(rule.name.starts_with(first) && rule.name.chars().all(later)) {
        let message = format!("{} is not a metric name", rule.name);
        let remedy = "use letters, digits, _ and :, and do not begin with a digit";
        problems.push(Problem::error("name", message, remedy));
    }
    let remedy = "leave it out: a recording rule fires nothing";
    if !rule.annotations.is_empty() {
        problems.push(Problem::error(
            "annotations",
            "stand on a recording rule",
            remedy,
        ));
    }
    if rule.duration.millis() > 0 {
        problems.push(Problem::error(
            "duration",
            "stands on a recording rule",
            remedy,
        ));
    }
    if rule.keep_firing_for.is_some() {
        problems.push(Problem::error(
            "keep_firing_for",
            "stands on a recording rule",
            remedy,
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Name, PromDuration, RuleId, RuleOwner};

    fn rule(clause: &str) -> Rule {
        Rule {
            id: RuleId(1),
            name: Name::stored("Down"),
            kind: RuleKind::Alert,
            clause: clause.to_owned(),
            duration: PromDuration::stored("5m"),
            keep_firing_for: None,
            enabled: true,
            parent: None,
            owner: RuleOwner::Site,
            description: String::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }

    fn problems(clause: &str) -> Vec<Problem> {
        check_rule(&rule(clause), &Overrides::default())
    }

    #[test]
    fn good_clauses_pass() {
        for clause in [
            "up{<exclude>} == 0",
            "1",
            "absent(up)",
            "rate(a{b=~\"x\"}[5m]) > 2",
            "up{a=~`\\d+\"`,b='\\\\d'}",
            "up # all\r == 0",
        ] {
            assert_eq!(problems(clause), [], "{clause}");
        }
    }

    #[test]
    fn the_best_place_there_is_comes_with_the_problem() {
        for (clause, line, column) in [
            ("up{", 1, 3),
            ("sum(\n  up))", 2, 6),
            ("up{a=\"x}", 1, 6),
            ("up ; 1", 1, 4),
            ("up{a=~\"\\d\"}", 1, 7),
            ("up{a=\"\u{fffd}\"}", 1, 6),
            ("up{a=\"b\",\n,}", 2, 1),
            ("up{a=\"b\" or c=\"d\"}", 1, 10),
        ] {
            let found = problems(clause);
            assert_eq!(
                found[0].place,
                Some(Place { line, column }),
                "{clause}: {found:?}"
            );
        }
    }

    #[test]
    #[cfg(feature = "promql")]
    fn what_parses_but_is_no_rule_is_refused() {
        for clause in ["up[5m]", "\"text\"", "sum by (a", "up ==", "rate(up)"] {
            assert!(has_errors(&problems(clause)), "{clause}");
        }
    }

    #[test]
    #[cfg(feature = "promql")]
    fn what_promtool_accepts_the_parser_only_warns_of() {
        let found = |clause| check_accepted_rule(&rule(clause), &Overrides::default());
        let newer = found("histogram_of_tomorrow(up) > 1");
        assert_eq!(newer.len(), 1, "{newer:?}");
        assert!(!has_errors(&newer));
        assert!(has_errors(&found("up{")), "the macro has to find its way");
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{}up{}", "(".repeat(1000), ")".repeat(1000));
        assert!(problems(&deep)[0].message.contains("nested"));
        for chain in ["1+", "- ", "a^"] {
            let long = format!("{}1", chain.repeat(100_000));
            assert!(problems(&long)[0].message.contains("tokens"), "{chain}");
        }
    }

    #[test]
    fn a_duration_that_was_stored_unchecked_is_looked_at() {
        let mut rule = rule("up");
        rule.duration = PromDuration::stored("5 m");
        rule.keep_firing_for = Some(PromDuration::stored("soon"));
        let found = check_rule(&rule, &Overrides::default());
        let fields: Vec<&str> = found.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["duration", "keep_firing_for"]);
    }

    #[test]
    fn what_no_database_keeps_is_refused() {
        let mut rule = rule("up{a=\"\0\"}");
        rule.description = "a\nb\0".to_owned();
        rule.duration = PromDuration::stored(format!("{}5m", "0".repeat(200)));
        rule.labels.insert("a".to_owned(), "\0".to_owned());
        rule.annotations.insert("b".to_owned(), "\0".to_owned());
        let found = check_rule(&rule, &Overrides::default());
        for field in [
            "clause",
            "description",
            "duration",
            "labels.a",
            "annotations.b",
        ] {
            assert!(found.iter().any(|p| p.field == field), "{field}: {found:?}");
        }
        let place = found
            .iter()
            .find(|p| p.field == "description")
            .unwrap()
            .place;
        assert_eq!(place, Some(Place { line: 2, column: 2 }));
    }

    #[test]
    fn labels_and_annotations_are_looked_at() {
        let mut rule = rule("up");
        rule.labels.insert("a b".to_owned(), String::new());
        rule.labels.insert("service".to_owned(), "x".to_owned());
        rule.annotations
            .insert("sum-mary".to_owned(), "{{$label.x}}".to_owned());
        let found = check_rule(&rule, &Overrides::default());
        let fields: Vec<(&str, Severity)> = found
            .iter()
            .map(|p| (p.field.as_str(), p.severity))
            .collect();
        assert_eq!(
            fields,
            [
                ("labels.a b", Severity::Error),
                ("labels.service", Severity::Warning),
                ("annotations.sum-mary", Severity::Error),
                ("annotations.sum-mary", Severity::Error),
            ]
        );
    }

    #[test]
    fn a_recording_rule_is_a_metric_and_nothing_else() {
        let mut rule = rule("up");
        rule.kind = RuleKind::Record;
        rule.name = Name::stored("job up");
        let fields: Vec<String> = check_rule(&rule, &Overrides::default())
            .into_iter()
            .map(|p| p.field)
            .collect();
        assert_eq!(fields, ["name", "duration"]);
    }
}
