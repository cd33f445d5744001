//! The presets: a list that superusers keep.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::exporters::NewExporter;
use promgen_core::app::{AppError, Unread, presets, site};
use promgen_core::model::{Preset, PresetId, Problem};
use promgen_core::store::ExporterKey;

use super::read::{fields, place};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, Empty, FormPage, FormView, Headings, Pager, Sheet};
use crate::ui::text::Texts;

/// Presets on a page.
const SIZE: u64 = 50;

/// Where they are.
const HERE: &str = "/preset";

#[derive(Template)]
#[template(path = "exporters/presets.html")]
struct List {
    frame: Frame,
    presets: Vec<Preset>,
    may_edit: bool,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

fn crumbs(t: &Texts, last: Option<Crumb>) -> Vec<Crumb> {
    let title = t.say("exporters-presets");
    match last {
        None => vec![Crumb::here(title)],
        Some(last) => vec![Crumb::new(title, HERE), last],
    }
}

/// `GET /preset`
pub(super) async fn list(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let part = sheet.sorted::<ExporterKey>(SIZE);
    let listed = presets::list(&server.app, viewer.actor(), part).await?;
    let t = viewer.t();
    viewer.show(&List {
        presets: listed.items,
        may_edit: site::may_change(&server.app, viewer.actor()),
        empty: Empty::new(t.say("exporters-no-presets")),
        headings: Headings::new::<ExporterKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        frame: viewer.frame(t.say("exporters-presets"), crumbs(t, None)),
    })
}

/// `GET /preset/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    show(&viewer, None, &Form::default(), &[])
}

/// `POST /preset/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let mut unread = Unread::default();
    let new = read(&form, &mut unread)?;
    let app = unread.app(&server.app);
    let made = presets::create(&app, viewer.actor(), &new).await;
    saved(&viewer, None, &form, unread.with(made))
}

/// `GET /preset/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let preset = presets::find(&server.app, viewer.actor(), PresetId(id)).await?;
    show(&viewer, Some(&preset), &Form::default(), &[])
}

/// `POST /preset/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let before = presets::find(&server.app, viewer.actor(), PresetId(id)).await?;
    let mut unread = Unread::default();
    let new = read(&form, &mut unread)?;
    let app = unread.app(&server.app);
    let made = presets::update(&app, viewer.actor(), before.id, &new).await;
    saved(&viewer, Some(&before), &form, unread.with(made))
}

fn read<'a>(form: &'a Form, unread: &mut Unread) -> Result<NewExporter<'a>, AppError> {
    let (port, scheme) = place(form, unread)?;
    Ok(NewExporter {
        job: form.text("job"),
        port,
        path: form.text("path"),
        scheme,
        enabled: true,
    })
}

fn saved(
    viewer: &Viewer,
    before: Option<&Preset>,
    form: &Form,
    made: Result<Preset, AppError>,
) -> Result<Response, HttpError> {
    match made {
        Ok(preset) => {
            let text = viewer.t().name("exporters-preset-saved", &preset.job);
            Ok(viewer.back_to(HERE, Notice::success(text)))
        }
        Err(error) => show(viewer, before, form, &error.problems()?),
    }
}

fn show(
    viewer: &Viewer,
    before: Option<&Preset>,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let (title, action) = match before {
        None => (t.say("exporters-preset-new"), format!("{HERE}/new")),
        Some(preset) => (
            t.say("exporters-preset-edit"),
            format!("{HERE}/{}/update", preset.id),
        ),
    };
    let frame = viewer.frame(title.clone(), crumbs(t, Some(Crumb::here(title))));
    let fields = fields(t, sent, before);
    let form = FormView::new(&frame, action, t.say("exporters-preset-save"), fields)
        .problems(problems)
        .cancel(&frame, HERE);
    viewer.show(&FormPage::new(frame, form))
}

/// `GET /preset/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let preset = presets::find(&server.app, viewer.actor(), PresetId(id)).await?;
    let t = viewer.t();
    let delete = t.say("exporters-preset-delete");
    let crumbs = crumbs(t, Some(Crumb::here(delete.clone())));
    let what = format!("{}:{}{}", preset.job, preset.port, preset.path);
    viewer.show(&ConfirmPage::new(
        viewer.frame(t.name("exporters-preset-delete-title", &what), crumbs),
        format!("{HERE}/{id}/delete"),
        HERE,
        delete,
        t.say("exporters-preset-delete-text"),
    ))
}

/// `POST /preset/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), PresetId(id));
    let preset = presets::find(app, actor, id).await?;
    presets::delete(app, actor, id).await?;
    let text = viewer.t().name("exporters-preset-deleted", &preset.job);
    Ok(viewer.back_to(HERE, Notice::success(text)))
}
