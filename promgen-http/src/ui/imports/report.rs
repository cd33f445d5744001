//! What an import did, or would do, in words.

use std::collections::BTreeMap;

use askama::Template;
use promgen_core::import::ImportReport;

use crate::ui::frame::Notice;
use crate::ui::parts::{Remark, remarks};
use crate::ui::text::Texts;

/// Most warnings that are told on the next page; a cookie holds no more.
const MOST_NOTICES: usize = 3;

/// Most changes and warnings that a preview shows.
const MOST: usize = 100;

/// What an import would do.
#[derive(Debug, Clone, Template)]
#[template(path = "imports/report.html")]
pub(crate) struct Report {
    t: Texts,
    counts: Vec<(&'static str, usize, usize)>,
    changes: Vec<String>,
    warnings: Vec<Remark>,
}

impl askama::filters::HtmlSafe for Report {}

impl Report {
    /// What an import that was only worked out would do.
    pub(crate) fn preview(t: &Texts, report: &ImportReport) -> Self {
        let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for (kind, count) in &report.imported {
            counts.entry(kind).or_default().0 = *count;
        }
        for (kind, count) in &report.skipped {
            counts.entry(kind).or_default().1 = *count;
        }
        let counts = counts.into_iter();
        let changes = report.changed.iter().take(MOST);
        let changes =
            changes.map(|one| format!("{} {} ({})", one.kind, one.name, one.fields.join(", ")));
        Self {
            t: t.clone(),
            counts: counts
                .map(|(kind, (new, there))| (kind, new, there))
                .collect(),
            changes: changes.collect(),
            warnings: remarks(report.warnings.iter().take(MOST), t),
        }
    }

    /// What an import did, for the next page.
    pub(crate) fn notices(t: &Texts, report: &ImportReport) -> Vec<Notice> {
        let list = |counts: &BTreeMap<&'static str, usize>| {
            let list = counts
                .iter()
                .map(|(kind, count)| format!("{kind}: {count}"));
            list.collect::<Vec<_>>().join(", ")
        };
        let mut notices = Vec::new();
        if report.imported.is_empty() && report.changed.is_empty() {
            notices.push(Notice::info(t.say("imports-nothing")));
        } else {
            let mut done = list(&report.imported);
            if !report.changed.is_empty() {
                let count = u64::try_from(report.changed.len()).unwrap_or(u64::MAX);
                done = format!("{done} {}", t.count("imports-changed-count", count));
            }
            notices.push(Notice::success(t.name("imports-imported", done.trim())));
        }
        if !report.skipped.is_empty() {
            let skipped = list(&report.skipped);
            notices.push(Notice::info(t.name("imports-skipped", skipped)));
        }
        let left = MOST_NOTICES - notices.len();
        let warnings = report.warnings.iter().take(left);
        notices.extend(Notice::warnings(warnings, t));
        notices
    }
}
