//! The charts that pages have.

use std::borrow::Cow;

use promgen_core::app::hours::{AlertHour, DeliveryDay};
use promgen_core::app::proxy::LoadPoint;
use promgen_core::model::Timestamp;

use super::{Chart, GridLine, LEFT, Series, Table, Tick, WIDTH, scale};
use crate::ui::text::Texts;

/// Letters of a time without its seconds.
const MINUTES: usize = 16;

/// Letters of a date.
const DATE: usize = 10;

/// A time without its seconds, in the zone of whoever reads it.
fn minutes(at: Timestamp, t: &Texts) -> String {
    t.zone.write(at).chars().take(MINUTES).collect()
}

/// The alerts of the last hours.
pub(crate) fn alerts(hours: &[AlertHour], t: &Texts) -> Chart {
    let times: Vec<String> = hours.iter().map(|hour| minutes(hour.hour, t)).collect();
    let series = [
        Series {
            class: "bad",
            name: t.say("charts-firing"),
            values: hours.iter().map(|hour| hour.firing).collect(),
        },
        Series {
            class: "good",
            name: t.say("charts-resolved"),
            values: hours.iter().map(|hour| hour.resolved).collect(),
        },
    ];
    let (title, when) = (t.say("charts-alerts"), t.say("charts-hour"));
    Chart::bars(
        "chart_alerts",
        title,
        &times,
        when,
        &series,
        t.say("charts-table"),
    )
}

/// How many series a query found at each of some times.
pub(crate) fn found(times: &[Timestamp], counts: Vec<u64>, t: &Texts) -> Chart {
    let times: Vec<String> = times.iter().map(|at| minutes(*at, t)).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let series = [Series {
        class: "bad",
        name: t.say("charts-found-series"),
        values: counts,
    }];
    let (title, when) = (t.say("charts-found"), t.say("charts-time"));
    Chart {
        summary: t.count("charts-found-summary", most),
        ..Chart::bars(
            "chart_found",
            title,
            &times,
            when,
            &series,
            t.say("charts-table"),
        )
    }
}

/// The deliveries of the last days.
pub(crate) fn deliveries(
    id: &'static str,
    title: impl Into<Cow<'static, str>>,
    days: &[DeliveryDay],
    t: &Texts,
) -> Chart {
    let day = |day: &DeliveryDay| t.zone.write(day.begin).chars().take(DATE).collect();
    let times: Vec<String> = days.iter().map(day).collect();
    let series = [
        Series {
            class: "good",
            name: t.say("charts-sent"),
            values: days.iter().map(|day| day.sent).collect(),
        },
        Series {
            class: "bad",
            name: t.say("charts-dead"),
            values: days.iter().map(|day| day.dead).collect(),
        },
    ];
    Chart::bars(
        id,
        title.into(),
        &times,
        t.say("charts-day"),
        &series,
        t.say("charts-table"),
    )
}

/// What a shard scraped, where it told so once: no line, but words.
pub(crate) fn load_at(point: &LoadPoint, t: &Texts) -> String {
    t.with(
        "charts-load-once",
        &[
            ("samples", scale::short(point.samples).into()),
            ("time", minutes(point.at, t).into()),
        ],
    )
}

/// How many samples a shard scraped over the last hours.
pub(crate) fn load(points: &[LoadPoint], t: &Texts) -> Chart {
    let greatest = points.iter().map(|point| point.samples).fold(0.0, f64::max);
    let scale = scale::Scale::of(greatest);
    let first = points.first().map_or(0, |point| point.at.0);
    let last = points.last().map_or(0, |point| point.at.0);
    let span = scale::real(u64::try_from(last - first).unwrap_or(0)).max(1.0);
    let x = |at: Timestamp| {
        let since = scale::real(u64::try_from(at.0 - first).unwrap_or(0));
        LEFT + (WIDTH - LEFT) * since / span
    };
    let place = |point: &LoadPoint| {
        let (x, y) = (x(point.at), scale.y(point.samples));
        format!("{},{}", scale::text(x), scale::text(y))
    };
    // One point alone is no line.
    let drawn = if points.len() > 1 { points } else { &[] };
    let places: Vec<String> = drawn.iter().map(place).collect();
    let lines: Vec<GridLine> = scale.lines();
    let ends = [(drawn.first(), "start"), (drawn.last(), "end")];
    let tick = |(point, anchor): (Option<&LoadPoint>, &'static str)| {
        let point = point?;
        Some(Tick {
            x: scale::text(x(point.at)),
            anchor,
            text: minutes(point.at, t),
        })
    };
    // As many rows as somebody reads: every half hour.
    let rows = drawn.iter().step_by(6);
    let row = |point: &LoadPoint| vec![minutes(point.at, t), format!("{:.0}", point.samples)];
    let latest = drawn.last().map_or(0.0, |point| point.samples);
    Chart {
        id: "chart_load",
        title: t.say("charts-load"),
        summary: t.with(
            "charts-load-summary",
            &[("samples", scale::short(latest).into())],
        ),
        legend: Vec::new(),
        lines,
        ticks: ends.into_iter().filter_map(tick).collect(),
        bars: Vec::new(),
        path: places.join(" "),
        table: Table {
            heads: vec![t.say("charts-time"), t.say("charts-samples")],
            rows: rows.map(row).collect(),
        },
        as_table: t.say("charts-table"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_told_by_its_most() {
        let times: Vec<Timestamp> = (0..4).map(|hour| Timestamp(hour * 3_600_000)).collect();
        let t = Texts::default();
        let html = found(&times, vec![0, 3, 1, 0], &t).to_string();
        assert!(html.contains("at most 3 at a time"), "{html}");
        assert_eq!(html.matches("<rect").count(), 2, "{html}");
        assert!(found(&times, vec![0; 4], &t).is_empty());
    }

    #[test]
    fn a_line_goes_from_the_first_point_to_the_last() {
        let point = |at, samples| LoadPoint {
            at: Timestamp(at),
            samples,
        };
        let t = Texts::default();
        let chart = load(
            &[point(0, 10.0), point(300_000, 2000.0), point(600_000, 0.0)],
            &t,
        );
        let places: Vec<&str> = chart.path.split(' ').collect();
        assert_eq!(places.len(), 3);
        assert!(places[0].starts_with("52.0,") && places[2].starts_with("720.0,"));
        assert!(chart.to_string().contains("<polyline"));
        assert!(load(&[point(0, 1.0)], &t).is_empty());
        assert!(load_at(&point(0, 4.0), &t).contains("4 "));
        assert!(load(&[], &t).is_empty());
    }
}
