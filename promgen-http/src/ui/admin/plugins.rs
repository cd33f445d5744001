//! The plugins of this program, and whether they can work.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::plugins;
use promgen_core::plugin::{PluginReport, Registry};

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::parts::{Badge, Tone};
use crate::ui::text::Texts;

#[derive(Template)]
#[template(path = "admin/plugins.html")]
struct PluginsPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    plugin: PluginReport,
    kind: &'static str,
    label: Cow<'static, str>,
    help: Cow<'static, str>,
    state: Badge,
}

/// `GET /admin/plugins`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let all = plugins::list(&server.app, viewer.actor())?;
    let registry = server.app.registry();
    viewer.show(&PluginsPage {
        frame: viewer.frame(t.say("admin-plugins"), super::crumbs(t, "admin-plugins")),
        rows: all
            .into_iter()
            .map(|plugin| row(plugin, registry, t))
            .collect(),
    })
}

fn row(plugin: PluginReport, registry: &Registry, t: &Texts) -> Row {
    let [label, help] = t.plugin(registry, &plugin);
    Row {
        label,
        help,
        kind: match plugin.kind {
            "discovery" => "admin-plugin-discovery",
            "login" => "admin-plugin-login",
            _ => "admin-plugin-notifier",
        },
        state: match plugin.problem {
            None => Badge::new(Tone::Good, t.say("admin-plugin-ready")),
            Some(_) => Badge::new(Tone::Warn, t.say("admin-plugin-unset")),
        },
        plugin,
    }
}
