//! `/search`: anything by a part of its name.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use promgen_core::app::Listed;
use promgen_core::app::hosts::instances_on;
use promgen_core::app::policy::Act;
use promgen_core::app::search::{self, Found, FoundFarm, FoundHost, FoundService, Wanted};
use promgen_core::model::{Group, Project};
use url::form_urlencoded;

use super::frame::{Crumb, Frame, Notice, Viewer};
use super::parts::{Empty, Pager, Sheet};
use super::projects::ProjectTable;
use super::rules::RuleTable;
use crate::Server;
use crate::error::HttpError;
use crate::routes::Routes;

/// Entries of each kind on a page; source: the original.
const SIZE: u64 = 20;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    Routes::default().on(Act::List, &Method::GET, "/search", show)
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    frame: Frame,
    /// What was asked for, as the field shows it.
    wanted: String,
    services: Option<Listed<FoundService>>,
    /// How many projects there are, and those of this page.
    projects: Option<(u64, ProjectTable)>,
    farms: Option<Listed<FoundFarm>>,
    hosts: Option<Listed<FoundHost>>,
    more_hosts: bool,
    groups: Option<Listed<Group>>,
    /// How many rules there are, and those of this page.
    rules: Option<(u64, RuleTable)>,
    empty: Option<Empty>,
    pager: Option<Pager>,
}

impl SearchPage {
    /// Where everything of a project on a host is silenced; its form leads back here.
    fn silence(&self, project: &Project, farm: &FoundFarm, host: &str) -> String {
        let service = farm.services.get(&project.service);
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(service.map(|name| ("service", name.to_string())))
            .append_pair("project", &project.name)
            .append_pair("instance", &instances_on(host))
            .append_pair("next", &self.frame.here)
            .finish();
        format!("/silence/new?{query}")
    }

    /// How many hosts of a farm are not named.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn more_hosts_of(&self, found: &FoundFarm) -> u64 {
        found.hosts.saturating_sub(found.first.len() as u64)
    }
}

/// `GET /search`
async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let pairs = sheet.pairs().iter();
    let wanted = Wanted::from_parameters(pairs.map(|(name, text)| (&**name, &**text)));
    let t = viewer.t();
    let title = t.say("search-title");
    let mut frame = viewer.frame(title.clone(), vec![Crumb::here(title)]);
    if wanted.is_empty() {
        frame
            .notices
            .push(Notice::warning(t.say("search-nothing-asked")));
    }
    let found = search::find(&server.app, viewer.actor(), &wanted, sheet.slice(SIZE)).await?;
    let most = counts(&found).into_iter().max().unwrap_or(0);
    let empty = (most == 0 && !wanted.is_empty()).then(|| Empty::new(t.say("search-none")));
    let Found {
        groups,
        services,
        projects,
        farms,
        hosts,
        more_hosts,
        rules,
    } = found;
    let caption = t.say("frame-rules");
    let rules = rules.filter(|found| found.count > 0);
    viewer.show(&SearchPage {
        wanted: sheet.filter("search").unwrap_or_default().to_owned(),
        groups: groups.filter(|found| found.count > 0),
        services: services.filter(|found| found.count > 0),
        projects: projects.filter(|found| found.count > 0).map(|found| {
            let table = ProjectTable::found(server.app.registry(), &viewer, found.items);
            (found.count, table)
        }),
        farms: farms.filter(|found| found.count > 0),
        hosts: hosts.filter(|found| found.count > 0),
        more_hosts,
        rules: rules.map(|found| {
            let table = RuleTable::grouped(&frame, caption, found.items);
            (found.count, table)
        }),
        empty,
        pager: (most > SIZE).then(|| Pager::new(t, viewer.here(), &sheet, most, SIZE)),
        frame,
    })
}

/// How many there are of each kind. One pager turns the pages of all of them.
fn counts(found: &Found) -> [u64; 6] {
    [
        found.groups.as_ref().map_or(0, |one| one.count),
        found.services.as_ref().map_or(0, |one| one.count),
        found.projects.as_ref().map_or(0, |one| one.count),
        found.farms.as_ref().map_or(0, |one| one.count),
        found.hosts.as_ref().map_or(0, |one| one.count),
        found.rules.as_ref().map_or(0, |one| one.count),
    ]
}
