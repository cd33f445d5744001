//! Who would hear about an alert of a rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::alert::Decision;
use promgen_core::app::rules::{self, Audience};
use promgen_core::model::{RuleId, RuleOwner};
use promgen_core::plugin::Registry;

use super::number;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::alerts::reason;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::notifiers::label;
use crate::ui::parts::{Badge, Chips, Field, Sheet, kind_of};

/// Labels that may come from the series that a rule finds, and that decide who hears about it.
const ASKED: [&str; 3] = ["service", "project", "severity"];

/// What owns a personal sender, as decisions have it.
const USER: &str = "user";

#[derive(Template)]
#[template(path = "rules/audience.html")]
struct AudiencePage {
    frame: Frame,
    action: String,
    fields: Vec<Field>,
    labels: Chips,
    decided: Vec<Decided>,
    hidden: u64,
}

/// What was decided about a candidate.
struct Decided {
    reason: Badge,
    driver: String,
    shown: String,
    owner_kind: Cow<'static, str>,
    owner: String,
    /// The sender's page, for who may see it.
    link: Option<String>,
}

impl Decided {
    fn of(decision: Decision, registry: &Registry, viewer: &Viewer) -> Self {
        // Personal notifiers are their owner's alone.
        let sees = decision.owner_kind != USER
            || viewer
                .known()
                .is_some_and(|user| user.superuser || user.username == decision.owner);
        let sender = decision.sender.filter(|_| sees);
        let t = viewer.t();
        Self {
            reason: reason(decision.reason, t),
            driver: label(registry, &decision.driver, t),
            link: sender.map(|id| format!("/notifier/{id}")),
            shown: decision.shown,
            owner_kind: kind_of(&decision.owner_kind, t),
            owner: decision.owner,
        }
    }
}

/// `GET /rule/{id}/audience`: with `service`, `project` and `severity` as the series would have them.
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let of_series = |name: &str| {
        let value = sheet.filter(name)?.trim().to_owned();
        Some((name.to_owned(), value))
    };
    let series: BTreeMap<String, String> = ASKED.into_iter().filter_map(of_series).collect();
    let row = rules::find(app, actor, RuleId(id)).await?;
    let Audience {
        labels,
        routing,
        hidden,
    } = rules::audience(app, actor, RuleId(id), &series).await?;
    let t = viewer.t();
    let fields = ASKED
        .into_iter()
        .filter(|name| is_open(row.rule.owner, name) && !row.rule.labels.contains_key(*name))
        .map(|name| {
            let value = labels.get(name).cloned().unwrap_or_default();
            Field::text(name, name)
                .value(value)
                .id(format!("series_{name}"))
        })
        .collect();
    let registry = server.app.registry();
    let decided = routing.decisions.into_iter();
    let decided = decided.map(|one| Decided::of(one, registry, &viewer));
    let decided = decided.collect();
    let title = t.say("rules-audience");
    let way = vec![
        Crumb::new(t.say("frame-rules"), "/rule"),
        Crumb::new(row.rule.name.to_string(), format!("/rule/{id}")),
        Crumb::here(title.clone()),
    ];
    viewer.show(&AudiencePage {
        action: format!("/rule/{id}/audience"),
        fields,
        labels: Chips::plain(labels),
        decided,
        hidden: number(hidden),
        frame: viewer.frame(title, way),
    })
}

/// Whether a label is left to the series, and not the owner's.
fn is_open(owner: RuleOwner, label: &str) -> bool {
    match owner {
        RuleOwner::Site => true,
        RuleOwner::Service(_) => label != "service",
        RuleOwner::Project(_) => label != "service" && label != "project",
    }
}
