//! Limiting an expression to the series that somebody may see.
//!
//! Every selector gets the matchers of a [`Limit`]. Where a limit is two sets of matchers, a
//! selector becomes two with `or` between them, which is their plain union, for no series fits both.
//! Where a selector is more than a vector to what surrounds it (a range, or what `absent` and
//! `timestamp` look at), the whole call is made twice instead.

use promql_parser::parser::token::{T_LAND, T_LOR, TokenId, TokenType};
use promql_parser::parser::{
    BinModifier, BinaryExpr, Call, Expr, ParenExpr, VectorMatchCardinality, VectorSelector,
};

use super::limit::{Alternative, Limit};
use super::parse::parse;
use super::{QueryError, print};

/// Most bytes that limiting may make of an expression. Each selector names all that its author may
/// see.
const MOST_BYTES: usize = 1024 * 1024;

/// Limits an expression.
///
/// The answer is one expression, or two whose results have to be put together: a range at the top
/// cannot be the union of two.
///
/// ```
/// use promgen_core::promql::{Limit, enforce};
/// let limit = Limit { services: ["shop".to_owned()].into(), ..Limit::default() };
/// let limited = enforce("sum(rate(up[5m] offset 1h))", &limit).unwrap();
/// assert_eq!(limited, [r#"sum(rate(up{service=~"shop"}[5m] offset 1h))"#]);
/// ```
///
/// # Errors
/// [`QueryError`]: nothing that is not understood is let through.
pub fn enforce(text: &str, limit: &Limit) -> Result<Vec<String>, QueryError> {
    let mut expression = parse(text)?;
    let alternatives = limit.alternatives()?;
    let bytes: usize = alternatives.iter().flatten().map(|m| m.value.len()).sum();
    if bytes.saturating_mul(selectors_of(&expression)) > MOST_BYTES {
        let what = "has too many selectors for all that you may see".to_owned();
        return Err(QueryError::TooLarge { what });
    }
    let whole = if let Expr::MatrixSelector(range) = bare(&mut expression) {
        let each = |alternative| {
            let mut range = range.clone();
            add(&mut range.vs, alternative)?;
            Ok(Expr::MatrixSelector(range))
        };
        alternatives.iter().map(each).collect::<Result<_, _>>()?
    } else {
        limit_below(&mut expression, &alternatives)?;
        vec![expression]
    };
    whole.into_iter().map(printed).collect()
}

/// Limits the selectors of `match[]`, of which one must hold; without any, the limit is the
/// selector.
///
/// # Errors
/// [`QueryError::NotASelector`] for what is more than that, and as for [`enforce`].
pub fn enforce_selectors(texts: &[String], limit: &Limit) -> Result<Vec<String>, QueryError> {
    let alternatives = limit.alternatives()?;
    let mut selectors = Vec::new();
    for text in texts {
        match parse(text)? {
            Expr::VectorSelector(found) if found.offset.is_none() && found.at.is_none() => {
                selectors.push(found);
            }
            _ => return Err(QueryError::NotASelector),
        }
    }
    if texts.is_empty() {
        selectors.push(VectorSelector::default());
    }
    let mut limited = Vec::new();
    for selector in selectors {
        for alternative in &alternatives {
            let mut selector = selector.clone();
            add(&mut selector, alternative)?;
            limited.push(printed(Expr::VectorSelector(selector))?);
        }
    }
    Ok(limited)
}

fn printed(mut expression: Expr) -> Result<String, QueryError> {
    print::tidy(&mut expression);
    print::print(&expression)
}

/// Limits everything below an expression.
fn limit_below(expression: &mut Expr, limit: &[Alternative]) -> Result<(), QueryError> {
    match expression {
        Expr::Aggregate(of) => {
            if let Some(param) = &mut of.param {
                limit_below(param, limit)?;
            }
            limit_below(&mut of.expr, limit)
        }
        Expr::Binary(of) => {
            limit_below(&mut of.lhs, limit)?;
            limit_below(&mut of.rhs, limit)
        }
        Expr::Unary(of) => limit_below(&mut of.expr, limit),
        Expr::Paren(of) => limit_below(&mut of.expr, limit),
        Expr::Subquery(of) => limit_below(&mut of.expr, limit),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => Ok(()),
        Expr::Call(call) => {
            if let Some(limited) = limit_call(call, limit)? {
                *expression = limited;
            }
            Ok(())
        }
        Expr::VectorSelector(selector) => {
            let selector = selector.clone();
            *expression = union(T_LOR, limit, |alternative| {
                let mut selector = selector.clone();
                add(&mut selector, alternative)?;
                Ok(Expr::VectorSelector(selector))
            })?;
            Ok(())
        }
        // A range is an argument or stands at the top; the parser makes no extensions.
        Expr::MatrixSelector(_) | Expr::Extension(_) => Err(QueryError::Unprintable),
    }
}

/// Limits a call in its place, or answers what it has to be replaced with.
fn limit_call(call: &mut Call, limit: &[Alternative]) -> Result<Option<Expr>, QueryError> {
    let function = call.func.name;
    if function == "info" {
        let function = function.to_owned();
        return Err(QueryError::ReadsMore { function });
    }
    let whole = |arg: &Expr| is_looked_at(function, arg);
    let Some(at) = call.args.args.iter().position(|arg| whole(arg)) else {
        for arg in &mut call.args.args {
            limit_below(arg, limit)?;
        }
        return Ok(None);
    };
    let others = call.args.args.iter().enumerate().filter(|(n, _)| *n != at);
    if others.map(|(_, arg)| selectors_of(arg)).sum::<usize>() > 0 {
        let function = function.to_owned();
        return Err(QueryError::Entangled { function });
    }
    // What is absent from the union is absent from both.
    let operator = match function {
        "absent" | "absent_over_time" => T_LAND,
        _ => T_LOR,
    };
    let each = |alternative: &Alternative| {
        let mut call = call.clone();
        let arg = call.args.args.get_mut(at);
        match arg.map(|arg| bare(arg)) {
            Some(Expr::VectorSelector(selector)) => add(selector, alternative)?,
            Some(Expr::MatrixSelector(range)) => add(&mut range.vs, alternative)?,
            _ => return Err(QueryError::Unprintable),
        }
        Ok(Expr::Call(call))
    };
    union(operator, limit, each).map(Some)
}

/// Whether a function needs its argument to be a selector: ranges, and the functions for which
/// Prometheus looks at the selector itself.
fn is_looked_at(function: &str, argument: &Expr) -> bool {
    match argument {
        Expr::Paren(inner) => is_looked_at(function, &inner.expr),
        Expr::MatrixSelector(_) => true,
        Expr::VectorSelector(_) => {
            matches!(function, "absent" | "timestamp" | "start_timestamp")
        }
        _ => false,
    }
}

/// One expression for each set of matchers, with an operator between them.
fn union(
    operator: TokenId,
    limit: &[Alternative],
    each: impl Fn(&Alternative) -> Result<Expr, QueryError>,
) -> Result<Expr, QueryError> {
    let mut parts = limit.iter().map(each);
    let first = parts.next().unwrap_or(Err(QueryError::Unprintable))?;
    let Some(second) = parts.next() else {
        return Ok(first);
    };
    let both = Expr::Binary(BinaryExpr {
        op: TokenType::new(operator),
        lhs: Box::new(first),
        rhs: Box::new(second?),
        modifier: Some(BinModifier::default().with_card(VectorMatchCardinality::ManyToMany)),
    });
    let expr = Box::new(both);
    Ok(Expr::Paren(ParenExpr { expr }))
}

/// Adds matchers to a selector. Alternatives between its own are of another language.
fn add(selector: &mut VectorSelector, alternative: &Alternative) -> Result<(), QueryError> {
    if !selector.matchers.or_matchers.is_empty() {
        let message = "Prometheus knows no or between matchers".to_owned();
        return Err(QueryError::NotPromql { message });
    }
    selector
        .matchers
        .matchers
        .extend(alternative.iter().cloned());
    Ok(())
}

/// What stands in parentheses, however many.
fn bare(expression: &mut Expr) -> &mut Expr {
    match expression {
        Expr::Paren(of) => bare(&mut of.expr),
        other => other,
    }
}

/// How many selectors there are at and below an expression.
fn selectors_of(expression: &Expr) -> usize {
    match expression {
        Expr::Aggregate(of) => {
            let param = of.param.as_ref().map_or(0, |param| selectors_of(param));
            param + selectors_of(&of.expr)
        }
        Expr::Binary(of) => selectors_of(&of.lhs) + selectors_of(&of.rhs),
        Expr::Unary(of) => selectors_of(&of.expr),
        Expr::Paren(of) => selectors_of(&of.expr),
        Expr::Subquery(of) => selectors_of(&of.expr),
        Expr::Call(of) => of.args.args.iter().map(|arg| selectors_of(arg)).sum(),
        Expr::VectorSelector(_) | Expr::MatrixSelector(_) => 1,
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => 0,
    }
}

#[cfg(test)]
mod tests;
