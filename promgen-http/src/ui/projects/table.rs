//! Projects as tables: those of a service, one panel for each shard, and those on a shard, one for
//! each service.

use askama::Template;
use promgen_core::app::projects::{self, ProjectRow};
use promgen_core::app::senders::SenderView;
use promgen_core::app::{AppError, ProjectFilter};
use promgen_core::model::{Exporter, ServiceId, ShardId};
use promgen_core::plugin::Registry;
use promgen_core::store::{ProjectKey, ProjectOrder};

use crate::Server;
use crate::ui::frame::Viewer;
use crate::ui::notifiers::words;
use crate::ui::parts::{Headings, Pager, Sheet};
use crate::ui::text::Texts;

/// Projects on a page.
const SIZE: u64 = 20;

/// Exporters and senders that a row shows; the page of the project shows all.
const SHOWN: usize = 12;

/// Projects in panels, with the way to the others.
#[derive(Template)]
#[template(path = "projects/table.html")]
pub(in crate::ui) struct ProjectTable {
    t: Texts,
    panels: Vec<Panel>,
    /// Whether each row says its service, and its datasource: panels are not by it.
    placed: Placed,
    /// The orders to choose from, where it is a list.
    headings: Option<Headings>,
    /// Whether it is sorted by something else than what the panels are by.
    flat: bool,
    /// What the panels are by.
    by: ProjectOrder,
    pager: Option<Pager>,
    /// The page on which it stands.
    next: String,
}

impl askama::filters::HtmlSafe for ProjectTable {}

/// What each row says of where its project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Placed {
    service: bool,
    shard: bool,
}

struct Panel {
    title: String,
    link: String,
    /// The URL of a shard.
    url: String,
    rows: Vec<Row>,
}

impl Panel {
    /// The one panel of projects that are not grouped.
    fn of_all(t: &Texts) -> Self {
        Self {
            title: t.say("search-projects").into_owned(),
            link: String::new(),
            url: String::new(),
            rows: Vec::new(),
        }
    }
}

struct Row {
    of: ProjectRow,
    /// Those of its senders that are shown.
    senders: Vec<Chip>,
}

/// A sender.
struct Chip {
    words: String,
    enabled: bool,
    added_by: Option<String>,
}

impl Row {
    fn new(of: ProjectRow, registry: &Registry, t: &Texts) -> Self {
        let chip = |sender: &SenderView| Chip {
            words: words(registry, sender, t),
            enabled: sender.enabled,
            added_by: sender.added_by.clone(),
        };
        Self {
            senders: of.senders.iter().take(SHOWN).map(chip).collect(),
            of,
        }
    }

    fn exporters(&self) -> &[Exporter] {
        let exporters = &self.of.exporters;
        exporters.get(..SHOWN).unwrap_or(exporters)
    }

    /// How many exporters and senders are not shown.
    fn more(&self) -> (u64, u64) {
        let more = |all: usize| all.saturating_sub(SHOWN) as u64;
        (more(self.of.exporters.len()), more(self.of.senders.len()))
    }

    fn is_heard(&self) -> bool {
        self.of.heard_above || !self.of.senders.is_empty()
    }
}

impl ProjectTable {
    /// The projects of a service, by shard.
    pub(in crate::ui) async fn of_service(
        server: &Server,
        viewer: &Viewer,
        service: ServiceId,
        sheet: &Sheet,
    ) -> Result<Self, AppError> {
        let filter = ProjectFilter {
            service_id: Some(service),
            ..ProjectFilter::default()
        };
        Self::load(server, viewer, filter, ProjectOrder::Shard, sheet).await
    }

    /// The projects on a shard, by service.
    pub(in crate::ui) async fn on_shard(
        server: &Server,
        viewer: &Viewer,
        shard: ShardId,
        sheet: &Sheet,
    ) -> Result<Self, AppError> {
        let filter = ProjectFilter {
            shard_id: Some(shard),
            ..ProjectFilter::default()
        };
        Self::load(server, viewer, filter, ProjectOrder::Service, sheet).await
    }

    /// Projects that were found, in one panel.
    pub(in crate::ui) fn found(
        registry: &Registry,
        viewer: &Viewer,
        found: Vec<ProjectRow>,
    ) -> Self {
        let t = viewer.t();
        let rows = found.into_iter().map(|row| Row::new(row, registry, t));
        let panel = Panel {
            rows: rows.collect(),
            ..Panel::of_all(t)
        };
        Self {
            t: t.clone(),
            panels: vec![panel],
            placed: Placed {
                service: true,
                shard: true,
            },
            headings: None,
            flat: false,
            by: ProjectOrder::Service,
            pager: None,
            next: viewer.here().full(),
        }
    }

    /// What the panels are by, unless it is sorted by something else.
    fn place(&self) -> &'static str {
        match self.by {
            ProjectOrder::Shard => "search-shard",
            ProjectOrder::Service => "search-service",
        }
    }

    /// Whether there is nothing in it.
    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.panels.is_empty()
    }

    async fn load(
        server: &Server,
        viewer: &Viewer,
        filter: ProjectFilter<'_>,
        order: ProjectOrder,
        sheet: &Sheet,
    ) -> Result<Self, AppError> {
        let (app, actor) = (&server.app, viewer.actor());
        let part = sheet.sorted::<ProjectKey>(SIZE);
        let listed = projects::rows(app, actor, &filter, order, part).await?;
        let flat = part.sort.key != ProjectKey::Place;
        let mut panels: Vec<Panel> = Vec::new();
        for row in listed.items {
            let panel = if flat {
                Panel::of_all(viewer.t())
            } else {
                panel(&row, order)
            };
            let row = Row::new(row, app.registry(), viewer.t());
            match panels.last_mut().filter(|last| last.link == panel.link) {
                Some(last) => last.rows.push(row),
                None => panels.push(Panel {
                    rows: vec![row],
                    ..panel
                }),
            }
        }
        Ok(Self {
            t: viewer.t().clone(),
            panels,
            next: viewer.here().full(),
            placed: Placed {
                service: flat && order == ProjectOrder::Service,
                shard: flat && order == ProjectOrder::Shard,
            },
            headings: Some(Headings::new::<ProjectKey>(viewer.here(), sheet)),
            flat,
            by: order,
            pager: Some(Pager::new(
                viewer.t(),
                viewer.here(),
                sheet,
                listed.count,
                SIZE,
            )),
        })
    }
}

/// The panel that a project belongs into.
fn panel(row: &ProjectRow, order: ProjectOrder) -> Panel {
    let rows = Vec::new();
    match order {
        ProjectOrder::Shard => Panel {
            title: row.shard.name.to_string(),
            link: format!("/datasource/{}", row.shard.id),
            url: row.shard.url.clone(),
            rows,
        },
        ProjectOrder::Service => Panel {
            title: row.service.name.to_string(),
            link: format!("/service/{}", row.service.id),
            url: String::new(),
            rows,
        },
    }
}
