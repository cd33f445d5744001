//! Which silences somebody asks for: by state, by what stands in them, their own, and by matchers.

use promgen_core::app::silences::{RawMatcher, SilenceState, Silenced};
use url::form_urlencoded;

use super::row::marked;
use crate::ui::parts::{ORDER, Odd, Sheet, label_of, label_parameter};

/// The states by their words in the query.
pub(super) const STATES: [(&str, SilenceState); 3] = [
    ("active", SilenceState::Active),
    ("pending", SilenceState::Pending),
    ("expired", SilenceState::Expired),
];

/// Parameters that are no matchers. The last three are the row in which another one is put together.
const OTHERS: [&str; 8] = [
    "page", ORDER, "state", "search", "mine", "label", "operator", "value",
];

/// The operator of a matcher that must not match, in that row.
pub(super) const NOT: &str = "!=";

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Those in this state; without one, those that are not over.
    pub(super) state: Option<SilenceState>,
    /// Those that hold this text.
    pub(super) search: String,
    /// Those that whoever looks made.
    pub(super) mine: bool,
    /// The order, as the query has it; empty for that of the list.
    pub(super) order: String,
    /// Those with these matchers: label, with a mark where it must not match, and value.
    pub(super) matchers: Vec<(String, String)>,
    /// Filters that make no sense.
    pub(super) odd: Odd,
}

impl Asked {
    pub(super) fn read(sheet: &Sheet) -> Self {
        let mut odd = Odd::default();
        let named = |word: &str| STATES.into_iter().find(|(name, _)| word == *name);
        let named = odd.read(sheet, "state", named);
        let matcher = |(name, value): &(String, String)| {
            let label = label_of(name, &OTHERS)?;
            (!value.is_empty()).then(|| (label.to_owned(), value.clone()))
        };
        let given = sheet.pairs().iter().filter_map(matcher);
        let mut matchers: Vec<(String, String)> = Vec::new();
        for one in given.chain(put_together(sheet)) {
            if !matchers.contains(&one) {
                matchers.push(one);
            }
        }
        Self {
            state: named.map(|(_, state)| state),
            search: sheet.filter("search").unwrap_or_default().trim().to_owned(),
            mine: sheet.filter("mine").is_some(),
            order: sheet.filter(ORDER).unwrap_or_default().to_owned(),
            matchers,
            odd,
        }
    }

    /// Whether nothing narrows the list.
    pub(super) fn is_all(&self) -> bool {
        *self
            == Self {
                order: self.order.clone(),
                ..Self::default()
            }
    }

    /// The list of those that have a matcher too, and are all else that is asked for.
    pub(super) fn with(&self, matcher: &RawMatcher) -> String {
        let one = (marked(matcher), matcher.value.clone());
        let mut all = self.clone();
        if !all.matchers.contains(&one) {
            all.matchers.push(one);
        }
        all.address()
    }

    /// The list without the matcher at this place.
    pub(super) fn without(&self, at: usize) -> String {
        let mut rest = self.clone();
        rest.matchers.remove(at);
        rest.address()
    }

    /// The list of those.
    pub(super) fn address(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.parameters())
            .extend_pairs(self.others())
            .finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/silence{mark}{query}")
    }

    /// The matchers that are asked for, as the query has them.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        let matchers = self.matchers.iter();
        matchers
            .map(|(name, value)| (label_parameter(name, &OTHERS), value.clone()))
            .collect()
    }

    /// What is asked for beside matchers, as the query has it.
    fn others(&self) -> Vec<(String, String)> {
        let named = STATES
            .into_iter()
            .find(|(_, state)| self.state == Some(*state));
        let state = named.map_or("", |(word, _)| word);
        let mine = if self.mine { "on" } else { "" };
        [
            ("state", state),
            ("search", self.search.as_str()),
            ("mine", mine),
            (ORDER, &self.order),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }

    /// Whether a silence is one of them, to whoever is called so.
    pub(super) fn finds(&self, silence: &Silenced, username: Option<&str>) -> bool {
        let in_state = match self.state {
            Some(state) => silence.state == state,
            None => silence.state != SilenceState::Expired,
        };
        let is_own = !self.mine || username == Some(silence.created_by.as_str());
        in_state && is_own && holds(silence, &self.search) && is_chosen(silence, &self.matchers)
    }
}

/// The matcher of the row in which one is put together.
fn put_together(sheet: &Sheet) -> Option<(String, String)> {
    let (label, value) = (sheet.filter("label")?.trim(), sheet.filter("value")?);
    let mark = if sheet.filter("operator") == Some(NOT) {
        "!"
    } else {
        ""
    };
    (!label.is_empty()).then(|| (format!("{mark}{label}"), value.to_owned()))
}

/// Whether a silence has a text in its comment, its author or its matchers, or as its id.
fn holds(silence: &Silenced, search: &str) -> bool {
    let wanted = search.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let in_matcher = |one: &RawMatcher| has(&one.name) || has(&one.value);
    let is_id = silence.places.iter().any(|place| place.id == search);
    is_id
        || has(&silence.comment)
        || has(&silence.created_by)
        || silence.matchers.iter().any(in_matcher)
}

/// Whether every matcher of a label that is asked for is one that is asked for, and one is (spec 08
/// §18).
fn is_chosen(silence: &Silenced, chosen: &[(String, String)]) -> bool {
    if chosen.is_empty() {
        return true;
    }
    let label = |name: &str| name.trim_start_matches('!').to_owned();
    let mut found = false;
    for matcher in &silence.matchers {
        let about = chosen.iter().any(|(name, _)| label(name) == matcher.name);
        let equal = chosen
            .iter()
            .any(|(name, value)| *name == marked(matcher) && *value == matcher.value);
        if about && !equal {
            return false;
        }
        found |= equal;
    }
    found
}

#[cfg(test)]
mod tests {
    use promgen_core::model::Timestamp;

    use super::*;

    fn silence(matchers: &[(&str, &str, bool)]) -> Silenced {
        let matcher = |(name, value, is_equal): &(&str, &str, bool)| RawMatcher {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            is_regex: false,
            is_equal: *is_equal,
        };
        Silenced {
            json: serde_json::Value::Null,
            id: String::new(),
            matchers: matchers.iter().map(matcher).collect(),
            starts_at: Timestamp(0),
            ends_at: Timestamp(0),
            updated_at: Timestamp(0),
            created_by: String::new(),
            comment: String::new(),
            state: SilenceState::Active,
            places: Vec::new(),
            may_edit: false,
        }
    }

    #[test]
    fn all_matchers_of_a_label_must_be_asked_for_and_one_must_match() {
        let chosen = |pairs: &[(&str, &str)], matchers: &[(&str, &str, bool)]| {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let pairs: Vec<(String, String)> = pairs.iter().map(pair).collect();
            is_chosen(&silence(matchers), &pairs)
        };
        let shop = [("service", "shop", true), ("instance", "a", true)];
        assert!(chosen(&[], &shop));
        assert!(chosen(&[("service", "shop")], &shop));
        assert!(!chosen(&[("service", "bank")], &shop));
        assert!(!chosen(&[("project", "web")], &shop), "none matches");
        assert!(chosen(&[("service", "shop"), ("project", "web")], &shop));
        assert!(!chosen(
            &[("service", "shop")],
            &[("service", "shop", false)]
        ));
        assert!(chosen(
            &[("!service", "shop")],
            &[("service", "shop", false)]
        ));
    }

    #[test]
    fn silences_are_found_by_state_text_and_author() {
        let mut one = silence(&[("service", "Shop", true)]);
        one.comment = "Deploy of the year".to_owned();
        one.created_by = "maria".to_owned();
        let asked = |state, search: &str, mine| Asked {
            state,
            search: search.to_owned(),
            mine,
            order: String::new(),
            matchers: Vec::new(),
            odd: Odd::default(),
        };
        let found = |asked: &Asked, one: &Silenced| asked.finds(one, Some("maria"));
        for text in ["", "deploy", "shop", "MARIA"] {
            assert!(found(&asked(None, text, true), &one), "{text}");
        }
        assert!(!found(&asked(None, "bank", false), &one));
        assert!(!asked(None, "", true).finds(&one, Some("eve")));
        assert!(!found(&asked(Some(SilenceState::Pending), "", false), &one));
        one.state = SilenceState::Expired;
        assert!(!found(&asked(None, "", false), &one));
        assert!(found(&asked(Some(SilenceState::Expired), "", false), &one));
    }

    #[test]
    fn what_is_asked_for_beside_matchers_stays_in_links() {
        let asked = Asked {
            state: Some(SilenceState::Expired),
            search: "a b".to_owned(),
            mine: true,
            order: "-starts".to_owned(),
            matchers: Vec::new(),
            odd: Odd::default(),
        };
        let matcher = RawMatcher {
            name: "page".to_owned(),
            value: "x".to_owned(),
            is_regex: false,
            is_equal: true,
        };
        let others = "state=expired&search=a+b&mine=on&sort=-starts";
        assert_eq!(
            asked.with(&matcher),
            format!("/silence?label.page=x&{others}")
        );
        let one = Asked {
            matchers: vec![("page".to_owned(), "x".to_owned())],
            ..asked.clone()
        };
        assert_eq!(
            one.with(&matcher),
            asked.with(&matcher),
            "it is there already"
        );
        assert_eq!(one.without(0), format!("/silence?{others}"));
        assert_eq!(Asked::default().address(), "/silence");
    }
}
