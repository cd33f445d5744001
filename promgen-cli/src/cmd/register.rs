//! `promgen register-server`, `register-host`, `register-job`, `register-exporter`, `loaddata`

use promgen_core::app::App;
use promgen_core::app::registration::{
    self, JobRegistration, Registered, ServerOutcome, ServerRegistered,
};

use crate::args::{Args, Command};
use crate::error::CommandError;
use crate::output::say;
use crate::session::{self, operator};

/// Exporters that many have, on the ports of Prometheus' list of default port allocations.
const PRESETS: &[(&str, u16, &str)] = &[
    ("node", 9100, ""),
    ("blackbox", 9115, ""),
    ("mysqld", 9104, ""),
    ("postgres", 9187, ""),
    ("redis", 9121, ""),
    ("memcached", 9150, ""),
    ("elasticsearch", 9114, ""),
    ("nginx", 9113, ""),
    ("apache", 9117, ""),
    ("haproxy", 9101, ""),
    ("snmp", 9116, ""),
    ("jmx", 8080, ""),
    ("process", 9256, ""),
    ("windows", 9182, ""),
];

pub(super) async fn run(args: &Args) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    register(&app, &args.command).await?;
    app.close().await;
    Ok(())
}

async fn register(app: &App, command: &Command) -> Result<(), CommandError> {
    let actor = operator();
    match command {
        Command::RegisterServer { shard, host, port } => {
            let done = registration::register_server(app, &actor, shard, host, *port).await?;
            tell_server(&done, host, *port);
        }
        Command::RegisterHost { project, host } => {
            let done = registration::register_host(app, &actor, project, host).await?;
            say(&match done {
                Registered::Created => format!("Registered host {host}"),
                Registered::Found => format!("Found existing host {host}"),
            });
        }
        Command::RegisterJob {
            project,
            job,
            port,
            path,
            enabled,
        } => {
            let wanted = JobRegistration {
                job,
                port: *port,
                path,
                enabled: *enabled,
            };
            let done = registration::register_job(app, &actor, project, &wanted).await?;
            say(&match done {
                Registered::Created => format!("Registered job {job}:{port}{path}"),
                Registered::Found => format!("Found existing job {job}:{port}{path}"),
            });
        }
        Command::LoadData { .. } => {
            presets(app).await?;
        }
        Command::RegisterExporter { job, port, path } => {
            let done = registration::register_exporter(app, &actor, job, *port, path).await?;
            say(&match done {
                Registered::Created => format!("Created {job}:{port}{path}"),
                Registered::Found => format!("Already exists {job}:{port}{path}"),
            });
        }
        _ => {}
    }
    Ok(())
}

/// Adds the usual exporters.
pub(super) async fn presets(app: &App) -> Result<(), CommandError> {
    let mut made = 0;
    for (job, port, path) in PRESETS {
        let done = registration::register_exporter(app, &operator(), job, *port, path).await?;
        made += usize::from(done == Registered::Created);
    }
    say(&format!("Created {made} of {} exporters", PRESETS.len()));
    Ok(())
}

pub(super) fn tell_server(done: &ServerRegistered, host: &str, port: u16) {
    let shard = &done.shard;
    if done.shard_created {
        say(&format!("Created shard {shard}"));
    }
    say(&match &done.outcome {
        ServerOutcome::Created => format!("Created {host}:{port} on {shard}"),
        ServerOutcome::Moved { from } => format!("Moved {host}:{port} from {from} to {shard}"),
        ServerOutcome::Unchanged => format!("Already on {shard}: {host}:{port}"),
    });
}
