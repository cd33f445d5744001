//! What a silence would hide, before it is made.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences::{self, Preview, RawMatcher};

use super::form::{self, Purpose, Sent};
use super::matchers::MatcherRow;
use crate::Server;
use crate::error::HttpError;
use crate::ui::alerts::AlertCard;
use crate::ui::frame::{Posted, Viewer};
use crate::ui::text::Texts;

/// Most alerts and names that are shown.
const MOST: usize = 20;

/// What is shown above the form.
#[derive(Debug, Template)]
#[template(path = "silences/preview.html")]
pub(super) struct PreviewPart {
    t: Texts,
    count: u64,
    cards: Vec<AlertCard>,
    services: Vec<String>,
    projects: Vec<String>,
    more: usize,
    refused: Vec<String>,
    trouble: Vec<String>,
}

impl askama::filters::HtmlSafe for PreviewPart {}

/// `POST /silence/preview`: the form again, with what it would hide.
pub(super) async fn show(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let sent = Sent::new(&form);
    let id = form.text("silence");
    let purpose = Purpose {
        id: (!id.is_empty()).then(|| id.to_owned()),
    };
    let preview = preview(&server, &viewer, &sent).await?;
    form::show_with(&viewer, &purpose, &sent, &[], Some(preview))
}

async fn preview(server: &Server, viewer: &Viewer, sent: &Sent) -> Result<PreviewPart, HttpError> {
    let matchers: Vec<RawMatcher> = sent.rows.iter().map(MatcherRow::matcher).collect();
    let t = viewer.t();
    let found = silences::preview(&server.app, viewer.actor(), &matchers).await;
    let preview = match found {
        Ok(preview) => preview,
        Err(error) => {
            let problems = error.problems()?;
            let refused = problems.iter().map(|one| t.told(one));
            Preview {
                refused: refused.collect(),
                ..Preview::default()
            }
        }
    };
    let names = preview.services.len().max(preview.projects.len());
    let few = |mut names: Vec<String>| {
        names.truncate(MOST);
        names
    };
    Ok(PreviewPart {
        t: t.clone(),
        count: u64::try_from(preview.alerts.len()).unwrap_or(u64::MAX),
        cards: preview
            .alerts
            .iter()
            .take(MOST)
            .map(|alert| AlertCard::new(alert, &sent.next, t))
            .collect(),
        more: names.saturating_sub(MOST),
        services: few(preview.services),
        projects: few(preview.projects),
        refused: t.all_said(preview.refused),
        trouble: t.all_said(preview.trouble),
    })
}
