//! What a shard answered, as far as it is shown.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::strays::{Home, Strays};
use crate::model::Timestamp;

/// Most series of a shard that are shown.
const MOST_SERIES: usize = 20;

/// Most notes of a shard that are shown.
const MOST_NOTES: usize = 10;

/// A series, at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its labels; a plain number has none.
    pub labels: BTreeMap<String, String>,
    /// Its value, as Prometheus writes it.
    pub value: String,
}

/// What a shard finds at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// How many series there are. Of an alerting rule, each would be an alert.
    pub count: usize,
    /// The first of them.
    pub series: Vec<Series>,
    /// Those that would not go where they belong.
    pub strays: Strays,
    /// What Prometheus wants to be known.
    pub warnings: Vec<String>,
}

/// A series over some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its values, by time; there are none where it was not there.
    pub points: Vec<(Timestamp, f64)>,
}

/// What a shard has found over some time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tracks {
    /// How many series were there at any time.
    pub count: usize,
    /// The first of them.
    pub tracks: Vec<Track>,
    /// How many there were at each time at which there was any.
    pub counts: BTreeMap<Timestamp, u64>,
    /// What Prometheus wants to be known.
    pub warnings: Vec<String>,
}

/// What a shard sent, read as far as the series.
pub(super) struct Reading<'a> {
    answers: Vec<Answer<'a>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    status: String,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    warnings: Option<Vec<String>>,
    #[serde(default)]
    infos: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(rename = "resultType")]
    kind: String,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

/// A sample: its time in seconds, and its value.
type Sample = (f64, String);

#[derive(Deserialize)]
struct OneSeries {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    value: Option<Sample>,
    #[serde(default)]
    values: Option<Vec<Sample>>,
}

impl<'a> Reading<'a> {
    /// Reads what came, once for each part that the question was limited to.
    pub(super) fn of(sent: &'a [Vec<u8>]) -> Result<Self, String> {
        let answers = sent.iter().map(|body| {
            let answer: Answer<'a> = serde_json::from_slice(body)
                .map_err(|error| format!("the answer is not Prometheus': {error}"))?;
            if answer.status == "success" {
                Ok(answer)
            } else {
                Err(answer.error.unwrap_or(answer.status))
            }
        });
        Ok(Self {
            answers: answers.collect::<Result<_, String>>()?,
        })
    }

    pub(super) fn found(&self, home: &Home) -> Found {
        let mut found = Found {
            warnings: self.warnings(),
            ..Found::default()
        };
        self.each(|one| {
            found.count += 1;
            found.strays.look(home, &one.metric);
            if found.series.len() < MOST_SERIES {
                let last = one.values.and_then(|mut values| values.pop());
                let value = one.value.or(last).map(|(_, value)| value);
                found.series.push(Series {
                    labels: one.metric,
                    // A native histogram has no value of its own.
                    value: value.unwrap_or_default(),
                });
            }
        });
        found
    }

    pub(super) fn tracks(&self) -> Tracks {
        let mut found = Tracks {
            warnings: self.warnings(),
            ..Tracks::default()
        };
        self.each(|one| {
            found.count += 1;
            let samples = one.values.unwrap_or_default();
            let points: Vec<(Timestamp, f64)> = samples.iter().filter_map(point).collect();
            for (at, _) in &points {
                *found.counts.entry(*at).or_default() += 1;
            }
            if found.tracks.len() < MOST_SERIES {
                let labels = one.metric;
                found.tracks.push(Track { labels, points });
            }
        });
        found
    }

    /// Hands out the series; a plain number is one without labels. What has another form is left
    /// out.
    fn each(&self, mut take: impl FnMut(OneSeries)) {
        for data in self
            .answers
            .iter()
            .filter_map(|answer| answer.data.as_ref())
        {
            let Some(result) = data.result else { continue };
            if matches!(data.kind.as_str(), "scalar" | "string") {
                let value: Option<Sample> = serde_json::from_str(result.get()).ok();
                take(OneSeries {
                    metric: BTreeMap::new(),
                    value,
                    values: None,
                });
                continue;
            }
            let items: Vec<&RawValue> = serde_json::from_str(result.get()).unwrap_or_default();
            for item in items {
                if let Ok(one) = serde_json::from_str(item.get()) {
                    take(one);
                }
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let notes = self.answers.iter().flat_map(|answer| {
            let warnings = answer.warnings.iter().flatten();
            warnings.chain(answer.infos.iter().flatten())
        });
        notes.take(MOST_NOTES).cloned().collect()
    }
}

/// A sample as a point; what is no finite number is no point.
fn point((at, value): &Sample) -> Option<(Timestamp, f64)> {
    let value: f64 = value.parse().ok().filter(|value: &f64| value.is_finite())?;
    let at = Duration::try_from_secs_f64(*at).ok()?;
    Some((Timestamp(i64::try_from(at.as_millis()).ok()?), value))
}
