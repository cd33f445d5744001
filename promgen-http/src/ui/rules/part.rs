//! The rules tab of a service or project: its own rules, and those that it can override.

use askama::Template;
use promgen_core::app::rules::RulesTab;
use promgen_core::model::RuleOwner;
use promgen_core::store::RuleKey;

use super::{RuleTable, home, number};
use crate::ui::frame::{Frame, Viewer};
use crate::ui::parts::{Empty, Headings, ORDER, Sheet};
use crate::ui::text::Texts;

/// What stands in the tab. The page that has it makes it with
/// [`rules::tab`](promgen_core::app::rules::tab).
#[derive(Debug, Clone, Template)]
#[template(path = "rules/part.html")]
pub(crate) struct RulesPart {
    t: Texts,
    own: RuleTable,
    empty: Option<Empty>,
    /// Where to register a rule, for whoever may.
    register: Option<String>,
    more: Option<More>,
    above: Vec<Above>,
}

/// Rules from above.
#[derive(Debug, Clone)]
struct Above {
    id: &'static str,
    /// `rules-of-service` or `rules-of-site`.
    title: &'static str,
    count: u64,
    table: RuleTable,
    more: Option<More>,
}

/// The way to rules that did not fit.
#[derive(Debug, Clone)]
struct More {
    count: u64,
    link: String,
}

impl askama::filters::HtmlSafe for RulesPart {}

impl RulesPart {
    /// The sheet of the own rules.
    pub(crate) fn sheet(sheet: &Sheet) -> Sheet {
        sheet.part("rules", "rules")
    }

    /// The part of a page in whose tab `#rules` it stands.
    pub(crate) fn of(viewer: &Viewer, frame: &Frame, tab: RulesTab, sheet: &Sheet) -> Self {
        let headings = Headings::new::<RuleKey>(viewer.here(), &Self::sheet(sheet));
        let headings = headings.in_effect("name");
        let t = frame.t.clone();
        let owner = tab.owner;
        let register = tab.may_edit.then(|| format!("{}/rule", home(owner)));
        let empty = tab.own.items.is_empty().then(|| {
            let empty = Empty::new(t.say("rules-none-own"));
            match &register {
                Some(link) => empty.next(t.say("rules-register"), link.clone()),
                None => empty,
            }
        });
        let below = tab.may_edit.then_some(owner);
        let mut above = Vec::new();
        if let Some((id, rules)) = tab.of_service {
            above.push(Above {
                id: "service-rules",
                title: "rules-of-service",
                count: rules.count,
                more: more(RuleOwner::Service(id), rules.count, rules.items.len()),
                table: RuleTable::inherited(frame, t.say("rules-of-service"), below, rules.items)
                    .at("#rules"),
            });
        }
        let site = tab.of_site;
        above.push(Above {
            id: "site-rules",
            title: "rules-of-site",
            count: site.count,
            more: more(RuleOwner::Site, site.count, site.items.len()),
            table: RuleTable::inherited(frame, t.say("rules-of-site"), below, site.items)
                .at("#rules"),
        });
        let left = more(owner, tab.own.count, tab.own.items.len());
        Self {
            more: left.map(|more| more.sorted(&headings)),
            own: RuleTable::plain(frame, t.say("rules-own"), tab.own.items)
                .at("#rules")
                .sorted(headings),
            empty,
            register,
            above,
            t,
        }
    }
}

impl More {
    /// In the order of the rules that fit.
    fn sorted(mut self, headings: &Headings) -> Self {
        if let Some(order) = headings.asked() {
            self.link = format!("{}&{ORDER}={order}", self.link);
        }
        self
    }
}

fn more(owner: RuleOwner, count: u64, shown: usize) -> Option<More> {
    let left = count.saturating_sub(number(shown));
    (left > 0).then(|| More {
        count: left,
        link: format!(
            "/rule?content_type={}&object_id={}",
            owner.kind(),
            owner.id()
        ),
    })
}
