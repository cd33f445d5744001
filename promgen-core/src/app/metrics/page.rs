//! The page of metrics: what is told, in the text format of Prometheus.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::registry::Registry;

use super::counts::{Counts, Series};
use super::family::{ALL, Family, Shape};

/// Labels of a series.
pub(super) type Labels = Vec<(&'static str, String)>;

/// Metrics that were collected, to be written out in this order.
#[derive(Debug, Default)]
pub(super) struct Page(Vec<Metric>);

#[derive(Debug)]
struct Metric {
    name: &'static str,
    help: &'static str,
    kind: MetricType,
    series: Vec<(Labels, Value)>,
}

#[derive(Debug)]
enum Value {
    Counter(f64),
    Gauge(f64),
    Histogram {
        sum: f64,
        count: u64,
        buckets: Vec<(f64, u64)>,
    },
}

impl Page {
    /// Adds a gauge with any number of series; one without series is left out.
    pub(super) fn gauges(
        &mut self,
        name: &'static str,
        help: &'static str,
        series: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        let series = series.into_iter();
        let series = series.map(|(labels, value)| (labels, Value::Gauge(value)));
        self.push(name, help, MetricType::Gauge, series.collect());
    }

    /// Adds a gauge without labels, unless there is no value for it.
    pub(super) fn gauge(
        &mut self,
        name: &'static str,
        help: &'static str,
        value: impl Into<Option<f64>>,
    ) {
        let value: Option<f64> = value.into();
        self.gauges(name, help, value.map(|value| (Labels::new(), value)));
    }

    /// Adds a counter; the name is without `_total`.
    pub(super) fn counters(
        &mut self,
        name: &'static str,
        help: &'static str,
        series: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        let series = series.into_iter();
        let series = series.map(|(labels, value)| (labels, Value::Counter(value)));
        self.push(name, help, MetricType::Counter, series.collect());
    }

    /// Adds what processes counted.
    pub(super) fn counts(&mut self, counts: &Counts) {
        for family in ALL {
            let mut series: Vec<(Labels, Value)> = counts
                .iter()
                .filter(|(series, _)| series.family == family)
                .map(|(series, parts)| (labels_of(series), value_of(family, parts)))
                .collect();
            series.sort_by(|(a, _), (b, _)| a.cmp(b));
            let kind = match family.shape {
                Shape::Counter => MetricType::Counter,
                Shape::Histogram { .. } => MetricType::Histogram,
            };
            self.push(family.name, family.help, kind, series);
        }
    }

    fn push(
        &mut self,
        name: &'static str,
        help: &'static str,
        kind: MetricType,
        series: Vec<(Labels, Value)>,
    ) {
        if !series.is_empty() {
            self.0.push(Metric {
                name,
                help,
                kind,
                series,
            });
        }
    }

    /// The page as text.
    pub(super) fn into_text(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(self));
        let mut text = String::new();
        prometheus_text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

impl Collector for Page {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for metric in &self.0 {
            let mut descriptor =
                encoder.encode_descriptor(metric.name, metric.help, None, metric.kind)?;
            for (labels, value) in &metric.series {
                let mut series = descriptor.encode_family(labels)?;
                match value {
                    Value::Counter(value) => {
                        let none: Option<&Exemplar<Labels, f64>> = None;
                        series.encode_counter(value, none)?;
                    }
                    Value::Gauge(value) => series.encode_gauge(value)?,
                    Value::Histogram {
                        sum,
                        count,
                        buckets,
                    } => series.encode_histogram::<Labels>(*sum, *count, buckets, None)?,
                }
            }
        }
        Ok(())
    }
}

fn labels_of(series: &Series) -> Labels {
    let names = series.family.labels.iter().copied();
    let values = series.labels.iter().map(|value| value.clone().into_owned());
    let host = series.family.by_host.then_some("hostname");
    names
        .zip(values)
        .chain(host.map(|name| (name, series.hostname.clone().into_owned())))
        .collect()
}

fn value_of(family: &Family, parts: &[u64]) -> Value {
    match family.shape {
        Shape::Counter => Value::Counter(real(parts.first().copied().unwrap_or(0))),
        Shape::Histogram { bounds, per_unit } => {
            let (buckets, sum) = parts.split_at_checked(bounds.len() + 1).unwrap_or_default();
            let ends = bounds.iter().map(|bound| real(*bound) / real(per_unit));
            let ends = ends.chain([f64::INFINITY]);
            Value::Histogram {
                sum: real(sum.first().copied().unwrap_or(0)) / real(per_unit),
                count: buckets.iter().sum(),
                buckets: ends.zip(buckets.iter().copied()).collect(),
            }
        }
    }
}

/// A number as Prometheus has it.
#[expect(
    clippy::cast_precision_loss,
    reason = "Prometheus keeps 53 bits of every number"
)]
pub(super) fn real(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::super::family::{ATTEMPTS, REQUEST_SECONDS};
    use super::*;

    fn series(family: &'static Family, labels: &[&'static str]) -> Series {
        Series {
            family,
            hostname: "host".into(),
            labels: labels.iter().map(|label| (*label).into()).collect(),
        }
    }

    #[test]
    fn histograms_are_told_in_seconds_and_cumulated() {
        let mut counts = Counts::default();
        for micros in [4_000, 5_000, 30_000, 20_000_000] {
            counts.note(series(&REQUEST_SECONDS, &["/", "GET"]), micros);
        }
        let mut page = Page::default();
        page.counts(&counts);
        let text = page.into_text().unwrap();
        let labels = r#"endpoint="/",method="GET",hostname="host""#;
        for (bound, count) in [("0.005", 2), ("0.05", 3), ("10", 3), ("+Inf", 4)] {
            let line = format!(
                "promgen_requests_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {count}\n"
            );
            assert!(text.contains(&line), "{line} in {text}");
        }
        let sum = format!("promgen_requests_duration_seconds_sum{{{labels}}} 20.039");
        assert!(text.contains(&sum), "{text}");
    }

    #[test]
    fn labels_are_escaped_and_series_sorted() {
        let mut counts = Counts::default();
        counts.note(series(&ATTEMPTS, &["b\"\n\\", "sent", ""]), 1);
        counts.note(series(&ATTEMPTS, &["a", "sent", ""]), 1);
        let mut page = Page::default();
        page.counts(&counts);
        let text = page.into_text().unwrap();
        let a = text.find(r#"driver="a""#).unwrap();
        assert!(a < text.find(r#"driver="b\"\n\\""#).unwrap(), "{text}");
        assert!(text.contains("# TYPE promgen_delivery_attempts_total counter\n"));
    }
}
