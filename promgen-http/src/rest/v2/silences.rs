//! `/rest/v2/silences`: the silences of Alertmanager, in its own words.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use promgen_core::app::Listed;
use promgen_core::app::policy::Act;
use promgen_core::app::silences::{
    self, MatcherRequest, Outcome, RawMatcher, SilencePlace, SilenceState, Silenced, Written,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::PathText;
use crate::proxy::warn;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

/// How silences stand.
const STATES: [&str; 3] = ["active", "expired", "pending"];

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::ListSilences, routes!(list))
        .documented(Act::ListSilences, routes!(find))
        .documented(Act::Silence, routes!(create))
        .documented(Act::Silence, routes!(update))
        .documented(Act::Silence, routes!(expire))
}

/// A silence.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SilenceItem {
    /// The id at the first Alertmanager that has it.
    id: String,
    /// Alerts that all of them match are silenced.
    matchers: Vec<SilenceMatcher>,
    /// Its first moment, as RFC 3339.
    starts_at: String,
    /// Its end.
    ends_at: String,
    /// When it was changed last.
    updated_at: String,
    /// Caller made it.
    created_by: String,
    /// Why.
    comment: String,
    /// `pending`, `active` or `expired`.
    #[schema(value_type = String)]
    state: SilenceState,
    /// The Alertmanagers that have it.
    alertmanagers: Vec<Whereabouts>,
}

/// A condition on a label.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SilenceMatcher {
    /// The label.
    name: String,
    /// The value, or a regular expression for the whole of it.
    value: String,
    /// Whether the value is a regular expression.
    #[serde(default)]
    is_regex: bool,
    /// Whether it is to match; else it is not to.
    #[serde(default = "yes")]
    #[schema(default = true)]
    is_equal: bool,
}

fn yes() -> bool {
    true
}

/// Where a silence is.
#[derive(Debug, Serialize, ToSchema)]
struct Whereabouts {
    /// Address of the Alertmanager.
    url: String,
    /// The silence's id there.
    id: String,
}

/// A silence that is asked for: by a duration, or by its start and its end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SilenceBody {
    /// At most a hundred, one of them for `service` or `project`.
    matchers: Vec<SilenceMatcher>,
    /// How long from the present on, such as `90m` or `1d12h`; wins over the times.
    duration: Option<String>,
    /// Its first moment; without an offset in the zone of the settings.
    starts_at: Option<String>,
    /// Its end.
    ends_at: Option<String>,
    /// Why.
    comment: Option<String>,
}

/// What became of a silence.
#[derive(Debug, Serialize, ToSchema)]
struct SilenceWritten {
    /// Its id at the first Alertmanager.
    id: String,
    /// Where it is.
    alertmanagers: Vec<Whereabouts>,
}

/// Silences that touch what one may see, those that are over too.
#[utoipa::path(
    get, path = "/rest/v2/silences", tag = "silences",
    params(PageQuery, ("state" = Option<String>, Query, description = "`pending`, `active` or `expired`")),
    responses((status = 200, body = PageOf<SilenceItem>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Response, RestError> {
    let state = filters.choice("state", &STATES)?;
    let mut merged = silences::list(&server.app, &actor).await?;
    merged
        .items
        .retain(|it| state.is_none_or(|state| word(it.state) == state));
    let listed = Listed::cut(merged.items, page.slice());
    let mut response = Json(page.answer(listed, SilenceItem::from)?).into_response();
    warn(response.headers_mut(), &merged.warnings);
    Ok(response)
}

/// One silence, by its id at any Alertmanager.
#[utoipa::path(
    get, path = "/rest/v2/silences/{id}", tag = "silences",
    params(("id" = String, Path)),
    responses((status = 200, body = SilenceItem)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    PathText(id): PathText,
) -> Result<Json<SilenceItem>, RestError> {
    let silence = silences::find_one(&server.app, &actor, &id).await?;
    Ok(Json(silence.into()))
}

/// Silences alerts on all Alertmanagers.
#[utoipa::path(
    post, path = "/rest/v2/silences", tag = "silences",
    request_body = SilenceBody,
    responses((status = 201, body = SilenceWritten)),
)]
async fn create(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<SilenceBody>,
) -> Result<(StatusCode, Json<SilenceWritten>), RestError> {
    let written = silences::put_by_matchers(&server.app, &actor, body.request(None)).await?;
    Ok((StatusCode::CREATED, Json(written.into())))
}

/// Replaces a silence wherever it is. Alertmanager may give it another id.
#[utoipa::path(
    put, path = "/rest/v2/silences/{id}", tag = "silences",
    params(("id" = String, Path)), request_body = SilenceBody,
    responses((status = 200, body = SilenceWritten)),
)]
async fn update(
    State(server): State<Server>,
    Caller(actor): Caller,
    PathText(id): PathText,
    Body(body): Body<SilenceBody>,
) -> Result<Json<SilenceWritten>, RestError> {
    let request = body.request(Some(id));
    let written = silences::put_by_matchers(&server.app, &actor, request).await?;
    Ok(Json(written.into()))
}

/// Ends a silence wherever it is.
#[utoipa::path(
    delete, path = "/rest/v2/silences/{id}", tag = "silences",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
async fn expire(
    State(server): State<Server>,
    Caller(actor): Caller,
    PathText(id): PathText,
) -> Result<StatusCode, RestError> {
    silences::expire(&server.app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn word(state: SilenceState) -> &'static str {
    match state {
        SilenceState::Pending => "pending",
        SilenceState::Active => "active",
        SilenceState::Expired => "expired",
    }
}

impl SilenceBody {
    fn request(self, id: Option<String>) -> MatcherRequest {
        MatcherRequest {
            id,
            matchers: self.matchers.into_iter().map(RawMatcher::from).collect(),
            duration: self.duration,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            comment: self.comment,
        }
    }
}

impl From<SilenceMatcher> for RawMatcher {
    fn from(matcher: SilenceMatcher) -> Self {
        Self {
            name: matcher.name,
            value: matcher.value,
            is_regex: matcher.is_regex,
            is_equal: matcher.is_equal,
        }
    }
}

impl From<RawMatcher> for SilenceMatcher {
    fn from(matcher: RawMatcher) -> Self {
        Self {
            name: matcher.name,
            value: matcher.value,
            is_regex: matcher.is_regex,
            is_equal: matcher.is_equal,
        }
    }
}

impl From<Silenced> for SilenceItem {
    fn from(silence: Silenced) -> Self {
        Self {
            id: silence.id,
            matchers: silence.matchers.into_iter().map(Into::into).collect(),
            starts_at: silence.starts_at.rfc3339(),
            ends_at: silence.ends_at.rfc3339(),
            updated_at: silence.updated_at.rfc3339(),
            created_by: silence.created_by,
            comment: silence.comment,
            state: silence.state,
            alertmanagers: silence.places.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<SilencePlace> for Whereabouts {
    fn from(place: SilencePlace) -> Self {
        let SilencePlace { url, id } = place;
        Self { url, id }
    }
}

impl From<Written> for SilenceWritten {
    fn from(written: Written) -> Self {
        let place = |outcome: Outcome| Whereabouts {
            url: outcome.alertmanager,
            id: outcome.id.unwrap_or_default(),
        };
        Self {
            id: written.id,
            alertmanagers: written.outcomes.into_iter().map(place).collect(),
        }
    }
}
