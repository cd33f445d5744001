//! `promgen-server`: the HTTP server alone, with the worker inside, set by `promgen.yml` and the
//! environment. `promgen web` of the command line does the same and more.

use std::process::ExitCode;
use std::sync::Arc;

use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{App, Options, SchemaPolicy};
use promgen_core::config::{self, Sources};
use promgen_core::model::SystemClock;
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_http::{Bind, ServeOptions, serve};
use promgen_plugins as _;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn sources() -> std::io::Result<Sources> {
    Ok(Sources {
        config: None,
        database: None,
        env: std::env::vars().collect(),
        working_dir: std::env::current_dir()?,
        home: std::env::home_dir(),
    })
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let loaded = config::load(&sources()?).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let bind: Bind = std::env::args()
        .nth(1)
        .unwrap_or("127.0.0.1:8000".to_owned())
        .parse()?;
    let listener = bind.listen().await?;
    let app = App::open(Options {
        settings: loaded.settings,
        registry: Registry::linked()?,
        clock: Arc::new(SystemClock),
        create: Create::IfMissing,
        schema: SchemaPolicy::Migrate,
    })
    .await?;
    let stop = CancellationToken::new();
    let ending = stop.clone();
    let queues = Queues {
        alerts: true,
        servers: Vec::new(),
    };
    let (served, worked, ()) = tokio::join!(
        serve(
            app.clone(),
            vec![listener],
            stop.clone(),
            ServeOptions::default()
        ),
        worker::run(app.clone(), queues, stop),
        async move {
            tokio::signal::ctrl_c().await.ok();
            ending.cancel();
        }
    );
    app.close().await;
    served?;
    worked?;
    Ok(())
}
