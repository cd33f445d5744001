//! The commands, one file each.

mod alerts;
mod check;
mod export;
mod migrate;
mod plugins;
mod register;
mod servers;
mod token;
mod tree;
mod user;
#[cfg(feature = "web")]
mod web;
mod worker;

#[cfg(feature = "web")]
pub(crate) use worker::on_signal;

use crate::args::{Args, Command};
use crate::error::CommandError;

/// Runs the command that was asked for.
pub(crate) async fn run(args: Args) -> Result<(), CommandError> {
    match &args.command {
        #[cfg(feature = "web")]
        Command::Web(web) => web::run(&args, web).await,
        Command::Worker(worker) => worker::run(&args, worker).await,
        Command::Migrate => migrate::run(&args).await,
        Command::Check => check::run(&args),
        Command::Createsuperuser(user) => user::run(&args, user).await,
        Command::Token(token) => token::run(&args, token).await,
        Command::RegisterServer { .. }
        | Command::RegisterHost { .. }
        | Command::RegisterJob { .. }
        | Command::RegisterExporter { .. } => register::run(&args).await,
        Command::Targets(export) => export::run(&args, export, export::Kind::Targets).await,
        Command::Rules(export) => export::run(&args, export, export::Kind::Rules).await,
        Command::Urls(export) => export::run(&args, export, export::Kind::Urls).await,
        Command::Tree(tree) => tree::run(&args, tree).await,
        Command::Servers { format } => servers::run(&args, *format).await,
        Command::Alerts(alerts) => alerts::run(&args, alerts).await,
        Command::Plugins { format } => plugins::run(*format),
    }
}
