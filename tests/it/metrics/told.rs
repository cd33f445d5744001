//! Reading a page of metrics.

use std::collections::{BTreeMap, BTreeSet};

use promgen_core::testing::{Labels, selectors};

/// A page of metrics: labels and value of every series, by name.
pub(super) struct Told(BTreeMap<String, Vec<(Labels, f64)>>);

impl Told {
    pub(super) fn parse(text: &str) -> Self {
        let mut told: BTreeMap<String, Vec<(Labels, f64)>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (series, value) = line.rsplit_once(' ').unwrap();
            // A series is written like a selector of nothing but equalities.
            let selectors = selectors(series).unwrap_or_else(|error| panic!("{line}: {error}"));
            let mut labels: Labels = selectors[0]
                .matchers()
                .into_iter()
                .map(|(name, _, value)| (name, value))
                .collect();
            let name = labels.remove("__name__").unwrap();
            let value = value.parse().unwrap_or_else(|_| panic!("{line}"));
            told.entry(name).or_default().push((labels, value));
        }
        Self(told)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Names of the labels that series of that name have.
    pub(super) fn labels(&self, name: &str) -> BTreeSet<&str> {
        let series = self.0.get(name).into_iter().flatten();
        series
            .flat_map(|(labels, _)| labels.keys().map(String::as_str))
            .collect()
    }

    /// The values of the series that have these labels, added up.
    pub(super) fn sum(&self, name: &str, wanted: &[(&str, &str)]) -> f64 {
        let has = |labels: &Labels| {
            let mut wanted = wanted.iter();
            wanted.all(|(name, value)| labels.get(*name).is_some_and(|it| it == value))
        };
        let series = self.0.get(name).into_iter().flatten();
        series
            .filter(|(labels, _)| has(labels))
            .map(|(_, value)| value)
            .sum()
    }
}
