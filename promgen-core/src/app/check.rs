//! What `promgen check` looks at without a database: settings, output folders, drivers.

use std::path::Path;
use std::sync::Arc;

use super::login;
use crate::config::Settings;
use crate::model::Problem;
use crate::plugin::{DriverSettings, Notifier, NotifierKind, PluginError, Registry};

/// Looks through the settings for what will not work. Ids of the original's checks
/// (`promgen.W001` to `W003`) stand in the messages.
pub fn run(settings: &Settings, registry: &Registry) -> Vec<Problem> {
    let mut problems = without_complaints(settings, registry);
    problems.extend(complaints(settings, registry));
    problems
}

/// As [`run`], but without what drivers lack that nobody may use: whoever has the database asks
/// those that are in use.
pub(super) fn without_complaints(settings: &Settings, registry: &Registry) -> Vec<Problem> {
    let mut problems = missing_settings(settings);
    problems.extend(unwritable_outputs(settings));
    problems.extend(promtool(settings));
    problems.extend(plugins(settings, registry));
    problems.extend(login::problems(settings, registry));
    problems
}

fn missing_settings(settings: &Settings) -> Vec<Problem> {
    let prometheus = &settings.prometheus;
    let wanted = [
        ("prometheus.url", prometheus.url.is_some()),
        ("prometheus.rules", prometheus.rules.is_some()),
        ("prometheus.targets", prometheus.targets.is_some()),
        ("prometheus.blackbox", prometheus.blackbox.is_some()),
        ("prometheus.promtool", prometheus.promtool.is_some()),
    ];
    let missing = wanted.into_iter().filter(|(_, present)| !present);
    missing
        .map(|(field, _)| {
            let remedy = "set it on hosts where a worker deploys to a Prometheus";
            Problem::warning(field, "is not set (promgen.W001)", remedy)
        })
        .collect()
}

fn unwritable_outputs(settings: &Settings) -> Vec<Problem> {
    let prometheus = &settings.prometheus;
    let outputs = [
        ("prometheus.rules", &prometheus.rules),
        ("prometheus.targets", &prometheus.targets),
        ("prometheus.blackbox", &prometheus.blackbox),
    ];
    let mut problems = Vec::new();
    for (field, path) in outputs {
        let Some(path) = path else { continue };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if let Err(error) = try_to_write(folder) {
            let message = format!(
                "cannot write in {}: {error} (promgen.W002)",
                folder.display()
            );
            let remedy = "make the folder, and let this user write there";
            problems.push(Problem::error(field, message, remedy));
        }
    }
    problems
}

/// Asks the system by doing it: permission bits tell too little (root, read-only mounts).
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".promgen-check-{}.tmp", std::process::id()));
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&probe)?;
    std::fs::remove_file(&probe)
}

fn promtool(settings: &Settings) -> Option<Problem> {
    let program = settings.prometheus.promtool.as_ref()?;
    let named = program.components().count() > 1;
    let found = if named {
        program.is_file()
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    };
    (!found).then(|| {
        let message = format!("{} is not a program (promgen.W003)", program.display());
        Problem::error(
            "prometheus.promtool",
            message,
            "give its full path, or leave it out",
        )
    })
}

/// Sections that no plugin reads, and plugins that refuse theirs: what `promgen web` and `promgen
/// worker` say when they start, for they start all the same.
pub fn plugins(settings: &Settings, registry: &Registry) -> Vec<Problem> {
    let mut problems: Vec<Problem> = settings
        .plugins
        .keys()
        .filter(|key| !registry.knows_section(key))
        .map(|key| {
            let remedy = "`promgen plugins` lists those that are";
            Problem::warning(key.as_str(), "is no plugin of this program", remedy)
        })
        .collect();
    let refused = |error: PluginError| Problem::error(error.key, error.message, error.remedy);
    let drivers = built(settings, registry);
    problems.extend(drivers.filter_map(|driver| driver.err().map(refused)));
    problems.extend(registry.notifiers().filter_map(|driver| {
        let strange = DriverSettings::of(settings, driver.key).only(driver.settings);
        let warning = |error: PluginError| Problem::warning(error.key, error.message, error.remedy);
        strange.err().map(warning)
    }));
    let sources = registry.discoveries();
    problems.extend(sources.filter_map(|source| (source.build)(settings).err().map(refused)));
    problems
}

/// What the drivers that take their settings have to say about them.
fn complaints(settings: &Settings, registry: &Registry) -> Vec<Problem> {
    let drivers = built(settings, registry).filter_map(Result::ok);
    drivers.flat_map(|driver| driver.problems()).collect()
}

fn built<'a>(
    settings: &'a Settings,
    registry: &'a Registry,
) -> impl Iterator<Item = Result<Arc<dyn Notifier>, PluginError>> + 'a {
    registry
        .notifiers()
        .filter_map(|description| match description.kind {
            NotifierKind::Send(build) => Some(build(settings)),
            NotifierKind::FanOut => None,
        })
}
