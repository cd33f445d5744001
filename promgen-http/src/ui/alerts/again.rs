//! Sending again what was given up.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, alerts};
use promgen_core::model::{AlertId, DeliveryId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::BigId;
use crate::ui::frame::{Notice, Posted};

/// `POST /alert/{id}/again`: one delivery, or all of the alert.
pub(super) async fn again(
    State(server): State<Server>,
    BigId(id): BigId,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let count = match form.given("delivery") {
        // Nonsense must not send all of them.
        Some(text) => {
            let delivery = text.parse().ok().map(DeliveryId);
            let delivery = delivery.ok_or_else(|| AppError::not_found("delivery", text))?;
            alerts::retry(&server.app, viewer.actor(), delivery).await?;
            1
        }
        None => alerts::retry_alert(&server.app, viewer.actor(), AlertId(id)).await?,
    };
    let text = viewer.t().count("alerts-sent-again", count);
    Ok(viewer.back_to(format!("/alert/{id}#deliveries"), Notice::success(text)))
}
