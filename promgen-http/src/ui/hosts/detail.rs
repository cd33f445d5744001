//! One host, with everything that touches it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use promgen_core::app::hosts::{self, HostOverview, instances_on};
use promgen_core::app::senders::SenderView;
use promgen_core::app::silences::About;
use promgen_core::app::{AppError, Slice, rules};
use promgen_core::model::{Exporter, Farm, Host, Project, RuleOwner, SenderOwner, Service, Url};

use crate::Server;
use crate::error::HttpError;
use crate::extract::PathText;
use crate::ui::alerts::ActivePanel;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::notifiers::words;
use crate::ui::parts::Empty;
use crate::ui::rules::RuleTable;

/// Rules of the site that are shown; their own page has all.
const SHARED: Slice = Slice {
    offset: 0,
    limit: 50,
};

#[derive(Template)]
#[template(path = "hosts/detail.html")]
struct Detail {
    frame: Frame,
    name: String,
    /// The value for a silence of everything on it.
    instance: String,
    page: HostOverview,
    /// How many rules it has.
    count: u64,
    rules: RuleTable,
    /// How many rules of the site there are, which hold for every host.
    shared_count: u64,
    shared: RuleTable,
    /// How many of those are not shown here.
    shared_more: u64,
    senders: Vec<Heard>,
    active: ActivePanel,
}

/// Who hears about it.
struct Heard {
    owner: SenderOwner,
    words: String,
    enabled: bool,
}

#[derive(Template)]
#[template(path = "hosts/missing.html")]
struct Missing {
    frame: Frame,
    empty: Empty,
}

/// `GET /host/{id}`, where a name stands for the id
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    PathText(name): PathText,
) -> Result<Response, HttpError> {
    let page = match hosts::overview(&server.app, viewer.actor(), &name).await {
        Err(AppError::NotFound { .. }) => return missing(&viewer, &name),
        page => page?,
    };
    let crumbs = vec![super::crumb(viewer.t()), Crumb::here(&name)];
    let about = About::Host(name.clone());
    let active = ActivePanel::of(&server, &viewer, &about).await?;
    let frame = viewer.frame(&name, crumbs);
    let shared = rules::owned(&server.app, viewer.actor(), RuleOwner::Site, SHARED).await?;
    let shared = shared.rules;
    let heard = |sender: &SenderView| Heard {
        owner: sender.owner,
        words: words(server.app.registry(), sender, viewer.t()),
        enabled: sender.enabled,
    };
    let caption = viewer.t().say("hosts-rules");
    viewer.show(&Detail {
        count: page.rules.len() as u64,
        rules: RuleTable::grouped(&frame, caption, page.rules.clone()),
        shared_count: shared.count,
        shared_more: shared.count.saturating_sub(shared.items.len() as u64),
        shared: RuleTable::plain(&frame, viewer.t().say("rules-of-site"), shared.items),
        senders: page.senders.iter().map(heard).collect(),
        frame,
        active,
        instance: instances_on(&name),
        name,
        page,
    })
}

/// There is no such host, or none that the viewer may see.
pub(super) fn missing(viewer: &Viewer, name: &str) -> Result<Response, HttpError> {
    let t = viewer.t();
    let crumbs = vec![super::crumb(t), Crumb::here(name)];
    let empty = Empty::new(t.name("hosts-missing-text", name));
    let mut response = viewer.show(&Missing {
        frame: viewer.frame(t.say("hosts-missing"), crumbs),
        empty: empty.next(t.say("hosts-all"), "/host/"),
    })?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

impl Detail {
    /// Where the host is: each farm with the projects that it serves.
    fn places(&self) -> Vec<(&Host, &Farm, Vec<&Project>)> {
        let picture = &self.page.picture;
        let place = |host: &'_ Host| {
            let farm = picture.farms.iter().find(|farm| farm.id == host.farm)?;
            let projects = picture.projects.iter();
            let served = projects.filter(|project| project.farm == Some(farm.id));
            Some((farm.id, served.collect::<Vec<_>>()))
        };
        let mut places = Vec::new();
        for host in &picture.hosts {
            if let Some((id, served)) = place(host)
                && let Some(farm) = picture.farms.iter().find(|farm| farm.id == id)
            {
                places.push((host, farm, served));
            }
        }
        places
    }

    fn service(&self, project: &Project) -> Option<&Service> {
        let services = self.page.picture.services.iter();
        services.into_iter().find(|one| one.id == project.service)
    }

    /// Projects with what is scraped on the host for them.
    fn scraped(&self) -> Vec<(&Project, Vec<&Exporter>)> {
        let picture = &self.page.picture;
        let of = |project: &'_ Project| {
            let exporters = picture.exporters.iter();
            exporters
                .filter(|one| one.project == project.id)
                .collect::<Vec<_>>()
        };
        let projects = picture.projects.iter();
        let all = projects.map(|project| (project, of(project)));
        all.filter(|(_, exporters)| !exporters.is_empty()).collect()
    }

    fn may_edit(&self, project: &Project) -> bool {
        self.page.editable.contains(&project.id)
    }

    /// What a URL, rule or sender belongs to: its name and its page.
    fn project_of(&self, url: &Url) -> Option<&Project> {
        let projects = self.page.picture.projects.iter();
        projects
            .into_iter()
            .find(|project| project.id == url.project)
    }

    fn named(&self, service: Option<i32>, project: Option<i32>) -> (String, String) {
        let picture = &self.page.picture;
        let service = picture
            .services
            .iter()
            .find(|one| Some(one.id.0) == service);
        let project = picture
            .projects
            .iter()
            .find(|one| Some(one.id.0) == project);
        match (service, project) {
            (Some(service), _) => (service.name.to_string(), format!("/service/{}", service.id)),
            (_, Some(project)) => (project.name.to_string(), format!("/project/{}", project.id)),
            (None, None) => (String::new(), "/".to_owned()),
        }
    }

    /// What a sender belongs to.
    fn owner(&self, sender: &Heard) -> (String, String) {
        match sender.owner {
            SenderOwner::Service(id) => self.named(Some(id.0), None),
            SenderOwner::Project(id) => self.named(None, Some(id.0)),
            SenderOwner::User(_) => self.named(None, None),
        }
    }
}
