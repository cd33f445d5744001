//! Numbers by series: added to, added up, and brought into the form in which they are kept.

use std::borrow::Cow;
use std::collections::HashMap;

use super::family::{ALL, Family, REASONS, REFUSED, Shape, bucket};
use crate::store::Sample;

/// A value of a label.
pub(super) type Text = Cow<'static, str>;

/// The series of a family: values in the order of [`Family::labels`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Series {
    pub(super) family: &'static Family,
    /// Empty for a family that is not told by machine.
    pub(super) hostname: Text,
    pub(super) labels: Vec<Text>,
}

/// Numbers by series. Each series has as many as its family's shape says.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts(HashMap<Series, Vec<u64>>);

impl Counts {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The series with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Series, &[u64])> {
        self.0
            .iter()
            .map(|(series, parts)| (series, parts.as_slice()))
    }

    /// Lets series begin at zero that are known before anything happens: what appears for the first
    /// time with a one does not look like an increase.
    pub(super) fn begin(&mut self, hostname: &'static str) {
        let begin = |family, labels| Series {
            family,
            hostname: hostname.into(),
            labels,
        };
        for family in ALL {
            if family.by_host && family.labels.is_empty() {
                self.parts(begin(family, Vec::new()));
            }
        }
        for reason in REASONS {
            self.parts(begin(&REFUSED, vec![reason.into()]));
        }
    }

    /// Adds to a counter, or an observation to a histogram.
    pub(super) fn note(&mut self, series: Series, amount: u64) {
        let shape = series.family.shape;
        let parts = self.parts(series);
        match shape {
            Shape::Counter => add_at(parts, 0, amount),
            Shape::Histogram { bounds, .. } => {
                add_at(parts, bucket(bounds, amount), 1);
                add_at(parts, bounds.len() + 1, amount);
            }
        }
    }

    /// Adds what others counted.
    pub(super) fn add(&mut self, other: &Self) {
        for (series, amounts) in &other.0 {
            let parts = self.parts(series.clone());
            for (index, amount) in amounts.iter().enumerate() {
                add_at(parts, index, *amount);
            }
        }
    }

    fn parts(&mut self, series: Series) -> &mut [u64] {
        let count = series.family.shape.parts();
        self.0.entry(series).or_insert_with(|| vec![0; count])
    }

    /// The form in which they are kept, sorted, so that processes that write at once do not lock
    /// each other out; without zeros. A series whose labels are too long to be kept is left out.
    pub(super) fn to_samples(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (series, parts) in &self.0 {
            let labels = serde_json::to_string(&series.labels).unwrap_or_default();
            if labels.chars().count() > Sample::LABELS {
                tracing::warn!(
                    metric = series.family.name,
                    "labels are too long to be kept"
                );
                continue;
            }
            let some = parts.iter().enumerate().filter(|(_, value)| **value > 0);
            samples.extend(some.map(|(index, value)| Sample {
                metric: series.family.name.to_owned(),
                hostname: series.hostname.clone().into_owned(),
                labels: labels.clone(),
                part: series.family.shape.part_name(index),
                value: *value,
            }));
        }
        samples.sort_unstable();
        samples
    }

    /// Reads what is kept. What another version counted and this one does not know is passed over.
    pub(super) fn from_samples(samples: Vec<Sample>) -> Self {
        let mut counts = Self::default();
        for sample in samples {
            if let Some((series, index)) = place(&sample) {
                add_at(counts.parts(series), index, sample.value);
            }
        }
        counts
    }
}

fn place(sample: &Sample) -> Option<(Series, usize)> {
    let family = ALL.iter().find(|family| family.name == sample.metric)?;
    let labels: Vec<Text> = serde_json::from_str(&sample.labels).ok()?;
    let index = family.shape.part_index(&sample.part)?;
    let series = Series {
        family,
        hostname: sample.hostname.clone().into(),
        labels,
    };
    (series.labels.len() == family.labels.len()).then_some((series, index))
}

fn add_at(parts: &mut [u64], index: usize, amount: u64) {
    if let Some(part) = parts.get_mut(index) {
        *part = part.saturating_add(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::{ATTEMPTS, BODY_BYTES, FAILED};
    use super::*;

    fn series(family: &'static Family, labels: &[&'static str]) -> Series {
        Series {
            family,
            hostname: if family.by_host { "a" } else { "" }.into(),
            labels: labels.iter().map(|label| (*label).into()).collect(),
        }
    }

    fn some() -> Counts {
        let mut counts = Counts::default();
        counts.note(series(&ATTEMPTS, &["d", "sent", "a \"b\", c"]), 2);
        counts.note(series(&FAILED, &[]), 1);
        for bytes in [1_000, 2_000, 3_000, 99_999_999] {
            counts.note(series(&BODY_BYTES, &[]), bytes);
        }
        counts
    }

    #[test]
    fn what_is_kept_comes_back() {
        let samples = some().to_samples();
        assert!(samples.is_sorted() && samples.iter().all(|sample| sample.value > 0));
        assert_eq!(Counts::from_samples(samples.clone()).to_samples(), samples);
        let sizes = some().0[&series(&BODY_BYTES, &[])].clone();
        assert_eq!(sizes, [1, 2, 0, 0, 0, 0, 0, 0, 1, 100_005_999]);
    }

    #[test]
    fn what_two_processes_counted_is_added_up() {
        let mut both = some();
        both.add(&some());
        assert_eq!(both.0[&series(&FAILED, &[])], [2]);
        assert_eq!(both.0[&series(&BODY_BYTES, &[])][1], 4);
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let mut samples = some().to_samples();
        samples[0].labels = r#"["of", "another", "number", "of", "labels"]"#.to_owned();
        samples[1].metric = "promgen_of_tomorrow".to_owned();
        samples[2].part = "half".to_owned();
        let left = samples.len() - 3;
        assert_eq!(Counts::from_samples(samples).to_samples().len(), left);
    }
}
