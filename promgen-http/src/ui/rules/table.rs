//! Rules in a table: on the list of all, on the page of the site, in the tabs of services and
//! projects, and among what was found.

use askama::Template;
use promgen_core::app::rules::{Inherited, RuleRow};
use promgen_core::model::{RuleId, RuleOwner};

use super::{cut, full_name, home};
use crate::ui::frame::Frame;
use crate::ui::parts::{Chips, Headings};
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
    /// Whether each line says what its rule belongs to.
    placed: bool,
    /// The headings that sort the list, where it is more than what is shown.
    headings: Option<Headings>,
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    row: RuleRow,
    labels: Chips,
    /// What the rule belongs to, and where that is.
    owner: (String, String),
    /// Whether the rules after it belong to the same, and that stands above.
    first: bool,
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
            Line {
                first: before.replace(owner) != Some(owner),
                ..Line::of(row)
            }
        });
        Self::of(frame, caption, lines.collect())
    }

    /// Rules that each say what they belong to.
    pub(crate) fn placed(frame: &Frame, caption: impl Into<String>, rows: Vec<RuleRow>) -> Self {
        Self {
            placed: true,
            ..Self::plain(frame, caption, rows)
        }
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

    /// With headings that sort the list, and how many rules override each.
    #[must_use]
    pub(crate) fn sorted(mut self, headings: Headings) -> Self {
        self.headings = Some(headings);
        self
    }

    /// How many columns it has.
    fn columns(&self) -> usize {
        5 + usize::from(self.placed) + usize::from(self.headings.is_some())
    }

    fn of(frame: &Frame, caption: impl Into<String>, lines: Vec<Line>) -> Self {
        Self {
            t: frame.t.clone(),
            token: frame.token.clone(),
            back: frame.here.clone(),
            caption: caption.into(),
            placed: false,
            headings: None,
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
            owner: (full_name(&row.owner), home(row.owner.owner)),
            first: false,
            offer: Offer::Nothing,
            row,
        }
    }
}
