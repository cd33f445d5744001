//! Changing a local farm: its name, and hosts more.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms::{self, FarmOverview};
use promgen_core::model::{FarmId, Problem};

use super::{beside_hosts, editable, some_hosts};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView};

/// `GET /farm/{id}/update`
pub(super) async fn rename(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    show_name(&viewer, &page, &Form::default(), &[])
}

/// `POST /farm/{id}/update`
pub(super) async fn renamed(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    let name = Some(form.text("name"));
    match farms::rename(&server.app, viewer.actor(), FarmId(id), name).await {
        Ok(renamed) => {
            let text = viewer.t().name("farms-saved", &renamed.farm.name);
            Ok(viewer.back_to(format!("/farm/{id}"), Notice::success(text)))
        }
        Err(error) => show_name(&viewer, &page, &form, &error.problems()?),
    }
}

fn show_name(
    viewer: &Viewer,
    page: &FarmOverview,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let before = &page.served.farm;
    let here = format!("/farm/{}", before.id);
    let title = t.say("farms-edit");
    let crumbs = super::crumbs(t, page, Some(Crumb::here(title.clone())));
    let frame = viewer.frame(title, crumbs);
    let name = sent.given("name").unwrap_or(before.name.as_str());
    let field = Field::text("name", t.say("farms-name")).value(name);
    let fields = vec![field.required().longest(128)];
    let form = FormView::new(
        &frame,
        format!("{here}/update"),
        t.say("farms-save"),
        fields,
    )
    .problems(problems)
    .cancel(&frame, here);
    let mut shown = FormPage::new(frame, form);
    shown.intro.extend(shared(viewer, page));
    viewer.show(&shown)
}

/// `GET /farm/{id}/hosts`
pub(super) async fn hosts(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    show_hosts(&viewer, &page, &Form::default(), &[])
}

/// `POST /farm/{id}/hosts`
pub(super) async fn added(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    let added = match some_hosts(form.text("hosts")) {
        Ok(hosts) => farms::add_hosts(&server.app, viewer.actor(), FarmId(id), &hosts).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => {
            let text = viewer.t().name("farms-hosts-added", &page.served.farm.name);
            Ok(viewer.back_to(format!("/farm/{id}"), Notice::success(text)))
        }
        Err(error) => show_hosts(&viewer, &page, &form, &beside_hosts(error.problems()?)),
    }
}

fn show_hosts(
    viewer: &Viewer,
    page: &FarmOverview,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let here = format!("/farm/{}", page.served.farm.id);
    let title = t.say("farms-add-hosts");
    let crumbs = super::crumbs(t, page, Some(Crumb::here(title.clone())));
    let frame = viewer.frame(title.clone(), crumbs);
    let field = Field::area("hosts", t.say("farms-hosts"), 8).value(sent.text("hosts"));
    let fields = vec![field.required().help(t.say("farms-hosts-help"))];
    let form = FormView::new(&frame, format!("{here}/hosts"), title, fields)
        .problems(problems)
        .cancel(&frame, here);
    let mut shown = FormPage::new(frame, form);
    shown.intro.extend(shared(viewer, page));
    viewer.show(&shown)
}

/// What is said of a farm that serves several projects.
fn shared(viewer: &Viewer, page: &FarmOverview) -> Option<std::borrow::Cow<'static, str>> {
    let projects = &page.served.projects;
    if projects.len() < 2 {
        return None;
    }
    let names: Vec<&str> = projects.iter().map(|one| one.name.as_str()).collect();
    let told = viewer.t().name("farms-shared", names.join(", "));
    Some(told.into())
}
