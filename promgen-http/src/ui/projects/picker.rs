//! Choosing a shard, with how full each is.

use std::borrow::Cow;

use askama::Template;
use promgen_core::app::{AppError, Slice, shards};
use promgen_core::model::{Problem, Shard, ShardId};

use crate::Server;
use crate::ui::frame::Viewer;
use crate::ui::text::Texts;

/// The shards, side by side. Those that are disabled cannot be chosen, but for the current one.
#[derive(Template)]
#[template(path = "projects/shards.html")]
pub(super) struct ShardPicker {
    t: Texts,
    shards: Vec<Choice>,
    problems: Vec<String>,
    /// What keeps every choice from being made, and what to do about it: its words, and the page
    /// where superusers do it.
    stuck: Option<(Cow<'static, str>, &'static str)>,
    /// Whether whoever looks may do it.
    superuser: bool,
}

impl askama::filters::HtmlSafe for ShardPicker {}

struct Choice {
    shard: Shard,
    chosen: bool,
    disabled: bool,
}

impl ShardPicker {
    /// All shards; the only one that there is to choose from is chosen.
    pub(super) async fn load(
        server: &Server,
        viewer: &Viewer,
        chosen: Option<ShardId>,
        current: Option<ShardId>,
        problems: &[Problem],
    ) -> Result<Self, AppError> {
        let all = shards::list(&server.app, viewer.actor(), None, Slice::ALL)
            .await?
            .items;
        let open = |shard: &Shard| shard.enabled || Some(shard.id) == current;
        let mut can_be = all.iter().filter(|shard| open(shard));
        let only = can_be.next().filter(|_| can_be.next().is_none());
        let chosen = chosen.or_else(|| only.map(|shard| shard.id));
        let stuck = if all.is_empty() {
            Some(("shards-none", "/datasource/new"))
        } else if all.iter().any(open) {
            None
        } else {
            Some(("shards-none-open", "/datasource"))
        };
        let (t, user) = (viewer.t(), viewer.known());
        let own = problems.iter().filter(|problem| problem.field == "shard");
        Ok(Self {
            t: t.clone(),
            stuck: stuck.map(|(key, link)| (t.say(key), link)),
            superuser: user.is_some_and(|user| user.superuser),
            problems: own.map(|problem| t.advice(problem)).collect(),
            shards: all
                .into_iter()
                .map(|shard| Choice {
                    chosen: Some(shard.id) == chosen,
                    disabled: !open(&shard),
                    shard,
                })
                .collect(),
        })
    }

    /// Whether what was chosen cannot be.
    pub(super) fn is_wrong(&self) -> bool {
        !self.problems.is_empty()
    }
}
