//! Overriding a rule for a service or project.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, RuleChange};
use promgen_core::model::RuleId;

use super::form_owner;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};

/// `POST /rule/{id}/override`: makes the override for what `content_type` and `object_id` name, and
/// leads to its form. Where there is one, it leads to that.
pub(super) async fn derive(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let owner = form_owner(&form)?;
    let fields = RuleChange::default();
    let made =
        rules::override_rule(&server.app, viewer.actor(), RuleId(id), owner, &fields).await?;
    let mut notices = vec![Notice::success(
        viewer.t().name("rules-derived", &made.owner_name),
    )];
    let warnings = made.warnings.iter().filter(|one| one.field == "parent");
    notices.extend(warnings.map(|one| Notice::warning(format!("{}; {}", one.message, one.remedy))));
    Ok(viewer.back_with(format!("/rule/{}/edit", made.rule.id), &notices))
}
