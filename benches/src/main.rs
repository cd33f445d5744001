//! The load generator: a large tree, requests in a closed loop, and alerts counted from end to end.
//!
//! ```text
//! promgen-load tree --services 200 --projects 10 --hosts 20 > large.yml
//! promgen-load get http://127.0.0.1:8000/api/v1/targets --connections 4 --seconds 10
//! promgen-load pages http://127.0.0.1:8000 --user u --password a-long-password-1
//! promgen-load fill sqlite://promgen.db --count 1000000
//! promgen-load alerts http://127.0.0.1:8000 --token pg_… --connections 16 --count 2000 --sink 127.0.0.1:9999
//! ```

mod alerts;
mod fill;
mod load;
mod pages;
mod sink;
mod tree;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "promgen-load", about = "Load for a Promgen, with accounting")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a large tree document.
    Tree(tree::Size),
    /// Write alerts that were delivered long ago into a database.
    Fill(fill::Plan),
    /// Ask for every page and every list, and tell how long each took and how large it is.
    Pages(pages::Plan),
    /// Ask for a URL again and again, and tell how long the answers took.
    Get {
        /// What to ask for.
        url: String,
        /// How many connections, each with one request at a time.
        #[arg(long, default_value_t = 4)]
        connections: usize,
        /// For how long.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Post alerts, wait until the sink has them all, and tell what was lost or came twice.
    Alerts {
        /// Where Promgen is.
        url: String,
        /// A token with scope `alerts`.
        #[arg(long)]
        token: Option<String>,
        /// How many connections.
        #[arg(long, default_value_t = 16)]
        connections: usize,
        /// How many messages.
        #[arg(long, default_value_t = 2000)]
        count: usize,
        /// How many alerts are in each message.
        #[arg(long, default_value_t = 10)]
        alerts: usize,
        /// How many posts a second; without it, each connection posts again as soon as it is answered.
        #[arg(long)]
        rate: Option<u32>,
        /// Value of the label `service`.
        #[arg(long, default_value = "service-000")]
        service: String,
        /// Listen here for the webhooks of that service; without it only the intake is measured.
        #[arg(long)]
        sink: Option<SocketAddr>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Args::parse().command {
        Command::Tree(size) => {
            report(&tree::document(&size));
            Ok(())
        }
        Command::Fill(plan) => fill::run(&plan).await,
        Command::Pages(plan) => pages::run(&plan).await,
        Command::Get {
            url,
            connections,
            seconds,
        } => load::get(&url, connections, seconds).await,
        Command::Alerts {
            url,
            token,
            connections,
            count,
            alerts,
            rate,
            service,
            sink,
        } => {
            let post = alerts::Plan {
                url,
                token,
                connections,
                count,
                alerts,
                rate,
                service,
                sink,
            };
            alerts::run(post).await
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "what this program prints is its result"
)]
fn report(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "errors of a command belong on stderr")]
fn complain(line: &str) {
    eprintln!("error: {line}");
}
