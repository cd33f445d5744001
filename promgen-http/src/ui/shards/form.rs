//! Making a shard, and changing one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::datasources::{self, DatasourceDetail};
use promgen_core::app::shards::{self, ShardFields};
use promgen_core::app::{AppError, Unread, site};
use promgen_core::model::{Problem, Secret, Shard, ShardId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView};

/// Longest name and URL; see `model::Shard`.
const LONGEST_NAME: u32 = 128;
const LONGEST_URL: u32 = 256;

/// `GET /datasource/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    show(&viewer, None, None, &[])
}

/// `POST /datasource/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let mut unread = Unread::default();
    let fields = read(&form, &mut unread)?;
    let made = shards::create(&unread.app(&server.app), viewer.actor(), &fields).await;
    saved(&viewer, None, &form, unread.with(made))
}

/// `GET /datasource/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let before = datasources::find(&server.app, viewer.actor(), ShardId(id)).await?;
    show(&viewer, Some(&before), None, &[])
}

/// `POST /datasource/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let before = datasources::find(&server.app, viewer.actor(), ShardId(id)).await?;
    let mut unread = Unread::default();
    let fields = read(&form, &mut unread)?;
    let app = unread.app(&server.app);
    let made = shards::update(&app, viewer.actor(), ShardId(id), &fields).await;
    saved(&viewer, Some(&before), &form, unread.with(made))
}

fn saved(
    viewer: &Viewer,
    before: Option<&DatasourceDetail>,
    form: &Form,
    made: Result<Shard, AppError>,
) -> Result<Response, HttpError> {
    match made {
        Ok(shard) => {
            let text = viewer.t().name("shards-saved", &shard.name);
            let back = format!("/datasource/{}", shard.id);
            Ok(viewer.back_to(back, Notice::success(text)))
        }
        Err(error) => show(viewer, before, Some(form), &error.problems()?),
    }
}

fn read(form: &Form, unread: &mut Unread) -> Result<ShardFields, AppError> {
    let mut number = |name: &'static str| match form.given(name).map(str::trim) {
        None | Some("") => Ok(None),
        Some(given) => {
            let number = given.parse::<u64>().map(Some);
            let wrong = |_| AppError::invalid(name, "is not a number", "write digits");
            unread.or(number.map_err(wrong), None)
        }
    };
    let (samples, targets) = (number("samples")?, number("targets")?);
    let given = form.text("authorization");
    let authorization = if form.flag("forget") {
        Some(String::new())
    } else {
        (!given.is_empty()).then(|| given.to_owned())
    };
    Ok(ShardFields {
        name: Some(form.text("name").to_owned()),
        url: Some(form.text("url").trim().to_owned()),
        proxy: Some(form.flag("proxy")),
        enabled: Some(form.flag("enabled")),
        authorization: authorization.map(Secret::new),
        samples,
        targets,
    })
}

fn show(
    viewer: &Viewer,
    before: Option<&DatasourceDetail>,
    sent: Option<&Form>,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let (title, here, action) = match before {
        None => (
            t.say("shards-new"),
            "/datasource".to_owned(),
            "/datasource/new".to_owned(),
        ),
        Some(before) => {
            let here = format!("/datasource/{}", before.shard.id);
            let action = format!("{here}/update");
            (t.say("shards-edit"), here, action)
        }
    };
    let mut crumbs = vec![super::crumb(t)];
    crumbs.extend(before.map(|before| Crumb::new(before.shard.name.to_string(), &here)));
    crumbs.push(Crumb::here(title.clone()));
    let frame = viewer.frame(title, crumbs);
    let fields = fields(viewer, before, sent);
    let form = FormView::new(&frame, action, t.say("shards-save"), fields)
        .problems(problems)
        .cancel(&frame, here);
    viewer.show(&FormPage::new(frame, form))
}

fn fields(viewer: &Viewer, before: Option<&DatasourceDetail>, sent: Option<&Form>) -> Vec<Field> {
    let t = viewer.t();
    let shard = before.map(|before| &before.shard);
    let value = |name: &str, stored: String| {
        let sent = sent.and_then(|form| form.given(name));
        sent.map_or(stored, str::to_owned)
    };
    let flag = |name: &str, stored: bool| sent.map_or(stored, |form| form.flag(name));
    let usual = |stored: fn(&Shard) -> u64, usual: u64| shard.map_or(usual, stored).to_string();
    let name = shard.map(|one| one.name.to_string()).unwrap_or_default();
    let url = shard.map(|one| one.url.clone()).unwrap_or_default();
    let samples = usual(|one| one.samples, Shard::USUAL_SAMPLES);
    let targets = usual(|one| one.targets, Shard::USUAL_TARGETS);
    let proxied = shard.is_none_or(|one| one.proxy);
    let mut fields = vec![
        Field::text("name", t.say("shards-name"))
            .value(value("name", name))
            .required()
            .longest(LONGEST_NAME),
        Field::line("url", "url", t.say("shards-url"))
            .value(value("url", url))
            .placeholder("http://prometheus001:9090")
            .longest(LONGEST_URL)
            .help(t.say("shards-url-help")),
        Field::tick(
            "enabled",
            t.say("shards-enabled"),
            flag("enabled", shard.is_none_or(|one| one.enabled)),
        )
        .help(t.say("shards-enabled-help")),
        Field::tick("proxy", t.say("shards-proxied"), flag("proxy", proxied))
            .help(t.say("shards-proxy-help")),
        Field::line("number", "samples", t.say("shards-samples")).value(value("samples", samples)),
        Field::line("number", "targets", t.say("shards-targets")).value(value("targets", targets)),
        // What is stored is never shown, and what was sent is not sent back.
        Field::line("password", "authorization", t.say("shards-authorization"))
            .autocomplete("new-password")
            .placeholder("Bearer …")
            .help(t.say("shards-authorization-help")),
    ];
    if before.is_some_and(|before| before.has_authorization) {
        fields.push(Field::tick(
            "forget",
            t.say("shards-forget"),
            flag("forget", false),
        ));
    }
    fields
}
