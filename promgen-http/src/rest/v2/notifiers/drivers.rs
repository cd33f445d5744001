//! `/rest/v2/notifiers/drivers`: what notifiers there can be, and their forms.

use axum::Json;
use axum::extract::State;
use promgen_core::app::Listed;
use promgen_core::app::policy::Act;
use promgen_core::app::senders::{self, DriverView};
use promgen_core::plugin::{Field, FieldKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::rest::page::PageQuery;
use crate::rest::{Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default().documented(Act::SeeSite, routes!(list))
}

/// A driver.
#[derive(Debug, Serialize, ToSchema)]
struct Driver {
    /// Its key, which is the `sender` of a notifier.
    sender: String,
    /// What people call it.
    label: String,
    help: String,
    /// Its form.
    fields: Vec<DriverField>,
    /// Whether it stands for all notifiers of a user.
    fans_out: bool,
    /// Whether it took its settings; else what it is given fails.
    available: bool,
}

/// A field of a driver's form.
#[derive(Debug, Serialize, ToSchema)]
struct DriverField {
    /// `value` or `alias`.
    name: String,
    label: String,
    help: String,
    /// `text`, `email`, `url`, `secret` or `user`.
    kind: String,
    required: bool,
}

impl From<&Field> for DriverField {
    fn from(field: &Field) -> Self {
        let kind = match field.kind {
            FieldKind::Email => "email",
            FieldKind::Url => "url",
            FieldKind::Secret => "secret",
            FieldKind::User => "user",
            _ => "text",
        };
        Self {
            name: field.name.to_owned(),
            label: field.label.to_owned(),
            help: field.help.to_owned(),
            kind: kind.to_owned(),
            required: field.required,
        }
    }
}

impl From<DriverView> for Driver {
    fn from(view: DriverView) -> Self {
        let description = view.description;
        Self {
            sender: description.key.to_owned(),
            label: description.label.to_owned(),
            help: description.help.to_owned(),
            fields: description.fields.iter().map(DriverField::from).collect(),
            fans_out: view.fans_out,
            available: view.available,
        }
    }
}

/// The drivers of this program, by key.
#[utoipa::path(
    get, path = "/rest/v2/notifiers/drivers", tag = "notifiers",
    params(PageQuery),
    responses((status = 200, body = PageOf<Driver>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<PageOf<Driver>>, RestError> {
    let drivers = senders::drivers(&server.app, &actor).await?;
    let listed = Listed::cut(drivers, page.slice());
    Ok(Json(page.answer(listed, Driver::from)?))
}
