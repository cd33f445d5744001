//! From a syntax tree back to text.

use promql_parser::label::Matchers;
use promql_parser::parser::{BinModifier, Expr, LabelModifier, VectorMatchCardinality};

use super::QueryError;
use super::parse::{parse, parse_own};

/// Formats an expression over several lines where it is long, as the formatter of Prometheus does.
/// Comments are lost, as they are there.
///
/// ```
/// let pretty = promgen_core::promql::format("sum( up{ job='a' } )").unwrap();
/// assert_eq!(pretty, r#"sum(up{job="a"})"#);
/// ```
///
/// # Errors
/// [`QueryError`] when it is none.
pub fn format(text: &str) -> Result<String, QueryError> {
    let mut expression = parse(text)?;
    tidy(&mut expression);
    checked(&expression, expression.prettify())
}

/// Prints a tree that was tidied.
pub(super) fn print(expression: &Expr) -> Result<String, QueryError> {
    checked(expression, expression.to_string())
}

/// Hands out only what reads back as the same tree.
fn checked(expression: &Expr, text: String) -> Result<String, QueryError> {
    let again = parse_own(&text).map(|mut again| {
        tidy(&mut again);
        again
    });
    if again.as_ref() == Ok(expression) {
        Ok(text)
    } else {
        Err(QueryError::Unprintable)
    }
}

/// Brings everything below an expression into the one form that its text has.
pub(super) fn tidy(expression: &mut Expr) {
    match expression {
        Expr::Aggregate(of) => {
            if matches!(&of.modifier, Some(LabelModifier::Include(labels)) if labels.is_empty()) {
                of.modifier = None;
            }
            of.param.iter_mut().for_each(|param| tidy(param));
            tidy(&mut of.expr);
        }
        Expr::Binary(of) => {
            tidy_modifier(&mut of.modifier);
            tidy(&mut of.lhs);
            tidy(&mut of.rhs);
        }
        Expr::Unary(of) => tidy(&mut of.expr),
        Expr::Paren(of) => tidy(&mut of.expr),
        Expr::Subquery(of) => tidy(&mut of.expr),
        Expr::Call(of) => of.args.args.iter_mut().for_each(|arg| tidy(arg)),
        Expr::VectorSelector(of) => tidy_matchers(&mut of.matchers),
        Expr::MatrixSelector(of) => tidy_matchers(&mut of.vs.matchers),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

/// `ignoring ()` without a group means nothing and is not printed.
fn tidy_modifier(modifier: &mut Option<BinModifier>) {
    let Some(of) = modifier else { return };
    let grouped = matches!(
        of.card,
        VectorMatchCardinality::ManyToOne(_) | VectorMatchCardinality::OneToMany(_)
    );
    let empty = matches!(&of.matching, Some(LabelModifier::Exclude(labels)) if labels.is_empty());
    if empty && !grouped {
        of.matching = None;
    }
    if *of == BinModifier::default() {
        *modifier = None;
    }
}

/// Matchers are printed in the order of their texts.
fn tidy_matchers(matchers: &mut Matchers) {
    matchers.matchers.sort_by_cached_key(ToString::to_string);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_expressions_are_broken_and_short_ones_are_not() {
        assert_eq!(format("1 +  1 # one").unwrap(), "1 + 1");
        let long = format!("sum by (job) (rate({}[5m])) > 1", "a_long_name".repeat(10));
        assert!(format(&long).unwrap().lines().count() > 3);
        assert!(format("up{").is_err());
    }

    #[test]
    fn what_would_not_read_back_is_not_printed() {
        for text in ["up @ -1", "a / ignoring () group_left b"] {
            assert_eq!(format(text), Err(QueryError::Unprintable), "{text}");
        }
        for text in [
            "sum by () (up)",
            "a == ignoring () b",
            "a or b",
            "-(-1) ^ -2 @ 5 offset -5m",
            "{'a b', \"c d\"!=\"\"}",
            "a / on () group_left (x) b",
        ] {
            let once = format(text);
            if let Ok(once) = &once {
                assert_eq!(format(once).as_ref(), Ok(once), "{text}");
            }
        }
    }
}
