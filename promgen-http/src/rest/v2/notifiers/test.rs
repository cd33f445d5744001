//! `/rest/v2/notifiers/{id}/test`: whether a message arrives.

use axum::Json;
use axum::extract::State;
use promgen_core::app::policy::Act;
use promgen_core::app::senders::{self, Tried};
use promgen_core::model::SenderId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::{Caller, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default().documented(Act::Edit, routes!(test))
}

/// What came of a test.
#[derive(Debug, Serialize, ToSchema)]
struct Tested {
    /// Whether a message went out, and every one of them was taken.
    sent: bool,
    /// One for each destination; a subscription has those of its user, or none.
    attempts: Vec<TestAttempt>,
}

/// What came of a message to one destination.
#[derive(Debug, Serialize, ToSchema)]
struct TestAttempt {
    /// The notifier that it went to.
    notifier: i32,
    /// Key of its driver.
    sender: String,
    sent: bool,
    /// What the destination said, or why nothing was sent.
    message: String,
    took_ms: u64,
}

impl From<Tried> for TestAttempt {
    fn from(tried: Tried) -> Self {
        Self {
            notifier: tried.sender.0,
            sender: tried.driver,
            sent: tried.sent,
            message: tried.message,
            took_ms: u64::try_from(tried.took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// Sends a sample message through a notifier, at once and once. That it fails is an answer too.
#[utoipa::path(
    post, path = "/rest/v2/notifiers/{id}/test", tag = "notifiers",
    params(("id" = i32, Path)),
    responses((status = 200, body = Tested)),
)]
async fn test(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<Tested>, RestError> {
    let tried = senders::test(&server.app, &actor, SenderId(id)).await?;
    Ok(Json(Tested {
        sent: !tried.is_empty() && tried.iter().all(|one| one.sent),
        attempts: tried.into_iter().map(TestAttempt::from).collect(),
    }))
}
