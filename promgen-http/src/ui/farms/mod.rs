//! `/farm`: farms of hosts; registered, linked, synced, converted, changed, deleted.

mod convert;
mod delete;
mod detail;
mod edit;
mod link;
mod list;
mod register;
mod sync;
mod unlink;

use http::Method;
use promgen_core::app::AppError;
use promgen_core::app::farms::{self, FarmOverview, Served};
use promgen_core::app::policy::Act;
use promgen_core::model::{FarmId, Problem, Service};

use super::frame::{Crumb, Frame, Viewer};
use super::next;
use super::parts::{Field, FormView, NONE, Sheet};
use super::text::Texts;
use crate::Server;
use crate::extract::Form;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/farm", list::show)
        .on(Act::See, get, "/farm/{id}", detail::show)
        .on(Act::Edit, get, "/farm/{id}/update", edit::rename)
        .on(Act::Edit, post, "/farm/{id}/update", edit::renamed)
        .on(Act::Edit, get, "/farm/{id}/hosts", edit::hosts)
        .on(Act::Edit, post, "/farm/{id}/hosts", edit::added)
        .on(Act::See, get, "/farm/{id}/refresh", sync::preview)
        .on(Act::Edit, post, "/farm/{id}/refresh", sync::sync)
        .on(Act::Edit, get, "/farm/{id}/convert", convert::ask)
        .on(Act::Edit, post, "/farm/{id}/convert", convert::convert)
        .on(Act::Edit, get, "/farm/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/farm/{id}/delete", delete::delete)
        .on(Act::Edit, get, "/project/{id}/newfarm", register::new)
        .on(Act::Edit, post, "/project/{id}/newfarm", register::create)
        .on(Act::Edit, get, "/project/{id}/link/{source}", link::choose)
        .on(Act::Edit, post, "/project/{id}/link/{source}", link::link)
        .on(Act::Edit, get, "/project/{id}/unlink", unlink::ask)
        .on(Act::Edit, post, "/project/{id}/unlink", unlink::unlink)
}

/// The way to a farm, and to what `more` says.
fn crumbs(t: &Texts, page: &FarmOverview, more: Option<Crumb>) -> Vec<Crumb> {
    way(t, &page.served, page.service.as_ref(), more)
}

/// The way to a farm, and to what `more` says: over the one project that it serves, or over all farms.
pub(super) fn way(
    t: &Texts,
    served: &Served,
    service: Option<&Service>,
    more: Option<Crumb>,
) -> Vec<Crumb> {
    let mut crumbs = match (served.projects.as_slice(), service) {
        ([only], Some(service)) => {
            let above = format!("/service/{}", service.id);
            let link = format!("/project/{}#hosts", only.id);
            vec![
                super::services::crumb(t),
                Crumb::new(service.name.to_string(), above),
                Crumb::new(only.name.to_string(), link),
            ]
        }
        _ => vec![Crumb::new(t.say("frame-farms"), "/farm")],
    };
    let name = served.farm.name.to_string();
    crumbs.push(match more {
        Some(_) => Crumb::new(name, format!("/farm/{}", served.farm.id)),
        None => Crumb::here(name),
    });
    crumbs.extend(more);
    crumbs
}

/// A farm that the viewer may change, without its hosts.
async fn editable(server: &Server, viewer: &Viewer, id: FarmId) -> Result<FarmOverview, AppError> {
    let page = farms::overview(&server.app, viewer.actor(), id, NONE).await?;
    if page.may_edit {
        return Ok(page);
    }
    let need = "the role editor on every project that the farm serves".to_owned();
    Err(AppError::Forbidden { need })
}

/// Hosts as they are typed: divided by blanks, commas and lines.
fn split_hosts(text: &str) -> Vec<String> {
    let names = text.split(|letter: char| letter == ',' || letter.is_whitespace());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Hosts as they are typed, at least one.
fn some_hosts(text: &str) -> Result<Vec<String>, AppError> {
    let hosts = split_hosts(text);
    if hosts.is_empty() {
        let remedy = "write names or addresses, divided by blanks, commas or lines";
        return Err(AppError::invalid("hosts", "holds no host", remedy));
    }
    Ok(hosts)
}

/// What is wrong with hosts belongs to the one field that they are typed into.
fn beside_hosts(problems: Vec<Problem>) -> Vec<Problem> {
    let moved = |problem: Problem| Problem {
        field: match problem.field.split_once('[') {
            Some((field, _)) => field.to_owned(),
            None => problem.field,
        },
        ..problem
    };
    problems.into_iter().map(moved).collect()
}

/// What is said of a source that did not do as it was asked; other errors go on.
fn told(error: AppError, t: &Texts) -> Result<String, AppError> {
    match error {
        AppError::Discovery { .. } | AppError::Plugin(_) => {
            Ok(t.said(&error.to_string()).into_owned())
        }
        // What it is about stands on the page.
        AppError::Invalid { problems } => {
            let said: Vec<String> = problems.iter().map(|one| t.advice(one)).collect();
            Ok(said.join("\n"))
        }
        other => Err(other),
    }
}

/// Where a form leads afterwards: to the page of this site that it names, or else there.
fn after(form: &Form, otherwise: String) -> String {
    next::or(form.given("next"), otherwise)
}

/// A form that was asked for by a page that it shall lead back to, whatever is chosen; else whoever
/// leaves it goes to the farm.
fn returning(form: FormView, frame: &Frame, sheet: &Sheet, id: FarmId) -> FormView {
    let Some(next) = sheet.filter("next") else {
        return form.cancel(frame, format!("/farm/{id}"));
    };
    let next = next::safe(next);
    let mut form = form.cancel(frame, next);
    form.fields.push(Field::hidden("next", next));
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_divided_by_blanks_commas_and_lines() {
        assert_eq!(split_hosts(" a,b\r\nc\t,, d \n"), ["a", "b", "c", "d"]);
        assert!(some_hosts(" ,\n").is_err());
    }

    #[test]
    fn what_is_wrong_with_a_host_stands_beside_the_field() {
        let problems = vec![Problem::error("hosts[3]", "is none", "mend it")];
        assert_eq!(beside_hosts(problems)[0].field, "hosts");
    }
}
