//! `promgen-server`: server and worker in one small program, set by `promgen.yml` and the
//! environment. `promgen web` does the same and more.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use mimalloc::MiMalloc;
use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{App, AppError, Options, SchemaPolicy};
use promgen_core::config::{self, Settings, Sources};
use promgen_core::model::{Problem, SystemClock};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{Bind, BindError, ServeError, ServeOptions, first_run, serve};
use promgen_plugins as _;
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// As in `promgen`: much that is allocated on one thread is given back on another.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const USAGE: &str = "\
Usage: promgen-server [--config FILE] [--database URL] [--bind ADDRESS]... [--no-worker]

Serves exports, takes alerts and delivers them. `promgen web` does the same and more.

  --config FILE    settings file; see docs/SETTINGS.md for where it is looked for else
  --database URL   database, before DATABASE_URL
  --bind ADDRESS   where to listen: HOST:PORT or unix:PATH; may be repeated
                   [default: 127.0.0.1:8000]
  --no-worker      leave the deliveries to `promgen worker` elsewhere
  --help, --version
";

/// Why the server did not run, or ended by itself.
#[derive(Debug, Error)]
enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("the settings cannot be used:\n{}", lines(.0))]
    Settings(Vec<Problem>),
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    System(#[from] std::io::Error),
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Failure {
    fn remedy(&self) -> String {
        match self {
            Self::App(error) => error.remedy().unwrap_or_default(),
            Self::Usage(_) => USAGE.to_owned(),
            _ => String::new(),
        }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Bind(BindError::NotAnAddress { .. }) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

#[derive(Debug, Default)]
struct Arguments {
    config: Option<PathBuf>,
    database: Option<String>,
    bind: Vec<Bind>,
    no_worker: bool,
    /// To be printed in the place of serving.
    print: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let Err(failure) = run().await else {
        return ExitCode::SUCCESS;
    };
    let text = format!("promgen-server: {failure}\n{}", failure.remedy());
    // Where standard error is closed, the exit code still tells.
    drop(writeln!(std::io::stderr(), "{}", text.trim_end()));
    failure.exit_code()
}

async fn run() -> Result<(), Failure> {
    let arguments = parse(std::env::args().skip(1))?;
    if let Some(text) = arguments.print {
        return Ok(std::io::stdout().write_all(text.as_bytes())?);
    }
    let settings = load(arguments.config, arguments.database)?;
    let mut listeners = Vec::new();
    for address in arguments.bind {
        listeners.push(address.listen().await?);
    }
    let app = App::open(Options {
        settings,
        registry: Registry::linked().map_err(AppError::from)?,
        clock: Arc::new(SystemClock),
        create: Create::IfMissing,
        schema: SchemaPolicy::Migrate,
    })
    .await?;
    for listener in &listeners {
        tracing::info!(address = %listener.bound(), "listening");
    }
    if let Some(line) = first_run(&app, &listeners).await? {
        writeln!(std::io::stderr(), "{line}")?;
    }
    let queues = Queues {
        alerts: !arguments.no_worker,
        servers: Vec::new(),
    };
    let stop = CancellationToken::new();
    let options = ServeOptions::default();
    let (served, worked, told) = tokio::join!(
        ending(&stop, serve(app.clone(), listeners, stop.clone(), options)),
        ending(&stop, worker::run(app.clone(), queues, stop.clone())),
        ending(&stop, told_to_stop(&stop)),
    );
    app.close().await;
    served?;
    worked?;
    Ok(told?)
}

/// Runs something after whose end nothing else goes on.
async fn ending<T>(stop: &CancellationToken, part: impl Future<Output = T>) -> T {
    let ended = part.await;
    stop.cancel();
    ended
}

/// Returns when SIGINT or SIGTERM arrives, or when something else ended the program.
async fn told_to_stop(stop: &CancellationToken) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => tracing::info!("interrupted"),
        _ = terminate.recv() => tracing::info!("told to end"),
        () = stop.cancelled() => {}
    }
    Ok(())
}

fn load(config: Option<PathBuf>, database: Option<String>) -> Result<Settings, Failure> {
    let sources = Sources::of_process(config, database)?;
    let loaded = config::load(&sources).map_err(Failure::Settings)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    Ok(loaded.settings)
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Arguments, Failure> {
    let mut parsed = Arguments::default();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || {
            let value = inline.clone().or_else(|| arguments.next());
            value.ok_or_else(|| Failure::Usage(format!("{name} needs a value")))
        };
        match name {
            "--config" => parsed.config = Some(value()?.into()),
            "--database" => parsed.database = Some(value()?),
            "--bind" | "-b" => parsed.bind.push(value()?.parse()?),
            "--no-worker" => parsed.no_worker = true,
            "--help" | "-h" => parsed.print = Some(USAGE.to_owned()),
            "--version" => {
                let version = env!("CARGO_PKG_VERSION");
                parsed.print = Some(format!("promgen-server {version}\n"));
            }
            other => return Err(Failure::Usage(format!("{other:?} is not understood"))),
        }
    }
    if parsed.bind.is_empty() {
        parsed.bind.push(Bind::Tcp("127.0.0.1:8000".to_owned()));
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, Failure> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_take_their_value_either_way() {
        let read = read("--config a.yml --bind=[::1]:0 -b unix:s --no-worker").unwrap();
        assert_eq!(read.config, Some(PathBuf::from("a.yml")));
        assert_eq!(read.bind.len(), 2);
        assert!(read.no_worker);
    }

    #[test]
    fn what_is_not_understood_is_a_mistake_of_usage() {
        for line in ["serve", "--bind", "--bind x", "--worker"] {
            let failure = read(line).unwrap_err();
            assert_eq!(failure.exit_code(), ExitCode::from(2), "{line}");
        }
    }
}
