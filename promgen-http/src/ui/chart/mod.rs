//! Charts, drawn on the server as SVG: bars and a line, each with a table that says the same.
//!
//! No script and no style is needed for one; colours come from classes, and every mark tells its
//! numbers in its tooltip.

mod charts;
mod load_page;
mod part;
mod scale;

use charts::{alerts, load, load_at};
pub(crate) use charts::{deliveries, found};
pub(super) use load_page::routes;
use part::shard_load;
pub(crate) use part::{ChartOrWords, firing};

use std::borrow::Cow;

use askama::Template;

/// Size of the drawing, in units that grow with the page.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 150.0;

/// Room for the numbers at the left and for the times below.
const LEFT: f64 = 52.0;
const BELOW: f64 = 18.0;
const ABOVE: f64 = 8.0;

/// A chart.
#[derive(Debug, Clone, Template)]
#[template(path = "chart/chart.html")]
pub(crate) struct Chart {
    /// Its own on the page.
    id: &'static str,
    title: Cow<'static, str>,
    /// The gist, in a sentence.
    summary: String,
    /// What the colours stand for.
    legend: Vec<(&'static str, Cow<'static, str>)>,
    lines: Vec<GridLine>,
    ticks: Vec<Tick>,
    bars: Vec<Bar>,
    /// The points of a line; empty for none.
    path: String,
    table: Table,
    /// The words above the table.
    as_table: Cow<'static, str>,
}

impl askama::filters::HtmlSafe for Chart {}

/// A line across, with its number.
#[derive(Debug, Clone)]
struct GridLine {
    y: String,
    text: String,
}

/// A time below.
#[derive(Debug, Clone)]
struct Tick {
    x: String,
    anchor: &'static str,
    text: String,
}

/// A bar, or a part of one.
#[derive(Debug, Clone)]
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    class: &'static str,
    /// What it stands for.
    title: String,
}

/// The same as numbers.
#[derive(Debug, Clone, Default)]
struct Table {
    heads: Vec<Cow<'static, str>>,
    rows: Vec<Vec<String>>,
}

/// A series of bars.
struct Series {
    class: &'static str,
    name: Cow<'static, str>,
    values: Vec<u64>,
}

impl Chart {
    /// Whether there is nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.bars.is_empty() && self.path.is_empty()
    }

    /// Bars that stand on each other, one for each time.
    fn bars(
        id: &'static str,
        title: Cow<'static, str>,
        times: &[String],
        when: Cow<'static, str>,
        series: &[Series],
        as_table: Cow<'static, str>,
    ) -> Self {
        let sums = (0..times.len()).map(|at| sum_at(series, at));
        let scale = scale::Scale::of(scale::real(sums.max().unwrap_or(0)));
        let step = (WIDTH - LEFT) / scale::index(times.len().max(1));
        let mut bars = Vec::new();
        let mut rows = Vec::new();
        for (at, time) in times.iter().enumerate() {
            let mut below = 0;
            for one in series {
                let value = one.values.get(at).copied().unwrap_or(0);
                if value > 0 {
                    let top = scale.y(scale::real(below + value));
                    bars.push(Bar {
                        x: scale::text(LEFT + step * scale::index(at) + step * 0.1),
                        y: scale::text(top),
                        width: scale::text(step * 0.8),
                        height: scale::text(scale.y(scale::real(below)) - top),
                        class: one.class,
                        title: format!("{time}: {} {value}", one.name),
                    });
                }
                below += value;
            }
            if below > 0 {
                let values = series.iter().map(|one| one.values.get(at).copied());
                let values = values.map(|value| value.unwrap_or(0).to_string());
                rows.push(std::iter::once(time.clone()).chain(values).collect());
            }
        }
        let names = series.iter().map(|one| one.name.clone());
        let totals = series.iter().map(|one| {
            let total: u64 = one.values.iter().sum();
            format!("{}: {total}", one.name)
        });
        Self {
            id,
            title,
            summary: totals.collect::<Vec<_>>().join(", "),
            legend: series
                .iter()
                .map(|one| (one.class, one.name.clone()))
                .collect(),
            lines: scale.lines(),
            ticks: ticks(times, step),
            bars,
            path: String::new(),
            table: Table {
                heads: std::iter::once(when).chain(names).collect(),
                rows,
            },
            as_table,
        }
    }
}

fn sum_at(series: &[Series], at: usize) -> u64 {
    let values = series.iter().filter_map(|one| one.values.get(at));
    values.sum()
}

/// The first and the last time, and some between them.
fn ticks(times: &[String], step: f64) -> Vec<Tick> {
    let last = times.len().saturating_sub(1);
    let every = (last / 3).max(1);
    let shown = times
        .iter()
        .enumerate()
        .filter(|(at, _)| *at == last || (at % every == 0 && at + every / 2 < last));
    let tick = |(at, time): (usize, &String)| Tick {
        x: scale::text(if at == last {
            WIDTH
        } else {
            LEFT + step * scale::index(at)
        }),
        anchor: if at == last { "end" } else { "start" },
        text: time.clone(),
    };
    shown.map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[u64], dead: &[u64]) -> Chart {
        let times: Vec<String> = (0..values.len()).map(|at| format!("day <{at}>")).collect();
        let series = [
            Series {
                class: "good",
                name: "sent".into(),
                values: values.to_vec(),
            },
            Series {
                class: "bad",
                name: "dead".into(),
                values: dead.to_vec(),
            },
        ];
        Chart::bars(
            "days",
            "Deliveries".into(),
            &times,
            "Day".into(),
            &series,
            "As a table".into(),
        )
    }

    #[test]
    fn bars_stand_on_each_other_and_are_told_as_a_table() {
        let chart = chart(&[3, 0, 5], &[1, 0, 0]);
        assert_eq!(chart.bars.len(), 3);
        let top: f64 = chart.bars[1].y.parse().unwrap();
        let below: f64 = chart.bars[0].y.parse().unwrap();
        let height: f64 = chart.bars[1].height.parse().unwrap();
        assert!(
            (top + height - below).abs() < 0.2,
            "the one stands on the other"
        );
        assert_eq!(chart.summary, "sent: 8, dead: 1");
        assert_eq!(
            chart.table.rows.len(),
            2,
            "days without anything are left out"
        );
        let html = chart.to_string();
        assert!(
            html.contains("<title>day &#60;0&#62;: sent 3</title>"),
            "{html}"
        );
        assert!(html.contains("role=\"img\"") && !html.contains("style="));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(chart(&[0, 0], &[0, 0]).is_empty());
        assert!(chart(&[], &[]).is_empty());
        assert!(!chart(&[u64::MAX / 4, 1], &[0, 0]).is_empty());
    }
}
