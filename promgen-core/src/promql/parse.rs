//! From text to a syntax tree, within bounds.

use promql_parser::parser::{Expr, parse as parse_unbounded};

use super::QueryError;
use crate::rules::{Token, TokenKind, quoted, tokenize, unquote};

/// Most bytes of an expression.
const MOST_BYTES: usize = 256 * 1024;

/// Most tokens, blanks and comments aside: parsing takes time in the square of their number.
const MOST_TOKENS: usize = 2048;

/// Most operators between or before operands. A chain such as `1+1+1` nests as deep as it is long,
/// and everything that walks over the tree is recursive: half of a stack is enough for this many.
const MOST_OPERATORS: usize = 500;

/// Deepest nesting of brackets.
const DEEPEST: usize = 100;

/// Parses an expression.
pub(super) fn parse(text: &str) -> Result<Expr, QueryError> {
    let too_large = |what: String| Err(QueryError::TooLarge { what });
    if text.len() > MOST_BYTES {
        return too_large(format!("has more than {MOST_BYTES} bytes"));
    }
    let tokens = tokenize(text);
    if tokens.iter().filter(|token| token.is_significant()).count() > MOST_TOKENS {
        return too_large(format!("has more than {MOST_TOKENS} tokens"));
    }
    let operators = tokens.iter().filter(|token| is_operator(token.text(text)));
    if operators.count() > MOST_OPERATORS {
        return too_large(format!("has more than {MOST_OPERATORS} operators"));
    }
    if depth(&tokens) > DEEPEST {
        return too_large(format!("is nested deeper than {DEEPEST} levels"));
    }
    parse_own(&requoted(text, &tokens))
}

/// Parses what this program printed, which is bounded by what it was printed from.
pub(super) fn parse_own(text: &str) -> Result<Expr, QueryError> {
    parse_unbounded(text).map_err(|message| QueryError::NotPromql {
        message: message.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

/// Whether a token joins or negates operands. `==` and `!=` are made of what matchers have as well;
/// the number of tokens bounds them well enough.
fn is_operator(token: &str) -> bool {
    let signs = ["+", "-", "*", "/", "%", "^", ">", "<"];
    let words = ["and", "or", "unless", "atan2"];
    signs.contains(&token) || words.iter().any(|word| token.eq_ignore_ascii_case(word))
}

fn depth(tokens: &[Token]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for token in tokens {
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => open += 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => {
                open = open.saturating_sub(1);
            }
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// The text with all its strings in double quotes: promql-parser looks for escapes in raw strings
/// too, and takes a byte escape for a character.
pub(crate) fn requoted(text: &str, tokens: &[Token]) -> String {
    let again = |token: &Token| {
        let text = token.text(text);
        let value = (token.kind == TokenKind::Text).then(|| unquote(text));
        value
            .flatten()
            .map_or(text.to_owned(), |value| quoted(&value))
    };
    tokens.iter().map(again).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_bounds_is_refused_before_it_is_parsed() {
        let deep = format!("{}up{}", "(".repeat(1000), ")".repeat(1000));
        let long = format!("{}1", "1+".repeat(100_000));
        let large = format!("up{{a=\"{}\"}}", "x".repeat(300_000));
        for text in [deep, long, large] {
            assert!(matches!(parse(&text), Err(QueryError::TooLarge { .. })));
        }
    }

    #[test]
    fn strings_mean_what_they_mean_in_prometheus() {
        let again = |text: &str| requoted(text, &tokenize(text));
        assert_eq!(again(r"up{a=~`\d`}"), r#"up{a=~"\\d"}"#);
        assert_eq!(again(r#"up{a='\xc3\xa9"'}"#), r#"up{a="é\""}"#);
        assert_eq!(again("up # `\\d`"), "up # `\\d`");
    }
}
