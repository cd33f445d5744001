//! `promgen plugins`

use promgen_core::plugin::NotifierKind;
use serde::Serialize;

use crate::args::Format;
use crate::error::CommandError;
use crate::{output, session};

#[derive(Debug, Serialize)]
struct Plugin {
    kind: &'static str,
    key: &'static str,
    label: &'static str,
    help: &'static str,
}

pub(super) fn run(format: Format) -> Result<(), CommandError> {
    let registry = session::registry()?;
    let notifiers = registry.notifiers().map(|description| Plugin {
        kind: match description.kind {
            NotifierKind::Send(_) => "notifier",
            NotifierKind::FanOut => "subscription",
        },
        key: description.key,
        label: description.label,
        help: description.help,
    });
    let discoveries = registry.discoveries().map(|description| Plugin {
        kind: "discovery",
        key: description.key,
        label: description.label,
        help: description.help,
    });
    let plugins: Vec<Plugin> = notifiers.chain(discoveries).collect();
    output::result(format, &plugins, || {
        let row = |plugin: &Plugin| {
            [plugin.kind, plugin.key, plugin.label]
                .map(str::to_owned)
                .to_vec()
        };
        output::table(
            &["KIND", "KEY", "NAME"],
            &plugins.iter().map(row).collect::<Vec<_>>(),
        )
    })
}
