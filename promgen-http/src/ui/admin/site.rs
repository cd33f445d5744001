//! What the installation is called, and where it is.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::site;
use promgen_core::model::Problem;

use super::{admit, crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView};

/// `GET /admin/site`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let site = site::find(&server.app, viewer.actor()).await?;
    ask(&viewer, &site.domain, &site.name, &[])
}

/// `POST /admin/site`
pub(super) async fn update(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (domain, name) = (form.text("domain").trim(), form.text("name").trim());
    match site::update(&server.app, viewer.actor(), domain, name).await {
        Ok(_) => {
            let notice = Notice::success(viewer.t().say("admin-site-saved"));
            Ok(viewer.back_to("/admin/", notice))
        }
        Err(error) => ask(&viewer, domain, name, &error.problems()?),
    }
}

fn ask(
    viewer: &Viewer,
    domain: &str,
    name: &str,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let frame = viewer.frame(t.say("admin-site"), crumbs(t, "admin-site"));
    let fields = vec![
        Field::text("domain", t.say("admin-domain"))
            .value(domain)
            .required()
            .longest(100)
            .help(t.say("admin-domain-help")),
        Field::text("name", t.say("admin-site-name"))
            .value(name)
            .required()
            .longest(50),
    ];
    let form = FormView::new(&frame, "/admin/site", t.say("admin-save"), fields)
        .problems(problems)
        .cancel(&frame, "/admin/");
    viewer.show(&FormPage::new(frame, form))
}
