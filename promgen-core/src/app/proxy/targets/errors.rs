//! Why targets are down.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::PATIENCE;
use super::objects::Objects;
use super::up::{Key, Labels};
use crate::app::App;
use crate::app::proxy::direct::Direct;
use crate::app::proxy::error::Failure;
use crate::egress::Class;
use crate::model::Shard;

/// How much of the list is read: that of some hundred thousand targets. Nothing of it is kept.
const MOST_BYTES: usize = 128 * 1024 * 1024;

/// How deep the targets lie: in a list, in `data`, in the answer.
const DEPTH: usize = 3;

/// Longest reason that is told.
const MOST_CHARS: usize = 300;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    labels: Labels,
    #[serde(default)]
    last_error: String,
}

/// The last errors of those targets, as far as the shard tells them in time.
pub(super) async fn ask(
    app: &App,
    shard: &Shard,
    wanted: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, String>, Failure> {
    let question = Direct {
        path: "/api/v1/targets",
        parameters: &[("state", "active")],
        most_bytes: MOST_BYTES,
        deadline: PATIENCE,
    };
    let (request, _) = question.request(shard)?;
    let mut answer = app
        .egress()
        .open(Class::Infra, request, question.deadline)
        .await?;
    let status = answer.status;
    if !(200..300).contains(&status) {
        let message = format!("HTTP {status}");
        return Err(Failure::Garbage { message });
    }
    let mut found = BTreeMap::new();
    let mut objects = Objects::at(DEPTH);
    let mut bytes = 0;
    while found.len() < wanted.len()
        && bytes < question.most_bytes
        && let Some(piece) = answer.next().await?
    {
        bytes += piece.len();
        objects.feed(&piece, |object| {
            if let Some((key, error)) = read(object).filter(|(key, _)| wanted.contains(key)) {
                found.insert(key, error);
            }
        });
    }
    Ok(found)
}

fn read(object: &[u8]) -> Option<(Key, String)> {
    let target: Target = serde_json::from_slice(object).ok()?;
    let Labels {
        service,
        project,
        job,
        instance,
    } = target.labels;
    let error: String = target.last_error.chars().take(MOST_CHARS).collect();
    (!error.is_empty()).then_some(((service, project, job, instance), error))
}
