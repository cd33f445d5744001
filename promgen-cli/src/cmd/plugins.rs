//! `promgen plugins`

use promgen_core::plugin::PluginReport;

use crate::args::{Args, Format};
use crate::error::CommandError;
use crate::{output, session};

pub(super) fn run(args: &Args, format: Format) -> Result<(), CommandError> {
    let settings = session::settings(args)?.settings;
    let plugins = session::registry()?.report(&settings);
    output::result(format, &plugins, || {
        let row = |plugin: &PluginReport| {
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
