//! One notifier: its filters, its alias, how it did of late, and a test.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::senders::{self, SenderPage, SenderView};
use promgen_core::model::{Problem, SenderId};

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::chart::{self, Chart};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Field, FormView};

#[derive(Template)]
#[template(path = "notifiers/view.html")]
struct View {
    frame: Frame,
    sender: SenderView,
    shown: String,
    /// What its driver is called.
    driver: String,
    owner_link: String,
    may_edit: bool,
    filter: FormView,
    alias: Option<FormView>,
    days: Option<Chart>,
}

/// `GET /notifier/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    page(&server, &viewer, SenderId(id), &Form::default(), &[]).await
}

/// The page, with what is wrong with a form of it.
pub(super) async fn page(
    server: &Server,
    viewer: &Viewer,
    id: SenderId,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let SenderPage {
        sender,
        days,
        may_edit,
    } = senders::show(&server.app, viewer.actor(), id).await?;
    let label = whose::label(server.app.registry(), &sender.driver, t);
    let mut crumbs = whose::crumb(sender.owner, &sender.owner_name, t);
    crumbs.push(Crumb::here(label.clone()));
    let frame = viewer.frame(label.clone(), crumbs);
    let here = format!("/notifier/{id}");
    let filter = FormView::new(
        &frame,
        &here,
        t.say("notifiers-filter-add"),
        vec![
            Field::text("filter.name", t.say("notifiers-filter-name"))
                .value(sent.text("filter.name"))
                .list("filter_names")
                .required()
                .longest(128),
            Field::text("filter.value", t.say("notifiers-filter-value"))
                .value(sent.text("filter.value"))
                .list("filter_values")
                .required()
                .longest(128),
        ],
    );
    let wrong = |name: &str| -> Vec<Problem> {
        let own = problems.iter().filter(|problem| problem.field == name);
        own.cloned().collect()
    };
    let alias = sent.given("alias").unwrap_or(&sender.alias);
    let alias = FormView::new(
        &frame,
        &here,
        t.say("notifiers-alias-save"),
        vec![
            Field::text("alias", t.say("notifiers-alias"))
                .value(alias)
                .longest(128)
                .help(t.say("notifiers-alias-help")),
        ],
    );
    let days = chart::deliveries("chart_sender", t.say("notifiers-days"), &days, t);
    viewer.show(&View {
        shown: whose::shown(&sender, t),
        driver: label,
        owner_link: whose::page_of(sender.owner),
        may_edit,
        filter: filter.problems(&wrong("filters")),
        alias: may_edit.then(|| alias.problems(&wrong("alias"))),
        days: (!days.is_empty()).then_some(days),
        sender,
        frame,
    })
}
