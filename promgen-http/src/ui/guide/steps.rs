//! The steps: which are done, and where each is done.

use std::borrow::Cow;

use promgen_core::app::guide::Guide;

use crate::ui::text::Texts;

/// All steps.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Steps {
    /// In the order in which they are best taken.
    pub(in crate::ui) all: Vec<Step>,
    /// How many are done, in words.
    pub(in crate::ui) progress: String,
}

/// One step.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Step {
    /// Its place on the page of the guide.
    pub(in crate::ui) id: &'static str,
    /// What there is when it is done.
    pub(in crate::ui) title: Cow<'static, str>,
    /// What to do.
    pub(in crate::ui) next: Cow<'static, str>,
    /// Where; none for what is done elsewhere.
    pub(in crate::ui) link: Option<String>,
    /// Whether it is done.
    pub(in crate::ui) done: bool,
}

impl Steps {
    /// The steps of a guide.
    pub(in crate::ui) fn of(guide: &Guide, t: &Texts) -> Self {
        let all = all(guide, t);
        let done = all.iter().filter(|step| step.done).count();
        let number = |count: usize| u64::try_from(count).unwrap_or(0).into();
        let (done, count) = (number(done), number(all.len()));
        Self {
            progress: t.with("guide-progress", &[("done", done), ("all", count)]),
            all,
        }
    }
}

fn all(guide: &Guide, t: &Texts) -> Vec<Step> {
    let done = guide.done;
    let step = |id, done, link, title, next| Step {
        id,
        title: t.say(title),
        next: t.say(next),
        link,
        done,
    };
    let shard = guide.shard.as_ref().map(|shard| shard.id);
    let servers = shard.map(|id| format!("/datasource/{id}"));
    let below_service = |what| guide.service.map(|id| format!("/service/{id}/{what}"));
    let below_project = |what| guide.project.map(|id| format!("/project/{id}/{what}"));
    let new_shard = Some("/datasource/new".to_owned());
    let new_service = Some("/new/service".to_owned());
    let (project, rule) = (below_service("new"), below_service("rule"));
    let (farm, exporter) = (below_project("newfarm"), below_project("exporter"));
    let notifier = below_project("notifier");
    vec![
        step(
            "shard",
            done.shard,
            new_shard,
            "guide-shard",
            "guide-shard-next",
        ),
        step(
            "server",
            done.server,
            servers,
            "guide-server",
            "guide-server-next",
        ),
        step(
            "service",
            done.service,
            new_service,
            "guide-service",
            "guide-service-next",
        ),
        step(
            "project",
            done.project,
            project,
            "guide-project",
            "guide-project-next",
        ),
        step("host", done.host, farm, "guide-host", "guide-host-next"),
        step(
            "exporter",
            done.exporter,
            exporter,
            "guide-exporter",
            "guide-exporter-next",
        ),
        step("rule", done.rule, rule, "guide-rule", "guide-rule-next"),
        step(
            "notifier",
            done.notifier,
            notifier,
            "guide-notifier",
            "guide-notifier-next",
        ),
        step(
            "prometheus",
            done.heard,
            None,
            "guide-heard",
            "guide-heard-next",
        ),
        step(
            "alertmanager",
            done.alert,
            None,
            "guide-alert",
            "guide-alert-next",
        ),
    ]
}
