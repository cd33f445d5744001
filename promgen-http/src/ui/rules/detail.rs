//! One rule, with everything around it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, Heirs, RulePage, RuleRow};
use promgen_core::app::silences::About;
use promgen_core::model::{RuleId, RuleKind, RuleOwner};

use super::clause::TriedClause;
use super::family::FamilyTree;
use super::{crumbs, full_name, home, trial};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::alerts::ActivePanel;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Chips, Code, Linked, Pager, Remark, Sheet, remarks};

/// Overrides on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "rules/detail.html")]
struct Detail {
    frame: Frame,
    row: RuleRow,
    owner: String,
    owner_link: String,
    active: ActivePanel,
    description: Linked,
    warnings: Vec<Remark>,
    labels: Chips,
    annotations: Vec<(String, Linked)>,
    yaml: Code,
    /// What it overrides, for whoever may see it.
    parent: Option<TriedClause>,
    children: Vec<(TriedClause, Chips, bool)>,
    pager: Option<Pager>,
    family: FamilyTree,
    /// Whether nobody but the series says whom an alert is about.
    of_site: bool,
    /// For whom the viewer may override a rule of the site.
    heirs: Heirs,
    alerts: bool,
}

/// `GET /rule/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let slice = sheet.slice(SIZE);
    let page = rules::page(&server.app, viewer.actor(), RuleId(id), slice).await?;
    let t = viewer.t();
    let RulePage {
        row,
        yaml,
        warnings,
        parent,
        children,
        family,
        ..
    } = page;
    let name = row.rule.name.to_string();
    let active = ActivePanel::of(&server, &viewer, &About::Rule(name.clone())).await?;
    let mut way = crumbs(t, &row.owner);
    way.push(Crumb::here(name.clone()));
    let frame = viewer.frame(name, way);
    let pager =
        (children.count > SIZE).then(|| Pager::new(t, viewer.here(), &sheet, children.count, SIZE));
    let children = children.items.into_iter().map(|child| {
        let labels = Chips::plain(child.row.rule.labels.clone());
        let enabled = child.row.rule.enabled;
        (
            TriedClause::of(&frame, &child.row, &child.effective),
            labels,
            enabled,
        )
    });
    let annotations = row.rule.annotations.iter();
    let annotations = annotations.map(|(name, value)| (name.clone(), Linked::new(value)));
    let of_site = row.rule.owner == RuleOwner::Site;
    let heirs = if of_site {
        rules::heirs(&server.app, viewer.actor()).await?
    } else {
        Heirs::default()
    };
    viewer.show(&Detail {
        heirs,
        of_site,
        owner: full_name(&row.owner),
        owner_link: home(row.owner.owner),
        active,
        description: Linked::new(&row.rule.description),
        warnings: remarks(&warnings, t),
        labels: Chips::plain(row.rule.labels.clone()),
        annotations: annotations.collect(),
        yaml: Code::new("yaml", t.say("rules-yaml"), yaml, t),
        parent: parent.map(|one| TriedClause::of(&frame, &one.row, &one.effective)),
        children: children.collect(),
        pager,
        family: FamilyTree::of(t, family, RuleId(id)),
        alerts: row.rule.kind == RuleKind::Alert,
        row,
        frame,
    })
}

impl Detail {
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn hours(&self) -> [u64; 3] {
        trial::OFFERED
    }
}
