//! What a query has found over the last hours, shard by shard.

use askama::Template;
use promgen_core::app::rules::trial::{Track, Tracks};

use super::number;
use super::trial::chips;
use crate::ui::parts::{Chips, Moment};
use crate::ui::text::Texts;

/// A series over the time that was looked at.
#[derive(Debug, Clone)]
struct Line {
    labels: Chips,
    first: Moment,
    last: Moment,
    least: String,
    most: String,
}

/// What one shard has found.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/tracks.html")]
pub(super) struct ShardTracks {
    t: Texts,
    shard: String,
    error: Option<String>,
    warnings: Vec<String>,
    count: u64,
    lines: Vec<Line>,
    more: u64,
}

impl askama::filters::HtmlSafe for ShardTracks {}

/// What all shards have found.
pub(super) fn of(t: &Texts, shards: Vec<(String, Result<Tracks, String>)>) -> Vec<ShardTracks> {
    let shard = |(shard, found): (String, Result<Tracks, String>)| {
        let (found, error) = match found {
            Ok(found) => (found, None),
            Err(error) => (Tracks::default(), Some(t.said(&error).into_owned())),
        };
        ShardTracks {
            t: t.clone(),
            shard,
            error,
            count: number(found.count),
            more: number(found.count.saturating_sub(found.tracks.len())),
            lines: found
                .tracks
                .into_iter()
                .filter_map(|one| line(t, one))
                .collect(),
            warnings: t.all_said(found.warnings),
        }
    };
    shards.into_iter().map(shard).collect()
}

/// A series without any point has no line.
fn line(t: &Texts, track: Track) -> Option<Line> {
    let (first, last) = (track.points.first()?.0, track.points.last()?.0);
    let values = || track.points.iter().map(|(_, value)| *value);
    Some(Line {
        first: Moment::new(first, t),
        last: Moment::new(last, t),
        least: values().fold(f64::INFINITY, f64::min).to_string(),
        most: values().fold(f64::NEG_INFINITY, f64::max).to_string(),
        labels: chips(track.labels),
    })
}
