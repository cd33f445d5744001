//! Following the rename of a service or project into clauses.

use super::expand::escape_string;
use super::token::{Token, TokenKind, tokenize};
use crate::model::Place;

/// A clause after a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The clause with its equality matchers rewritten.
    pub text: String,
    /// How many matchers were rewritten.
    pub replaced: usize,
    /// Other strings that hold the old name, for a person to look at.
    pub elsewhere: Vec<Place>,
}

/// Rewrites, token by token, the matchers `label="old"` between the braces of selectors.
///
/// ```
/// let renamed = promgen_core::rules::rename(r#"up{service="a",job=~"a.*"}"#, "service", "a", "b");
/// assert_eq!(renamed.text, r#"up{service="b",job=~"a.*"}"#);
/// assert_eq!((renamed.replaced, renamed.elsewhere.len()), (1, 1));
/// ```
pub fn rename(clause: &str, label: &str, old: &str, new: &str) -> Renamed {
    let tokens = tokenize(clause);
    let significant: Vec<&Token> = tokens
        .iter()
        .filter(|token| token.is_significant())
        .collect();
    let mut renamed = Renamed {
        text: String::new(),
        replaced: 0,
        elsewhere: Vec::new(),
    };
    let mut written = 0;
    let mut in_braces = false;
    for (at, token) in significant.iter().enumerate() {
        match token.kind {
            TokenKind::OpenBrace => in_braces = true,
            TokenKind::CloseBrace => in_braces = false,
            TokenKind::Text => {
                let literal = token.text(clause);
                let before = significant.get(..at).unwrap_or_default();
                if in_braces && is_equality(clause, before, label) && value(literal) == old {
                    renamed
                        .text
                        .push_str(clause.get(written..token.start).unwrap_or_default());
                    renamed.text.push_str(&quoted(literal, new));
                    written = token.end;
                    renamed.replaced += 1;
                } else if literal.contains(old) {
                    renamed
                        .elsewhere
                        .push(Place::of_offset(clause, token.start));
                }
            }
            _ => {}
        }
    }
    renamed
        .text
        .push_str(clause.get(written..).unwrap_or_default());
    renamed
}

/// Whether the tokens end in `label =` (and not in `!=`, `=~` or a longer operator).
fn is_equality(clause: &str, before: &[&Token], label: &str) -> bool {
    let [.., name, operator] = before else {
        return false;
    };
    operator.text(clause) == "=" && name.text(clause) == label
}

/// The value of a string literal, as far as its escapes are simple.
fn value(literal: &str) -> String {
    let raw = literal.starts_with('`');
    let mut characters = literal.chars();
    characters.next();
    characters.next_back();
    let inner = characters.as_str();
    if raw {
        return inner.to_owned();
    }
    let mut value = String::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        value.push(if c == '\\' {
            rest.next().unwrap_or(c)
        } else {
            c
        });
    }
    value
}

/// A literal in the same quotes; backticks cannot hold a backtick and give way to double quotes.
fn quoted(literal: &str, new: &str) -> String {
    match literal.chars().next() {
        Some('`') if !new.contains('`') => format!("`{new}`"),
        Some(quote @ ('"' | '\'')) => format!("{quote}{}{quote}", escape_string(new, quote)),
        _ => format!("\"{}\"", escape_string(new, '"')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equality_matchers_of_the_label_are_rewritten() {
        let clause = "a{service='x', service!=\"x\", other=\"x\"} + b{service=`x`} # x\n + x";
        let renamed = rename(clause, "service", "x", "y'z");
        assert_eq!(
            renamed.text,
            "a{service='y\\'z', service!=\"x\", other=\"x\"} + b{service=`y'z`} # x\n + x"
        );
        assert_eq!(renamed.replaced, 2);
        assert_eq!(renamed.elsewhere.len(), 2);
    }
}
