//! The exports that Prometheus reads: targets, rules, URLs.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State as Extract};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use promgen_core::app::{self, AppError, Outputs, Rendered, Selection};
use promgen_core::model::{ProjectId, ServiceId};

use super::credentials::actor;
use super::encoding::{has_already, takes_gzip};
use super::error::Refusal;
use super::query::ExportQuery;
use super::router::State;

const REVISION: HeaderName = HeaderName::from_static("x-promgen-revision");

/// Which output is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Targets,
    Rules,
    Urls,
}

impl Output {
    fn part(self, outputs: &Outputs, selection: &Selection) -> Result<Arc<Rendered>, AppError> {
        match self {
            Self::Targets => outputs.targets(selection),
            Self::Rules => outputs.rules(selection),
            Self::Urls => outputs.urls(selection),
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Targets | Self::Urls => "application/json",
            Self::Rules => "application/x-yaml",
        }
    }
}

/// An export: the whole, a shard's part, or what the path selects.
async fn export(
    state: State,
    headers: HeaderMap,
    query: Option<String>,
    output: Output,
    selection: Selection,
) -> Response {
    let query = match ExportQuery::parse(query.as_deref()) {
        Ok(query) => query,
        Err(refusal) => return *refusal,
    };
    let selection = match (query.shard, selection) {
        (Some(shard), Selection::All) => Selection::Shard(shard),
        (_, selection) => selection,
    };
    match load(&state, &headers, output, &selection).await {
        Ok((outputs, rendered)) => {
            if let Some(server) = query.server {
                note_pull(&state, server, outputs.revision);
            }
            answer(&headers, output, &outputs, &rendered)
        }
        Err(error) => Refusal(error).into_response(),
    }
}

async fn load(
    state: &State,
    headers: &HeaderMap,
    output: Output,
    selection: &Selection,
) -> Result<(Arc<Outputs>, Arc<Rendered>), AppError> {
    let actor = actor(&state.app, headers).await?;
    let outputs = app::feed::read(&state.app, &actor).await?;
    let rendered = output.part(&outputs, selection)?;
    Ok((outputs, rendered))
}

/// Notes in the background that a server pulled: its scrape must not wait for a write.
fn note_pull(state: &State, server: String, revision: i64) {
    let app = state.app.clone();
    state.tasks.spawn(async move {
        if let Err(error) = app::feed::record_pull(&app, &server, revision).await {
            tracing::debug!(%error, %server, "pull not noted");
        }
    });
}

fn answer(headers: &HeaderMap, output: Output, outputs: &Outputs, rendered: &Rendered) -> Response {
    let gzip = takes_gzip(headers);
    let (body, tag) = if gzip {
        (rendered.gzip.clone(), &rendered.etag_gzip)
    } else {
        (rendered.plain.clone(), &rendered.etag_plain)
    };
    let mut response = if has_already(headers, &[&rendered.etag_plain, &rendered.etag_gzip]) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body.into_response();
        let content_type = HeaderValue::from_static(output.content_type());
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        if gzip {
            let gzip = HeaderValue::from_static("gzip");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, gzip);
        }
        if output == Output::Rules {
            let name = HeaderValue::from_static("attachment; filename=promgen.rule.yml");
            response
                .headers_mut()
                .insert(header::CONTENT_DISPOSITION, name);
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(REVISION, HeaderValue::from(outputs.revision));
    response
}

macro_rules! whole {
    ($($name:ident = $output:ident;)*) => {$(
        pub(super) async fn $name(
            Extract(state): Extract<State>,
            headers: HeaderMap,
            RawQuery(query): RawQuery,
        ) -> Response {
            export(state, headers, query, Output::$output, Selection::All).await
        }
    )*};
}

whole! {
    targets = Targets;
    rules = Rules;
    urls = Urls;
}

macro_rules! part {
    ($($name:ident = $kind:ident($id:ident), $label:literal, $output:ident;)*) => {$(
        pub(super) async fn $name(
            Extract(state): Extract<State>,
            Path(id): Path<String>,
            headers: HeaderMap,
            RawQuery(query): RawQuery,
        ) -> Response {
            let Ok(id) = id.parse::<$id>() else {
                return Refusal(AppError::not_found($label, &id)).into_response();
            };
            export(state, headers, query, Output::$output, Selection::$kind(id)).await
        }
    )*};
}

part! {
    service_targets = Service(ServiceId), "service", Targets;
    service_rules = Service(ServiceId), "service", Rules;
    service_urls = Service(ServiceId), "service", Urls;
    project_targets = Project(ProjectId), "project", Targets;
    project_rules = Project(ProjectId), "project", Rules;
    project_urls = Project(ProjectId), "project", Urls;
}
