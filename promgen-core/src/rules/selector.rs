//! What stands between the braces of selectors, where promql-parser takes more than Prometheus.
//!
//! A rule that Prometheus refuses takes the whole rules file down with it, so what only the parser
//! here understands is named, with its place.

use super::token::{Token, TokenKind};
use crate::model::{Place, Problem};

/// Finds commas without a matcher, `or` between matchers, and names in quotes.
pub(super) fn check(clause: &str, tokens: &[Token]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut in_braces = false;
    let mut before = TokenKind::Space;
    for token in tokens.iter().filter(|token| token.is_significant()) {
        if in_braces {
            let problem = misplaced(token.text(clause), token.kind, before);
            problems.extend(problem.map(|p| p.at(Place::of_offset(clause, token.start))));
        }
        match token.kind {
            TokenKind::OpenBrace => in_braces = true,
            TokenKind::CloseBrace => in_braces = false,
            _ => {}
        }
        before = token.kind;
    }
    problems
}

fn misplaced(text: &str, kind: TokenKind, before: TokenKind) -> Option<Problem> {
    let begins = matches!(before, TokenKind::OpenBrace | TokenKind::Comma);
    match kind {
        TokenKind::Comma if begins => {
            let message = "a comma stands where a matcher belongs";
            Some(Problem::error("clause", message, "take it out"))
        }
        TokenKind::Word if !begins && text.eq_ignore_ascii_case("or") => {
            let message = "Prometheus knows no or between matchers";
            let remedy = "write two selectors, as in a{x=\"1\"} or a{x=\"2\"}";
            Some(Problem::error("clause", message, remedy))
        }
        TokenKind::Text if begins => {
            let message = "only Prometheus 3 reads names in quotes";
            let remedy = "write the name without quotes if older servers load the rules";
            Some(Problem::warning("clause", message, remedy))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    #[test]
    fn what_prometheus_reads_otherwise_is_named_with_its_place() {
        for (clause, column, part) in [
            ("up{,}", 4, "comma"),
            (r#"up{a="b", # c"#, 0, ""),
            (r#"up{a="b",,}"#, 10, "comma"),
            (r#"up{a="b" or c="d"}"#, 10, "no or"),
            (r#"up{"a"="b"}"#, 4, "Prometheus 3"),
            (r#"up{or="b",} or down{a="b",or="c"}"#, 0, ""),
            ("sum by (a,) (up)", 0, ""),
        ] {
            let problems = check(clause, &tokenize(clause));
            let found = problems.first();
            assert_eq!(found.is_some(), column > 0, "{clause}: {problems:?}");
            if let Some(problem) = found {
                assert_eq!(problem.place, Some(Place { line: 1, column }), "{clause}");
                assert!(problem.message.contains(part), "{clause}: {problem}");
            }
        }
    }
}
