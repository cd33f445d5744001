//! `promgen plugins`

use promgen_core::plugin::{NotifierKind, PluginError};
use serde::Serialize;

use crate::args::{Args, Format};
use crate::error::CommandError;
use crate::{output, session};

#[derive(Debug, Serialize)]
struct Plugin {
    kind: &'static str,
    key: &'static str,
    label: &'static str,
    help: &'static str,
    /// Why it cannot work with the settings as they are.
    problem: Option<String>,
}

pub(super) fn run(args: &Args, format: Format) -> Result<(), CommandError> {
    let settings = session::settings(args)?.settings;
    let registry = session::registry()?;
    let told = |error: PluginError| format!("{}; {}", error.message, error.remedy);
    let notifiers = registry.notifiers().map(|description| Plugin {
        kind: match description.kind {
            NotifierKind::Send(_) => "notifier",
            NotifierKind::FanOut => "subscription",
        },
        key: description.key,
        label: description.label,
        help: description.help,
        problem: match description.kind {
            NotifierKind::Send(build) => build(&settings).err().map(told),
            NotifierKind::FanOut => None,
        },
    });
    let discoveries = registry.discoveries().map(|description| Plugin {
        kind: "discovery",
        key: description.key,
        label: description.label,
        help: description.help,
        problem: (description.build)(&settings).err().map(told),
    });
    let listed = settings.login.backends();
    let backends = registry.backends().map(|description| Plugin {
        kind: "login",
        key: description.key,
        label: description.label,
        help: description.help,
        // One that is not listed is not used, and so need not be set.
        problem: listed
            .contains(&description.key)
            .then(|| (description.build)(&settings).err().map(told))
            .flatten(),
    });
    let plugins: Vec<Plugin> = notifiers.chain(discoveries).chain(backends).collect();
    output::result(format, &plugins, || {
        let row = |plugin: &Plugin| {
            let mut row = [plugin.kind, plugin.key, plugin.label]
                .map(str::to_owned)
                .to_vec();
            row.push(plugin.problem.clone().unwrap_or_default());
            row
        };
        output::table(
            &["KIND", "KEY", "NAME", "PROBLEM"],
            &plugins.iter().map(row).collect::<Vec<_>>(),
        )
    })
}
