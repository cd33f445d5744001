//! What there is to administer.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::site;
use promgen_core::model::Site;

use super::admit;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer, redirect};

/// A page, and the keys of its name and of what it is for.
struct Place {
    link: &'static str,
    name: &'static str,
    text: &'static str,
}

const fn place(link: &'static str, name: &'static str, text: &'static str) -> Place {
    Place { link, name, text }
}

const PEOPLE: [Place; 5] = [
    place("/admin/user", "admin-users", "admin-users-text"),
    place("/group", "frame-groups", "admin-groups-text"),
    place("/admin/role", "admin-roles", "admin-roles-text"),
    place("/admin/token", "admin-tokens", "admin-tokens-text"),
    place("/admin/auth/user/merge/", "admin-merge", "admin-merge-text"),
];

const INSTALLATION: [Place; 9] = [
    place("/admin/site", "admin-site", "admin-site-text"),
    place("/datasource", "frame-datasource", "admin-shards-text"),
    place("/admin/exporter", "admin-exporters", "admin-exporters-text"),
    place("/admin/notifier", "admin-notifiers", "admin-notifiers-text"),
    place("/servers", "frame-servers", "admin-servers-text"),
    place("/probe", "frame-probes", "admin-probes-text"),
    place("/preset", "admin-presets", "admin-presets-text"),
    place("/admin/plugins", "admin-plugins", "admin-plugins-text"),
    place("/audit", "frame-audit", "admin-audit-text"),
];

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Overview {
    frame: Frame,
    site: Site,
    people: &'static [Place],
    installation: &'static [Place],
}

/// `GET /admin`
pub(super) async fn without_slash(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    Ok(redirect("/admin/"))
}

/// `GET /admin/`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    let title = viewer.t().say("frame-admin");
    viewer.show(&Overview {
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
        site: site::find(&server.app, viewer.actor()).await?,
        people: &PEOPLE,
        installation: &INSTALLATION,
    })
}
