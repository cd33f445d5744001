//! What people see: pages, each rendered on the server from what a use case answers.
//!
//! A page is a struct with its template; its handler takes a [`frame::Viewer`] (or a
//! [`frame::Posted`] form), calls use cases, and shows the page or sends the browser on. Pieces that
//! many pages are made of are in [`parts`]. What is refused becomes a page in [`errors`].

mod admin;
mod alerts;
mod assets;
mod audit;
mod chart;
mod errors;
mod exporters;
mod farms;
mod frame;
mod graph;
mod groups;
mod guide;
mod health;
mod help;
mod home;
mod hosts;
mod imports;
mod login;
mod losses;
mod members;
mod next;
mod notifiers;
mod parts;
mod password;
mod probes;
mod profile;
mod projects;
mod rules;
mod search;
mod servers;
mod services;
mod setup;
mod shards;
mod silences;
mod stranger;
mod text;
mod urls;
mod wants;

pub(crate) use errors::errors;
pub(crate) use health::{health, ready};

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of all pages.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .on(
            Act::Ping,
            &Method::GET,
            "/static/{version}/{name}",
            assets::file,
        )
        .on(Act::SeeSelf, &Method::GET, "/", home::home)
        .on(Act::Ping, &Method::GET, "/help", help::help)
        .on(Act::Ping, &Method::GET, "/help/changelog", help::changelog)
        .merge(guide::routes())
        .merge(admin::routes())
        .merge(audit::routes())
        .merge(groups::routes())
        .merge(login::routes())
        .merge(graph::routes())
        .merge(imports::routes())
        .merge(rules::routes())
        .merge(search::routes())
        .merge(password::routes())
        .merge(profile::routes())
        .merge(setup::routes())
        .merge(members::routes())
        .merge(services::routes())
        .merge(projects::routes())
        .merge(exporters::routes())
        .merge(urls::routes())
        .merge(farms::routes())
        .merge(hosts::routes())
        .merge(shards::routes())
        .merge(probes::routes())
        .merge(chart::routes())
        .merge(alerts::routes())
        .merge(silences::routes())
        .merge(notifiers::routes())
        .merge(servers::routes())
}
