//! Following the rename of a service or project into rules.

use super::literal;
use super::token::{Token, TokenKind, tokenize};
use crate::model::{Place, Problem, Rule};

/// A clause after a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The clause with its equality matchers rewritten.
    pub text: String,
    /// How many matchers were rewritten.
    pub replaced: usize,
    /// Places in `text` of other strings that hold the old name, for a person to look at.
    pub elsewhere: Vec<Place>,
}

impl Renamed {
    /// Where the rule of this clause first holds the old name, in the clause (`1:7`) or else in a label
    /// or annotation (`labels.team`), and what to tell about that.
    pub fn mention(&self, rule: &Rule, old: &str, new: &str) -> Option<(String, Problem)> {
        let (at, field, message) = if let Some(place) = self.elsewhere.first() {
            let at = format!("{}:{}", place.line, place.column);
            let message = format!("still mentions {old} at {}:{}", place.line, place.column);
            (at, "clause".to_owned(), message)
        } else {
            let at = labelled(rule, old)?;
            (at.clone(), at, format!("still mentions {old}"))
        };
        let field = format!("rule {}.{field}", rule.name);
        let remedy = format!("look whether that should be {new}");
        Some((at, Problem::warning(field, message, remedy)))
    }
}

/// The first label or annotation of a rule whose value holds a name.
fn labelled(rule: &Rule, name: &str) -> Option<String> {
    let labels = rule.labels.iter().map(|pair| ("labels", pair));
    let annotations = rule.annotations.iter().map(|pair| ("annotations", pair));
    let mut all = labels.chain(annotations);
    let found = all.find(|(_, (_, value))| holds(value, name));
    found.map(|(kind, (key, _))| format!("{kind}.{key}"))
}

/// Rewrites, token by token, the matchers `label="old"` between the braces of selectors.
///
/// Matchers keep their quotes. Values are compared as Prometheus reads them, whatever escapes they
/// are written with; in a regular expression the old name is found escaped or not.
///
/// ```
/// let renamed = promgen_core::rules::rename(r#"up{service="a",job=~"a.*"}"#, "service", "a", "b");
/// assert_eq!(renamed.text, r#"up{service="b",job=~"a.*"}"#);
/// assert_eq!((renamed.replaced, renamed.elsewhere.len()), (1, 1));
/// ```
pub fn rename(clause: &str, label: &str, old: &str, new: &str) -> Renamed {
    let tokens = tokenize(clause);
    let mut text = String::with_capacity(clause.len());
    let (mut replaced, mut elsewhere) = (0, Vec::new());
    let mut in_braces = false;
    let mut before: [&str; 2] = [""; 2];
    for token in &tokens {
        let written = token.text(clause);
        let value = value(clause, token);
        match token.kind {
            TokenKind::OpenBrace => in_braces = true,
            TokenKind::CloseBrace => in_braces = false,
            _ => {}
        }
        if in_braces && value.as_deref() == Some(old) && is_equality(before, label) {
            text.push_str(&quoted(written, new));
            replaced += 1;
        } else {
            if value.is_some_and(|value| mentions(&value, old)) {
                elsewhere.push(text.len());
            }
            text.push_str(written);
        }
        if token.is_significant() {
            before = [before[1], written];
        }
    }
    let place = |offset| Place::of_offset(&text, offset);
    let elsewhere = elsewhere.into_iter().map(place).collect();
    Renamed {
        text,
        replaced,
        elsewhere,
    }
}

/// Whether the tokens before a value are `label =` (and not the end of `!=`).
fn is_equality(before: [&str; 2], label: &str) -> bool {
    let [name, operator] = before;
    let quoted = || literal::unquote(name).is_some_and(|name| name == label);
    operator == "=" && (name == label || quoted())
}

/// The value of a string; its text as it stands when it cannot be read.
fn value(clause: &str, token: &Token) -> Option<String> {
    let text = token.text(clause);
    (token.kind == TokenKind::Text)
        .then(|| literal::unquote(text).unwrap_or_else(|| text.to_owned()))
}

/// Whether a value holds the name as it is, or escaped for a regular expression.
fn mentions(value: &str, name: &str) -> bool {
    holds(value, name) || holds(&value.replace('\\', ""), name)
}

/// Whether a text holds the name, and not only within a longer one.
fn holds(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().rev();
        let after = text.get(at + name.len()..).unwrap_or_default().chars();
        !goes_on(before) && !goes_on(after)
    })
}

/// Whether a name goes on with these letters. A dot is a part of one only between its letters:
/// elsewhere it stands for any letter in a regular expression.
fn goes_on(mut letters: impl Iterator<Item = char>) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    match letters.next() {
        Some('.') => letters
            .find(|letter| *letter != '\\')
            .is_some_and(is_letter),
        letter => letter.is_some_and(is_letter),
    }
}

/// A literal in the same quotes; backticks cannot hold every text and give way to double quotes.
fn quoted(literal: &str, new: &str) -> String {
    let raw = |c: char| c != '`' && c != '\r' && c != char::REPLACEMENT_CHARACTER;
    match literal.chars().next() {
        Some('`') if new.chars().all(raw) => format!("`{new}`"),
        Some('\'') => format!("'{}'", literal::escape(new, '\'')),
        _ => format!("\"{}\"", literal::escape(new, '"')),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Name, PromDuration, RuleId, RuleKind, RuleOwner};

    #[test]
    fn only_equality_matchers_of_the_label_are_rewritten() {
        let clause = "a{service='x', service!=\"x\", other=\"x\"} + b{service=`x`} # x\n + x";
        let renamed = rename(clause, "service", "x", "y'z");
        assert_eq!(
            renamed.text,
            "a{service='y\\'z', service!=\"x\", other=\"x\"} + b{service=`y'z`} # x\n + x"
        );
        assert_eq!(renamed.replaced, 2);
        let column = |column| Place { line: 1, column };
        assert_eq!(renamed.elsewhere, [column(28), column(39)]);
    }

    #[test]
    fn values_are_compared_as_prometheus_reads_them() {
        let clause = r#"a{service = "a\x2eb"} + a{"service"="a.b"}"#;
        let renamed = rename(clause, "service", "a.b", "c\"d");
        assert_eq!(renamed.text, r#"a{service = "c\"d"} + a{"service"="c\"d"}"#);
    }

    #[test]
    fn the_clause_is_pointed_out_first_then_labels_and_annotations() {
        let pair = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
        let mut rule = Rule {
            labels: pair("queue", "pages of shop"),
            annotations: pair("summary", "shop is down"),
            ..sample("up{job=\"shop\"}")
        };
        let told = |rule: &Rule| {
            let renamed = rename(&rule.clause, "service", "shop", "store");
            let mention = renamed.mention(rule, "shop", "store");
            mention.map(|(at, problem)| (at, problem.told()))
        };
        let remedy = "look whether that should be store";
        let clause = format!("rule Down.clause: still mentions shop at 1:8; {remedy}");
        assert_eq!(told(&rule), Some(("1:8".to_owned(), clause)));
        rule.clause = "up{service=\"shop\"}".to_owned();
        for at in ["labels.queue", "annotations.summary"] {
            let text = format!("rule Down.{at}: still mentions shop; {remedy}");
            assert_eq!(told(&rule), Some((at.to_owned(), text)));
            rule.labels.clear();
        }
        rule.annotations = pair("summary", "{{ $labels.service }} and shop-eu");
        assert_eq!(told(&rule), None);
    }

    fn sample(clause: &str) -> Rule {
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

    #[test]
    fn a_longer_name_is_another_one() {
        let mentions = |value: &str| {
            let clause = format!("a{{job=~`{value}`}}");
            !rename(&clause, "service", "shop", "store")
                .elsewhere
                .is_empty()
        };
        for value in [
            "shop-eu",
            "my_shop",
            "shop.example",
            "shops",
            r"web\.shop",
            "本shop",
        ] {
            assert!(!mentions(value), "{value}");
        }
        for value in [
            "shop",
            "shop|bank",
            "shop.*",
            ".*shop",
            "shops|shop",
            "(shop)",
        ] {
            assert!(mentions(value), "{value}");
        }
    }

    #[test]
    fn escaped_names_in_regular_expressions_are_reported() {
        for clause in [
            r#"a{service=~"x|a\\.b"}"#,
            r"a{service!~`a\.b`}",
            r#"label_replace(a, "service", "a.b", "", "")"#,
        ] {
            let renamed = rename(clause, "service", "a.b", "c");
            assert_eq!(renamed.text, clause);
            assert_eq!(renamed.elsewhere.len(), 1, "{clause}");
        }
    }
}
