//! Properties of any text, and of renames.

use super::expansion::{derived, expanded, near, rule};
use super::{Draw, Selector, hostile_name, legal_clause};
use crate::model::{RuleOwner, ServiceId, has_errors};
use crate::rules::{Overrides, TokenKind, check_rule, expand, rename, tokenize};

/// A rename changes the equality matchers of the label and nothing else.
///
/// # Panics
/// When the property does not hold.
pub fn rename_body(data: &[u8]) {
    let mut draw = Draw::new(data);
    let (old, new) = (hostile_name(&mut draw), hostile_name(&mut draw));
    let service = RuleOwner::Service(ServiceId(1));
    let like_old = near(&old);
    let at = usize::from(draw.below(u8::try_from(like_old.len()).unwrap_or(u8::MAX)));
    let like_old = like_old.get(at).unwrap_or(&old);
    let clause = derived(&legal_clause(&mut draw).text, service, &old);
    let clause = derived(&clause, service, like_old);
    let renamed = rename(&clause, "service", &old, &new);
    let matchers = |clause: &str| -> Vec<_> {
        let selectors = expanded(clause, &Overrides::default());
        selectors.iter().flat_map(Selector::matchers).collect()
    };
    let mut wanted = matchers(&clause);
    let mut replaced = 0;
    for (name, operator, value) in &mut wanted {
        if name == "service" && operator == "=" && *value == old {
            value.clone_from(&new);
            replaced += 1;
        }
    }
    assert_eq!(
        matchers(&renamed.text),
        wanted,
        "{clause} renamed to {new:?}"
    );
    assert_eq!(renamed.replaced, replaced, "{clause}");
}

/// What holds for any text at all: tokens are the whole text, nothing panics, and a clause that is
/// fine without overrides stays so with them.
///
/// # Panics
/// When the property does not hold.
pub fn text_body(text: &str) {
    let tokens = tokenize(text);
    let mut end = 0;
    for token in &tokens {
        assert!(
            token.start == end && token.end > end,
            "{token:?} of {text:?}"
        );
        end = token.end;
    }
    assert_eq!(end, text.len(), "tokens of {text:?}");
    let names = ["A".to_owned(), "b.c".to_owned()];
    let some = Overrides {
        services: names.into(),
        ..Overrides::default()
    };
    for overrides in [&Overrides::default(), &some] {
        let expansion = expand(text, overrides);
        if !tokens.iter().any(|token| token.kind == TokenKind::Macro) {
            assert_eq!(expansion.text, text);
        }
        if !has_errors(&expansion.problems) {
            let again = expand(&expansion.text, overrides).text;
            assert_eq!(again, expansion.text, "{text:?} expanded twice");
        }
    }
    let wrong = |overrides: &Overrides| has_errors(&check_rule(&rule(text), overrides));
    assert_eq!(wrong(&Overrides::default()), wrong(&some), "{text:?}");
    let renamed = rename(text, "service", "A", "\"\\`'\n");
    assert_eq!(
        rename(&renamed.text, "service", "A", "B").replaced,
        0,
        "{text:?}"
    );
    if !wrong(&some) {
        let problems = check_rule(&rule(&renamed.text), &some);
        assert!(!has_errors(&problems), "{}: {problems:?}", renamed.text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{bytes, property_config, soup};
    use super::*;

    proptest! {
        #![proptest_config(property_config())]

        #[test]
        fn a_rename_changes_its_matchers_and_nothing_else(data in bytes()) {
            rename_body(&data);
        }

        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            text_body(&text);
        }

        #[test]
        fn text_that_looks_like_a_clause_is_survived(data in bytes()) {
            text_body(&soup(&mut Draw::new(&data)));
        }

        #[test]
        fn legal_clauses_cut_anywhere_are_survived(data in bytes(), cut in any::<prop::sample::Index>()) {
            let text = legal_clause(&mut Draw::new(&data)).text;
            let cut = text.floor_char_boundary(cut.index(text.len()));
            text_body(&text);
            text_body(&text[..cut]);
            text_body(&text[cut..]);
        }
    }
}
