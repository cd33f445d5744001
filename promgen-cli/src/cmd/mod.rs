//! The commands, one file each.

mod alerts;
mod ask;
mod bootstrap;
mod check;
mod completions;
mod compose;
mod doctor;
mod export;
mod farm;
mod import;
mod migrate;
mod plugins;
mod refresh;
mod register;
mod servers;
mod token;
mod tree;
mod user;
mod users;
#[cfg(feature = "web")]
mod web;
mod worker;

#[cfg(feature = "web")]
pub(crate) use worker::on_signal;

use promgen_core::app::Export;

use crate::args::{Alerts, Args, Command};
use crate::error::CommandError;
use crate::output::complain;

/// Runs the command that was asked for.
pub(crate) async fn run(args: Args) -> Result<(), CommandError> {
    tell_ignored(&args);
    match &args.command {
        #[cfg(feature = "web")]
        Command::Web(web) => web::run(&args, web).await,
        Command::Worker(worker) => worker::run(&args, worker).await,
        Command::Migrate => migrate::run(&args).await,
        Command::Check => check::run(&args),
        Command::Createsuperuser(user) => user::create(&args, user).await,
        Command::Changepassword {
            username,
            password_stdin,
        } => user::change_password(&args, username, *password_stdin).await,
        Command::Users(command) => users::run(&args, command).await,
        Command::Bootstrap => bootstrap::run(&args),
        Command::DockerComposeBootstrap { wait } => compose::run(&args, wait).await,
        Command::Collectstatic { .. } => {
            complain("note: nothing to do: pages and texts are in the program");
            Ok(())
        }
        Command::Shell { .. } => {
            let message = "there is no Python in this program, and no shell of it";
            let remedy = "use the commands (`promgen help`), `promgen tree`, or the REST API";
            Err(CommandError::other(message, remedy))
        }
        Command::Doctor { format } => doctor::run(&args, *format).await,
        Command::Token(token) => token::run(&args, token).await,
        Command::RegisterServer { .. }
        | Command::RegisterHost { .. }
        | Command::RegisterJob { .. }
        | Command::RegisterExporter { .. }
        | Command::LoadData { .. } => register::run(&args).await,
        Command::Targets(export) => export::run(&args, export, Export::Targets).await,
        Command::Rules(rules) if rules.v1 => {
            export::run(&args, &rules.export, Export::RulesV1).await
        }
        Command::Rules(rules) => export::run(&args, &rules.export, Export::Rules).await,
        Command::Urls(export) => export::run(&args, export, Export::Urls).await,
        Command::ImportRules(command) => import::rules(&args, command).await,
        Command::ImportJobs(command) => import::jobs(&args, command).await,
        Command::ImportProbe(command) => import::probes(&args, command).await,
        Command::Tree(tree) => tree::run(&args, tree).await,
        Command::Farm(farm) => farm::run(&args, farm).await,
        Command::Servers { format } => servers::run(&args, *format).await,
        Command::Alerts(alerts) => alerts::run(&args, alerts).await,
        Command::AlertsPrune(prune) => alerts::run(&args, &Alerts::Prune(*prune)).await,
        Command::AlertsIndex { force } => {
            alerts::run(&args, &Alerts::Index { force: *force }).await
        }
        Command::AlertsTest(test) => alerts::run(&args, &Alerts::Test(test.clone())).await,
        Command::Completions { shell } => completions::run(*shell),
        Command::Plugins { format } => plugins::run(&args, *format),
    }
}

/// Says which options of the original were given and do nothing.
fn tell_ignored(args: &Args) {
    let ignored = [
        (args.no_color, "--no-color", "what is piped is not coloured"),
        (args.traceback, "--traceback", "-v 3 tells more"),
        (
            args.settings.is_some(),
            "--settings",
            "--config names the settings",
        ),
    ];
    for (_, option, instead) in ignored.iter().filter(|(given, ..)| *given) {
        complain(&format!("note: {option} has no meaning here: {instead}"));
    }
}
