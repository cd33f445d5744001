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
    let mut all = tree(guide, t);
    all.extend(wires(guide, t));
    all
}

/// A step by what begins its id and its texts.
fn step(
    t: &Texts,
    id: &'static str,
    words: [&'static str; 2],
    done: bool,
    link: Option<String>,
) -> Step {
    let [title, next] = words.map(|key| t.say(key));
    Step {
        id,
        title,
        next,
        link,
        done,
    }
}

/// What alerts need of the tree.
fn tree(guide: &Guide, t: &Texts) -> Vec<Step> {
    let done = guide.done;
    let shard = guide.shard.as_ref().map(|shard| shard.id);
    let servers = shard.map(|id| format!("/datasource/{id}"));
    let below_service = |what| guide.service.map(|id| format!("/service/{id}/{what}"));
    let below_project = |what| guide.project.map(|id| format!("/project/{id}/{what}"));
    let new_shard = Some("/datasource/new".to_owned());
    let new_service = Some("/new/service".to_owned());
    let farm = below_project("newfarm");
    let exporter = below_project("exporter");
    let shards = ["guide-shard", "guide-shard-next"];
    let server = ["guide-server", "guide-server-next"];
    let services = ["guide-service", "guide-service-next"];
    let projects = ["guide-project", "guide-project-next"];
    let hosts = ["guide-host", "guide-host-next"];
    let exporters = ["guide-exporter", "guide-exporter-next"];
    vec![
        step(t, "shard", shards, done.shard, new_shard),
        step(t, "server", server, done.server, servers),
        step(t, "service", services, done.service, new_service),
        step(t, "project", projects, done.project, below_service("new")),
        step(t, "host", hosts, done.host, farm),
        step(t, "exporter", exporters, done.exporter, exporter),
    ]
}

/// What makes alerts of it, and brings them to people.
fn wires(guide: &Guide, t: &Texts) -> Vec<Step> {
    let done = guide.done;
    let rule = guide.service.map(|id| format!("/service/{id}/rule"));
    let notifier = guide.project.map(|id| format!("/project/{id}/notifier"));
    let rules = ["guide-rule", "guide-rule-next"];
    let notifiers = ["guide-notifier", "guide-notifier-next"];
    let heard = ["guide-heard", "guide-heard-next"];
    let alert = ["guide-alert", "guide-alert-next"];
    vec![
        step(t, "rule", rules, done.rule, rule),
        step(t, "notifier", notifiers, done.notifier, notifier),
        step(t, "prometheus", heard, done.heard, None),
        step(t, "alertmanager", alert, done.alert, None),
    ]
}
