//! Notifiers on the wire.

use promgen_core::app::senders::SenderView;
use promgen_core::model::Filter;
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::Finding;

/// A notifier: who hears about the alerts of something, and by which driver.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Notifier {
    id: i32,
    /// Login name of who added it.
    #[schema(required)]
    owner: Option<String>,
    /// Name of what it belongs to; of a user the login name.
    content_name: String,
    /// `service`, `project` or `user`.
    content_type: String,
    /// Id of what it belongs to.
    object_id: i32,
    /// Any of them lets a message through; without any, all are.
    filters: Vec<NotifierFilter>,
    /// Where messages go; null when it has an alias or is a secret by itself, as tokens and URLs are.
    #[schema(required)]
    value: Option<String>,
    /// What is shown instead of the value; may be empty.
    alias: String,
    /// Key of the driver.
    sender: String,
    enabled: bool,
    /// What is worth saying about one that was just made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Finding>,
}

/// A label that a message must have.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotifierFilter {
    id: i32,
    name: String,
    value: String,
}

impl From<Filter> for NotifierFilter {
    fn from(filter: Filter) -> Self {
        Self {
            id: filter.id.0,
            name: filter.name,
            value: filter.value,
        }
    }
}

impl From<SenderView> for Notifier {
    fn from(view: SenderView) -> Self {
        Self {
            id: view.id.0,
            owner: view.added_by,
            content_name: view.owner_name,
            content_type: view.owner.kind().to_owned(),
            object_id: view.owner.id(),
            filters: view.filters.into_iter().map(NotifierFilter::from).collect(),
            value: view.value,
            alias: view.alias,
            sender: view.driver,
            enabled: view.enabled,
            warnings: view.warnings.into_iter().map(Finding::from).collect(),
        }
    }
}
