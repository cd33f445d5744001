//! Overriding a rule for a service or project.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, RuleChange};
use promgen_core::app::{AppError, by_name};
use promgen_core::model::{RuleId, RuleOwner};

use super::form_owner;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};

/// `POST /rule/{id}/override`: makes the override for what `content_type` and `object_id` (or
/// `object_name`) name, and leads to its form. Where there is one, it leads to that.
pub(super) async fn derive(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let owner = match form.given("object_name") {
        None => form_owner(&form)?,
        Some(name) => match named(&server, &viewer, form.text("content_type"), name.trim()).await {
            Ok(owner) => owner,
            Err(error) => {
                let back = format!("/rule/{id}#override");
                return Ok(viewer.back_to(back, Notice::refused(error, viewer.t())?));
            }
        },
    };
    let fields = RuleChange::default();
    let made =
        rules::override_rule(&server.app, viewer.actor(), RuleId(id), owner, &fields).await?;
    let mut notices = vec![Notice::success(
        viewer.t().name("rules-derived", &made.owner_name),
    )];
    let warnings = made.warnings.iter().filter(|one| one.field == "parent");
    notices.extend(warnings.map(|one| Notice::warning(viewer.t().advice(one))));
    Ok(viewer.back_with(format!("/rule/{}/edit", made.rule.id), &notices))
}

/// The service or project of that name.
async fn named(
    server: &Server,
    viewer: &Viewer,
    kind: &str,
    name: &str,
) -> Result<RuleOwner, AppError> {
    let (app, actor) = (&server.app, viewer.actor());
    let found = if kind == "service" {
        let found = by_name::service(app, actor, name).await;
        found.map(|found| RuleOwner::Service(found.service.id))
    } else {
        let found = by_name::project(app, actor, name).await;
        found.map(|found| RuleOwner::Project(found.project.id))
    };
    match found {
        Err(AppError::NotFound { .. }) => {
            let message = format!("{name:?} does not exist, or you may not see it");
            Err(AppError::invalid("", message, "check the name"))
        }
        found => found,
    }
}
