//! Rules in a table: on the list of all, on the page of the site, in the tabs of services and
//! projects, and among what was found.

use askama::Template;
use promgen_core::app::rules::{Inherited, RuleRow};
use promgen_core::model::{RuleId, RuleOwner};

use super::{cut, full_name, home};
use crate::ui::frame::Frame;
use crate::ui::parts::Chips;
use crate::ui::text::Texts;

/// Most letters of a clause in a list.
const LONGEST: usize = 1000;

/// Most letters of a description or label in a list.
const LONGEST_WORDS: usize = 200;

/// Most labels of a rule in a list.
const MOST_LABELS: usize = 10;

/// A table of rules, with what may be done to each.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/table.html")]
pub(crate) struct RuleTable {
    t: Texts,
    token: String,
    /// Where a switch leads back to.
    back: String,
    caption: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    row: RuleRow,
    labels: Chips,
    /// What this rule and those after it belong to, and where that is.
    heading: Option<(String, String)>,
    /// What somebody below can do about a rule from above.
    offer: Offer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Offer {
    /// It is not from above, or they may not.
    Nothing,
    /// Override it for this service or project.
    Override(RuleOwner),
    /// They have done so.
    Overridden(RuleId),
}

impl askama::filters::HtmlSafe for RuleTable {}

impl RuleTable {
    /// Rules with a heading for each owner.
    pub(crate) fn grouped(frame: &Frame, caption: impl Into<String>, rows: Vec<RuleRow>) -> Self {
        let mut before = None;
        let lines = rows.into_iter().map(|row| {
            let owner = row.owner.owner;
            let first = before.replace(owner) != Some(owner);
            let heading = first.then(|| (full_name(&row.owner), home(owner)));
            Line {
                heading,
                ..Line::of(row)
            }
        });
        Self::of(frame, caption, lines.collect())
    }

    /// Rules of one owner.
    pub(crate) fn plain(frame: &Frame, caption: impl Into<String>, rows: Vec<RuleRow>) -> Self {
        Self::of(frame, caption, rows.into_iter().map(Line::of).collect())
    }

    /// Rules from above that somebody below can override, where they may.
    pub(crate) fn inherited(
        frame: &Frame,
        caption: impl Into<String>,
        below: Option<RuleOwner>,
        rules: Vec<Inherited>,
    ) -> Self {
        let line = |one: Inherited| Line {
            offer: match (one.overridden, below) {
                (Some(id), _) => Offer::Overridden(id),
                (None, Some(owner)) => Offer::Override(owner),
                (None, None) => Offer::Nothing,
            },
            ..Line::of(one.row)
        };
        Self::of(frame, caption, rules.into_iter().map(line).collect())
    }

    /// Switches lead back to a part of the page.
    #[must_use]
    pub(crate) fn at(mut self, part: &str) -> Self {
        self.back.push_str(part);
        self
    }

    fn of(frame: &Frame, caption: impl Into<String>, lines: Vec<Line>) -> Self {
        Self {
            t: frame.t.clone(),
            token: frame.token.clone(),
            back: frame.here.clone(),
            caption: caption.into(),
            lines,
        }
    }
}

impl Line {
    fn of(mut row: RuleRow) -> Self {
        let rule = &mut row.rule;
        rule.clause = cut(&rule.clause, LONGEST);
        rule.description = cut(&rule.description, LONGEST_WORDS);
        let labels = rule.labels.iter();
        let labels = labels.map(|(name, value)| (name.clone(), cut(value, LONGEST_WORDS)));
        Self {
            labels: Chips::plain(labels.take(MOST_LABELS)),
            heading: None,
            offer: Offer::Nothing,
            row,
        }
    }
}
