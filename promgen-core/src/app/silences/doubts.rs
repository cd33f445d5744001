//! What can be said about a silence to be before anything is asked of Alertmanager.

use super::affected::{Deed, Objects};
use super::held::RawMatcher;
use super::rights::conditions;
use crate::alert::Conditions;
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::Problem;

/// Whether there is anything whose alerts whoever asks may silence.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn may_make(app: &App, actor: &Actor) -> Result<bool, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ListSilences, app.settings())?;
    Ok(access.edits_any())
}

/// Why whoever asks may not silence what these matchers touch, in sentences; empty when they may.
///
/// # Errors
/// [`AppError::Invalid`] for matchers that are none, [`AppError::Forbidden`] for whoever may not make
/// any silence.
pub async fn refusal(
    app: &App,
    actor: &Actor,
    matchers: &[RawMatcher],
) -> Result<Vec<String>, AppError> {
    let conditions = conditions(matchers)?;
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Silence, app.settings())?;
    if access.is_superuser() {
        return Ok(Vec::new());
    }
    let objects = Objects::load(&tx, &access).await?;
    Ok(objects.refusal(&conditions, Deed::Silence))
}

/// The first matcher for a value that another one for the same label never lets pass: together they
/// match no alert. The field of the problem is `matchers[N].value`.
///
/// Matchers that are none are somebody else's to refuse.
pub(super) fn contradiction(matchers: &[RawMatcher]) -> Option<Problem> {
    let compiled: Vec<Option<Conditions>> = matchers
        .iter()
        .map(|raw| Conditions::new(&[raw.checked()?]).ok())
        .collect();
    let against = |wanted: &RawMatcher| {
        let others = matchers.iter().zip(&compiled);
        let mut others = others.filter(|(other, _)| other.name == wanted.name);
        others.find(|(_, conditions)| {
            let lets_pass = |it: &Conditions| it.let_pass(&wanted.name, &wanted.value);
            !conditions.as_ref().is_none_or(lets_pass)
        })
    };
    let exact = matchers.iter().enumerate();
    let exact = exact.filter(|(_, one)| one.is_equal && !one.is_regex);
    exact.into_iter().find_map(|(at, wanted)| {
        let (other, _) = against(wanted)?;
        let (name, value) = (&wanted.name, &wanted.value);
        let message = format!(
            "no alert has {name} {value:?} and fits the matcher of {name} for {:?} too",
            other.value
        );
        let remedy = "leave one out, or make one matcher of both with =~ and |";
        let field = format!("matchers[{at}].value");
        Some(Problem::error(field, message, remedy))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(name: &str, operator: &str, value: &str) -> RawMatcher {
        RawMatcher {
            name: name.to_owned(),
            value: value.to_owned(),
            is_regex: operator.ends_with('~'),
            is_equal: !operator.starts_with('!'),
        }
    }

    #[test]
    fn matchers_that_exclude_each_other_are_found() {
        let service = |operator, value| matcher("service", operator, value);
        let shop = service("=", "shop");
        for (other, wrong) in [
            (service("=", "bank"), true),
            (service("!=", "shop"), true),
            (service("=~", "b.*"), true),
            (service("!~", "s.*"), true),
            (service("=", "shop"), false),
            (service("=~", "shop|bank"), false),
            (service("!=", "bank"), false),
            (service("=~", "("), false),
            (matcher("project", "=", "bank"), false),
        ] {
            for matchers in [[shop.clone(), other.clone()], [other.clone(), shop.clone()]] {
                let found = contradiction(&matchers);
                assert_eq!(found.is_some(), wrong, "{matchers:?}");
            }
        }
        let found = contradiction(&[service("=~", "b.*"), shop]).unwrap();
        assert_eq!(found.field, "matchers[1].value");
    }
}
