//! All silences that somebody may see.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences::{self, SilenceError, SilenceState, Silenced};
use promgen_core::app::{AppError, Listed};

use super::row::{SilenceRow, parameter, silence_row};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Chip, Chips, Empty, Pager, Sheet, with_query};

/// Silences on a page.
const SIZE: u64 = 50;

/// Parameters that are no matchers.
const OWN: [&str; 2] = ["page", "state"];

#[derive(Template)]
#[template(path = "silences/list.html")]
struct List {
    frame: Frame,
    trouble: Vec<String>,
    chips: Chips,
    expired: bool,
    other: String,
    rows: Vec<SilenceRow>,
    pager: Pager,
    empty: Empty,
}

/// `GET /silence`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let (all, trouble) = all(&server, &viewer).await?;
    let expired = sheet.filter("state") == Some("expired");
    let chosen: Vec<(String, String)> = sheet
        .pairs()
        .iter()
        .filter(|(name, value)| !OWN.contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let mut wanted: Vec<Silenced> = all
        .into_iter()
        .filter(|silence| (silence.state == SilenceState::Expired) == expired)
        .filter(|silence| is_chosen(silence, &chosen))
        .collect();
    // What ends next comes first; of what is over, what ended last.
    wanted.sort_by(|a, b| {
        let soonest = (a.ends_at, &a.id).cmp(&(b.ends_at, &b.id));
        if expired { soonest.reverse() } else { soonest }
    });
    let listed = Listed::cut(wanted, sheet.slice(SIZE));
    let title = t.say("frame-silences");
    let empty = if chosen.is_empty() && !expired {
        Empty::new(t.say("silences-none")).next(t.say("silences-new"), "/silence/new")
    } else {
        Empty::new(t.say("silences-none-found")).next(t.say("silences-all"), "/silence")
    };
    let state = if expired { "" } else { "expired" };
    viewer.show(&List {
        trouble,
        chips: Chips {
            chips: chips(&chosen, expired),
        },
        other: with_query(viewer.here(), "state", state),
        expired,
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .iter()
            .map(|silence| silence_row(silence, t))
            .collect(),
        empty,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}

/// The silences, and why these may not be all: an Alertmanager that is away is no error of a page.
async fn all(server: &Server, viewer: &Viewer) -> Result<(Vec<Silenced>, Vec<String>), HttpError> {
    match silences::list(&server.app, viewer.actor()).await {
        Ok(merged) => Ok((merged.items, merged.warnings)),
        Err(AppError::Silence(error @ (SilenceError::NotConfigured | SilenceError::Failed(_)))) => {
            let text = format!("{error}; {}", error.remedy());
            Ok((Vec::new(), vec![text]))
        }
        Err(error) => Err(error.into()),
    }
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
            .any(|(name, value)| *name == parameter(matcher) && *value == matcher.value);
        if about && !equal {
            return false;
        }
        found |= equal;
    }
    found
}

fn chips(chosen: &[(String, String)], expired: bool) -> Vec<Chip> {
    let chip = |(at, (name, value)): (usize, &(String, String))| {
        let mut rest = chosen.to_vec();
        rest.remove(at);
        if expired {
            rest.push(("state".to_owned(), "expired".to_owned()));
        }
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(rest)
            .finish();
        Chip {
            name: name.clone(),
            value: value.clone(),
            link: Some(format!("/silence?{query}")),
            removes: true,
        }
    };
    chosen.iter().enumerate().map(chip).collect()
}

#[cfg(test)]
mod tests {
    use promgen_core::app::silences::RawMatcher;
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
}
