//! `/help`: what runs here, what has changed, and what programs find where. Open to everybody.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::Right;
use promgen_core::config::Settings;

use super::frame::{Anyone, Crumb, Frame};
use super::text::Texts;
use crate::Server;
use crate::error::HttpError;

#[derive(Template)]
#[template(path = "help/page.html")]
struct Help {
    frame: Frame,
    lead: String,
    told: Told,
    /// Whether whoever looks may open these.
    may: Open,
}

/// What somebody may open.
struct Open {
    exports: bool,
    programs: bool,
    metrics: bool,
}

/// `GET /help`
pub(crate) async fn help(
    State(server): State<Server>,
    Anyone(viewer): Anyone,
) -> Result<Response, HttpError> {
    let (t, settings) = (viewer.t(), server.app.settings());
    let version = env!("CARGO_PKG_VERSION");
    let may = |right| viewer.actor().require(right, settings).is_ok();
    viewer.show(&Help {
        frame: viewer.frame(t.say("help-title"), Vec::new()),
        lead: t.with("help-lead", &[("version", version.into())]),
        told: told(t, settings),
        may: Open {
            exports: may(Right::ReadExports),
            programs: may(Right::Look),
            metrics: may(Right::ReadMetrics),
        },
    })
}

/// What has changed, as it is written for whoever reads the source.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

#[derive(Template)]
#[template(path = "help/changelog.html")]
struct Changelog {
    frame: Frame,
    text: &'static str,
}

/// `GET /help/changelog`
pub(crate) async fn changelog(Anyone(viewer): Anyone) -> Result<Response, HttpError> {
    let title = viewer.t().say("help-changelog");
    let crumbs = vec![
        Crumb::new(viewer.t().say("frame-help"), "/help"),
        Crumb::here(title.clone()),
    ];
    // The heading is that of the page.
    let text = CHANGELOG.trim_start_matches("# Changelog").trim();
    viewer.show(&Changelog {
        frame: viewer.frame(title, crumbs),
        text,
    })
}

/// Who may have what.
struct Told {
    exports: String,
    receiver: String,
    metrics: String,
}

fn told(t: &Texts, settings: &Settings) -> Told {
    let with = |key, open, scope: &'static str| {
        let access = if open {
            t.say("help-open").into_owned()
        } else {
            t.with("help-scope", &[("scope", scope.into())])
        };
        t.with(key, &[("access", access.into())])
    };
    Told {
        exports: with("help-exports", settings.exports.anonymous, "read"),
        receiver: with("help-receiver", settings.alerts.anonymous, "alerts"),
        metrics: with("help-metrics", settings.metrics.anonymous, "read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_who_may_read_and_who_may_post() {
        let mut settings = Settings::default();
        settings.metrics.anonymous = true;
        let told = told(&Texts::default(), &settings);
        assert!(told.exports.contains("open to everybody"));
        assert!(
            told.receiver
                .contains("with a token that has the scope alerts")
        );
        assert!(told.metrics.contains("open to everybody"));
    }
}
