//! All silences that somebody may see.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences::{self, SilenceError, SilenceState, Silenced};
use promgen_core::app::{AppError, Listed};

use super::asked::{Asked, STATES};
use super::row::{SilenceRow, silence_row};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::parts::{Chip, Chips, Choice, Empty, Pager, Sheet};
use crate::ui::text::Texts;

/// Silences on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "silences/list.html")]
struct List {
    frame: Frame,
    trouble: Vec<String>,
    chips: Chips,
    states: Choices,
    asked: Asked,
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
    let asked = Asked::read(&sheet);
    let own = viewer.known().map(|user| user.username.as_str());
    let mut wanted: Vec<Silenced> = all
        .into_iter()
        .filter(|silence| asked.finds(silence, own))
        .collect();
    let expired = asked.state == Some(SilenceState::Expired);
    // What ends next comes first; of what is over, what ended last.
    wanted.sort_by(|a, b| {
        let soonest = (a.ends_at, &a.id).cmp(&(b.ends_at, &b.id));
        if expired { soonest.reverse() } else { soonest }
    });
    let listed = Listed::cut(wanted, sheet.slice(SIZE));
    let title = t.say("frame-silences");
    let empty = if asked == Asked::default() {
        Empty::new(t.say("silences-none")).next(t.say("silences-new"), "/silence/new")
    } else {
        Empty::new(t.say("silences-none-found")).next(t.say("silences-all"), "/silence")
    };
    viewer.show(&List {
        trouble,
        chips: Chips {
            chips: chips(&asked),
        },
        states: states(&asked, t),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .iter()
            .map(|silence| silence_row(silence, t))
            .collect(),
        empty,
        asked,
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

/// The matchers that are asked for; each leads to the list without it.
fn chips(asked: &Asked) -> Vec<Chip> {
    let chip = |(at, (name, value)): (usize, &(String, String))| {
        let mut rest = asked.matchers.clone();
        rest.remove(at);
        rest.extend(asked.others());
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
    asked.matchers.iter().enumerate().map(chip).collect()
}

/// The states to choose from: those that are not over, or one alone.
fn states(asked: &Asked, t: &Texts) -> Choices {
    let any = Choice::new("", t.say("silences-not-over"), asked.state.is_none());
    let named = STATES.map(|(word, state)| {
        let label = super::row::state(state, t);
        Choice::new(word, label, asked.state == Some(state))
    });
    Choices::of(std::iter::once(any).chain(named).collect())
}
