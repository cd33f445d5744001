//! The hosts of a project: with how they are, once Prometheus was asked.

use std::borrow::Cow;

use askama::Template;
use promgen_core::app::Listed;
use promgen_core::app::hosts::instances_on;
use promgen_core::app::projects::ProjectDetail;
use promgen_core::app::proxy::{TargetHealth, TargetsHealth};
use promgen_core::model::Host;
use promgen_core::store::NameKey;

use super::detail::SIZE;
use crate::ui::frame::{Here, Viewer};
use crate::ui::parts::{Badge, Headings, Pager, Sheet, Tone};
use crate::ui::text::Texts;

/// A table of hosts.
#[derive(Template)]
#[template(path = "projects/hosts.html")]
pub(in crate::ui) struct HostTable {
    t: Texts,
    service: String,
    project: String,
    /// Where it goes on after a silence.
    next: String,
    /// Where Prometheus is asked about the same hosts.
    ask: String,
    /// The shards that did not answer; none while nobody asked.
    silent: Option<Vec<String>>,
    rows: Vec<Row>,
    may_silence: bool,
    headings: Headings,
    pager: Pager,
}

impl askama::filters::HtmlSafe for HostTable {}

struct Row {
    name: String,
    /// The value for a silence of everything on it.
    instance: String,
    targets: Vec<HealthBadge>,
}

impl HostTable {
    /// A table of hosts about which nobody has asked yet.
    pub(super) fn new(
        viewer: &Viewer,
        detail: &ProjectDetail,
        hosts: &Listed<Host>,
        sheet: &Sheet,
        may_silence: bool,
    ) -> Self {
        let row = |host: &Host| Row {
            instance: instances_on(&host.name),
            name: host.name.clone(),
            targets: Vec::new(),
        };
        // The pages of this list are those of the project, also where the table stands alone.
        let here = Here {
            path: format!("/project/{}", detail.project.id),
            query: viewer.here().query.clone(),
        };
        Self {
            t: viewer.t().clone(),
            service: detail.service.name.to_string(),
            project: detail.project.name.to_string(),
            next: format!("{}#hosts", here.path),
            ask: format!("/project/{}/health?{}", detail.project.id, here.query),
            silent: None,
            rows: hosts.items.iter().map(row).collect(),
            may_silence,
            headings: Headings::new::<NameKey>(&here, sheet),
            pager: Pager::new(viewer.t(), &here, sheet, hosts.count, SIZE),
        }
    }

    /// With what Prometheus says.
    pub(super) fn with(mut self, health: TargetsHealth) -> Self {
        let t = &self.t;
        for row in &mut self.rows {
            let targets = health.on(&row.name);
            row.targets = targets.map(|target| HealthBadge::new(t, target)).collect();
        }
        self.silent = Some(health.silent);
        self
    }

    fn unknown(&self) -> Badge {
        let silent = self.silent.as_ref().is_some_and(|all| !all.is_empty());
        let hint = if silent {
            self.t.say("hosts-silent")
        } else {
            self.t.say("hosts-unknown-help")
        };
        Badge::new(Tone::Plain, self.t.say("hosts-unknown")).hint(hint)
    }
}

/// How a target is: up or down, and why.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{{ badge }}{% if let Some(error) = error %} <small class="lines"><bdi>{{ error }}</bdi></small>{% endif %}"#
)]
pub(in crate::ui) struct HealthBadge {
    badge: Badge,
    error: Option<String>,
}

impl askama::filters::HtmlSafe for HealthBadge {}

impl HealthBadge {
    /// Of one target.
    pub(in crate::ui) fn new(t: &Texts, target: &TargetHealth) -> Self {
        let (tone, key) = if target.up {
            (Tone::Good, "hosts-up")
        } else {
            (Tone::Bad, "hosts-down")
        };
        let word: Cow<'static, str> = t.name(key, &target.job).into();
        Self {
            badge: Badge::new(tone, word).hint(target.instance.as_str()),
            error: target.error.as_ref().map(|one| t.said(one).into_owned()),
        }
    }
}
