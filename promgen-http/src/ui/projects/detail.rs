//! One project, with what belongs to it in tabs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms;
use promgen_core::app::hours::Whose;
use promgen_core::app::projects::{self, Parts, ProjectOverview};
use promgen_core::app::rules;
use promgen_core::app::silences::About;
use promgen_core::model::{
    Probe, ProbeId, Problem, Project, ProjectId, RoleOn, RuleOwner, SenderOwner, Url,
};
use promgen_core::store::{ExporterKey, UrlKey};

use super::HostTable;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::alerts::ActivePanel;
use crate::ui::chart::{self, ChartOrWords};
use crate::ui::frame::{Frame, Viewer};
use crate::ui::members::MembersTab;
use crate::ui::notifiers::NotifierTable;
use crate::ui::parts::{Empty, Headings, Linked, Pager, Remark, Sheet, remarks};
use crate::ui::rules::RulesPart;

/// Entries of each list on a page.
pub(super) const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "projects/detail.html")]
struct Detail {
    frame: Frame,
    page: ProjectOverview,
    description: Linked,
    hosts: HostTable,
    no_exporters: Empty,
    no_farm: Empty,
    exporters_headings: Headings,
    exporters_pager: Pager,
    urls_headings: Headings,
    urls_pager: Pager,
    /// The sources that farms can be linked from.
    sources: Vec<String>,
    rules: RulesPart,
    beside: Beside,
    typed: Typed,
}

/// What was typed of a URL that was refused, and why it was.
#[derive(Default)]
struct Typed {
    url: String,
    probe: Option<ProbeId>,
    remarks: Vec<Remark>,
}

/// `GET /project/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    page(&server, &viewer, id, &sheet, Typed::default()).await
}

/// The page with a URL that was refused, as it was typed. Its links lead to what they always do.
pub(crate) async fn again(
    server: &Server,
    viewer: Viewer,
    project: ProjectId,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let typed = Typed {
        url: sent.text("url").to_owned(),
        probe: sent.text("probe").parse().ok().map(ProbeId),
        remarks: remarks(problems, viewer.t()),
    };
    let viewer = viewer.at(format!("/project/{project}"));
    page(server, &viewer, project.0, &Sheet::default(), typed).await
}

async fn page(
    server: &Server,
    viewer: &Viewer,
    id: i32,
    sheet: &Sheet,
    typed: Typed,
) -> Result<Response, HttpError> {
    let (exporters, hosts, urls) = (
        sheet.part("exporters", "exporters"),
        sheet.part("hosts", "hosts"),
        sheet.part("urls", "http-checks"),
    );
    let parts = Parts {
        exporters: exporters.sorted(SIZE),
        hosts: hosts.sorted(SIZE),
        urls: urls.sorted(SIZE),
    };
    let page = projects::overview(&server.app, viewer.actor(), ProjectId(id), parts).await?;
    let sources = farms::sources(&server.app, viewer.actor())?;
    let remote = sources
        .into_iter()
        .filter(|source| source.remote && source.ready);
    let (t, here) = (viewer.t(), viewer.here());
    let no_exporters = Empty::new(t.say("projects-no-exporters"));
    let no_farm = Empty::new(t.say("projects-no-farm"));
    let with = |empty: Empty, label, link: &str| {
        if page.may.edit {
            empty.next(t.say(label), format!("/project/{id}/{link}"))
        } else {
            empty
        }
    };
    let beside = Beside::load(server, viewer, &page.detail.project, sheet).await?;
    let owner = RuleOwner::Project(ProjectId(id));
    let sort = RulesPart::sheet(sheet).sort();
    let tab = rules::tab(&server.app, viewer.actor(), owner, sort).await?;
    let frame = viewer.frame(
        page.detail.project.name.to_string(),
        super::crumbs(t, &page.detail, None),
    );
    viewer.show(&Detail {
        description: Linked::new(&page.detail.project.description),
        no_exporters: with(no_exporters, "exporters-register", "exporter"),
        no_farm: with(no_farm, "farms-register", "newfarm"),
        exporters_headings: Headings::new::<ExporterKey>(here, &exporters),
        urls_headings: Headings::new::<UrlKey>(here, &urls).in_effect("url"),
        exporters_pager: Pager::new(t, here, &exporters, page.exporters.count, SIZE),
        urls_pager: Pager::new(t, here, &urls, page.urls.count, SIZE),
        hosts: HostTable::new(viewer, &page.detail, &page.hosts, &hosts, page.may.edit),
        sources: remote.map(|source| source.name).collect(),
        rules: RulesPart::of(viewer, &frame, tab, sheet),
        beside,
        typed,
        frame,
        page,
    })
}

/// What other areas have of the project.
struct Beside {
    active: ActivePanel,
    firing: ChartOrWords,
    notifiers: NotifierTable,
    /// Those of the service above, for whoever may see it.
    above: Option<NotifierTable>,
    members: MembersTab,
}

impl Beside {
    async fn load(
        server: &Server,
        viewer: &Viewer,
        project: &Project,
        sheet: &Sheet,
    ) -> Result<Self, HttpError> {
        let (own, above) = (
            SenderOwner::Project(project.id),
            SenderOwner::Service(project.service),
        );
        Ok(Self {
            active: ActivePanel::of(server, viewer, &About::Project(project.id)).await?,
            firing: chart::firing(server, viewer, Whose::Project(project.id)).await?,
            notifiers: NotifierTable::of(server, viewer, own, sheet).await?,
            above: NotifierTable::to_look_at(server, viewer, above, sheet).await?,
            members: MembersTab::load(server, viewer, RoleOn::Project(project.id), sheet).await?,
        })
    }
}

impl Detail {
    /// Whether a probe was chosen for a URL that was refused.
    fn is_typed(&self, probe: &Probe) -> bool {
        self.typed.probe == Some(probe.id)
    }

    /// What a URL is asked by.
    fn probe(&self, url: &Url) -> Option<&Probe> {
        self.page.probes.iter().find(|probe| probe.id == url.probe)
    }

    /// Whether anybody hears about its alerts.
    fn is_heard(&self) -> bool {
        self.page.own.senders + self.page.above.senders > 0
    }
}
