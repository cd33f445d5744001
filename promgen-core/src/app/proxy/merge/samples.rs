//! One series of which several shards have samples.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::parts::Unread;
use super::read::{self, Garbage};
use crate::app::proxy::budget::Budget;

/// A series of a range query.
#[derive(Deserialize)]
struct Range<'a> {
    #[serde(borrow)]
    metric: &'a RawValue,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    histograms: Option<&'a RawValue>,
}

/// A sample as it was written, with its time.
type Sample<'a> = (f64, &'a RawValue);

/// What a sample costs in memory while a series is written.
const SAMPLE_BYTES: usize = size_of::<Sample<'_>>();

/// Writes a series with the samples of all parts, by time; of one time, those of the first.
pub(super) fn merge(parts: &[&RawValue], budget: &Budget, out: &mut Vec<u8>) -> Result<(), Unread> {
    let ranges = parts.iter().map(|part| serde_json::from_str(part.get()));
    let ranges: Vec<Range<'_>> = ranges.collect::<Result<_, _>>()?;
    let Some(first) = ranges.first() else {
        return Ok(());
    };
    out.extend_from_slice(b"{\"metric\":");
    out.extend_from_slice(first.metric.get().as_bytes());
    let values = ranges.iter().filter_map(|range| range.values);
    write("values", values, budget, out)?;
    let histograms = ranges.iter().filter_map(|range| range.histograms);
    write("histograms", histograms, budget, out)?;
    out.push(b'}');
    Ok(())
}

fn write<'a>(
    name: &str,
    lists: impl Iterator<Item = &'a RawValue>,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<(), Unread> {
    let (mut samples, mut room) = (Vec::new(), true);
    for list in lists {
        read::each(list, |sample| {
            room = room && budget.take(SAMPLE_BYTES);
            if room {
                samples.push((time(sample)?, sample));
            }
            Ok(())
        })?;
    }
    if !room {
        return Err(Unread::NoRoom);
    }
    let count = samples.len();
    let samples = by_time(samples);
    if !samples.is_empty() {
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        super::write::list(samples.iter().map(|(_, sample)| sample.get()), out);
    }
    budget.give_back(count * SAMPLE_BYTES);
    Ok(())
}

fn by_time(mut samples: Vec<Sample<'_>>) -> Vec<Sample<'_>> {
    // The sort is stable, so that the first shard's sample stays first.
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    samples.dedup_by(|later, first| later.0.total_cmp(&first.0).is_eq());
    samples
}

fn time(sample: &RawValue) -> Result<f64, Garbage> {
    let mut time = None;
    read::each(sample, |part| {
        if time.is_none() {
            time = Some(serde_json::from_str(part.get())?);
        }
        Ok(())
    })?;
    time.ok_or_else(|| read::unlike("a sample has no time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::proxy::budget::Memory;

    fn merged(parts: &[&str]) -> String {
        let raw: Vec<&RawValue> = parts
            .iter()
            .map(|p| serde_json::from_str(p).unwrap())
            .collect();
        let mut out = Vec::new();
        merge(&raw, &Memory::new(1 << 20).budget(1), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn samples_are_woven_by_time_and_the_first_shard_wins() {
        assert_eq!(
            merged(&[
                r#"{"metric":{"a":"1"},"values":[[1,"1"],[3.5,"3"]]}"#,
                r#"{"metric":{"a":"1"},"values":[[1,"x"],[2,"2"],[3.50,"x"],[4,"4"]]}"#,
            ]),
            r#"{"metric":{"a":"1"},"values":[[1,"1"],[2,"2"],[3.5,"3"],[4,"4"]]}"#
        );
    }

    #[test]
    fn histograms_are_kept_beside_values() {
        assert_eq!(
            merged(&[
                r#"{"metric":{},"values":[[1,"1"]]}"#,
                r#"{"histograms":[[2,{"count":"1"}]],"metric":{}}"#,
            ]),
            r#"{"metric":{},"values":[[1,"1"]],"histograms":[[2,{"count":"1"}]]}"#
        );
    }
}
