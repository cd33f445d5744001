//! How the targets on a host are, from the Prometheus servers that scrape them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::proxy::{self, TargetsHealth};

use super::detail::missing;
use crate::Server;
use crate::error::HttpError;
use crate::extract::PathText;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::projects::HealthBadge;

#[derive(Template)]
#[template(path = "hosts/health.html")]
struct Health {
    frame: Frame,
    health: TargetsHealth,
}

/// `GET /host/{id}/health`, where a name stands for the id
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    PathText(name): PathText,
) -> Result<Response, HttpError> {
    let health = match proxy::host_health(&server.app, viewer.actor(), &name).await {
        Err(AppError::NotFound { .. }) => return missing(&viewer, &name),
        health => health?,
    };
    let t = viewer.t();
    let own: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let crumbs = vec![
        super::crumb(t),
        Crumb::new(&name, format!("/host/{}", own.replace('+', "%20"))),
        Crumb::here(t.say("hosts-health")),
    ];
    viewer.show(&Health {
        health,
        frame: viewer.frame(t.name("hosts-health-title", &name), crumbs),
    })
}

impl Health {
    fn badges(&self) -> Vec<(&str, HealthBadge)> {
        let badge = |target| HealthBadge::new(&self.frame.t, target);
        let targets = self.health.targets.iter();
        targets
            .map(|target| (target.project.as_str(), badge(target)))
            .collect()
    }
}
