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
    /// How many there were at each of the times that were looked at.
    pub counts: Vec<u64>,
    /// What Prometheus wants to be known.
    pub warnings: Vec<String>,
}

/// The times that were looked at.
pub(super) struct Grid {
    pub(super) start: Timestamp,
    pub(super) step: Duration,
    pub(super) steps: usize,
}

impl Grid {
    /// The number of the time that a sample is of. Servers round times to what they keep.
    fn number(&self, at: Timestamp) -> Option<usize> {
        let half = self.step / 2;
        let since = at.plus(half).since(self.start).as_millis();
        let number = since.checked_div(self.step.as_millis())?;
        usize::try_from(number)
            .ok()
            .filter(|number| *number < self.steps)
    }
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

    pub(super) fn tracks(&self, grid: &Grid) -> Tracks {
        let mut found = Tracks {
            warnings: self.warnings(),
            counts: vec![0; grid.steps],
            ..Tracks::default()
        };
        self.each(|one| {
            found.count += 1;
            let samples = one.values.unwrap_or_default();
            let points: Vec<(Timestamp, f64)> = samples.iter().filter_map(point).collect();
            // An alert fires whatever the value is.
            let times = samples.iter().filter_map(|(at, _)| time(*at));
            for number in times.filter_map(|at| grid.number(at)) {
                if let Some(count) = found.counts.get_mut(number) {
                    *count += 1;
                }
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
    Some((time(*at)?, value))
}

/// A time in seconds.
fn time(at: f64) -> Option<Timestamp> {
    let at = Duration::try_from_secs_f64(at).ok()?;
    Some(Timestamp(i64::try_from(at.as_millis()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(data: &str, of: impl Fn(&Reading<'_>) -> T) -> T {
        let body = format!("{{\"status\":\"success\",\"data\":{data},\"warnings\":[\"w\"]}}");
        of(&Reading::of(&[body.into_bytes()]).unwrap())
    }

    #[test]
    fn plain_numbers_are_series_without_labels() {
        let found = read(r#"{"resultType":"scalar","result":[1,"2.5"]}"#, |one| {
            one.found(&Home::Everybody)
        });
        assert_eq!((found.count, found.warnings), (1, vec!["w".to_owned()]));
        let plain = Series {
            labels: BTreeMap::new(),
            value: "2.5".to_owned(),
        };
        assert_eq!(found.series, [plain]);
    }

    #[test]
    fn what_has_another_form_is_left_out() {
        for data in [
            r#"{"resultType":"vector","result":null}"#,
            r#"{"resultType":"vector","result":[1,{"metric":3}]}"#,
            r#"{"resultType":"odd","result":{}}"#,
        ] {
            let found = read(data, |one| one.found(&Home::Everybody));
            assert_eq!(found.count, 0, "{data}");
        }
    }

    #[test]
    fn samples_are_counted_at_the_time_that_they_are_of() {
        let grid = Grid {
            start: Timestamp(10_000),
            step: Duration::from_secs(5),
            steps: 3,
        };
        let tracks = read(
            r#"{"resultType":"matrix","result":[
                {"metric":{"a":"1"},"values":[[10,"1"],[15.001,"NaN"],[20.001,"3"]]},
                {"metric":{"a":"2"},"values":[[9.999,"1"],[99,"1"]]}]}"#,
            |one| one.tracks(&grid),
        );
        assert_eq!((tracks.count, tracks.counts), (2, vec![2, 1, 1]));
        assert_eq!(
            tracks.tracks[0].points.len(),
            2,
            "what is no number is no point"
        );
    }
}
