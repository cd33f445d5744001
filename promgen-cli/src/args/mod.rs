//! What may stand on the command line.

mod alerts;
mod farm;
mod import;
mod tree;
mod users;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use promgen_core::model::{PromDuration, Scope};

pub(crate) use alerts::{Alerts, Prune, TestAlert};
pub(crate) use farm::{Farm, FarmRefresh};
pub(crate) use import::{ImportJobs, ImportMode, ImportProbe, ImportRules};
pub(crate) use tree::Tree;
pub(crate) use users::UsersCommand;

/// Manages what Prometheus scrapes and alerts on, and who hears about it.
#[derive(Debug, Parser)]
#[command(name = "promgen", version, propagate_version = true)]
pub(crate) struct Args {
    /// Settings file, or a folder that holds promgen.yml.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Database, such as `sqlite://promgen.db` or `postgres://user@host/promgen`.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// How much is logged: 0 errors, 1 warnings and what happens, 2 details, 3 everything.
    #[arg(short, long, global = true, value_name = "0-3", value_parser = clap::value_parser!(u8).range(0..=3))]
    pub(crate) verbosity: Option<u8>,
    /// Has no meaning here. Accepted for scripts of the original.
    #[arg(long, global = true, hide = true)]
    pub(crate) no_color: bool,
    /// Has no meaning here. Accepted for scripts of the original.
    #[arg(long, global = true, hide = true)]
    pub(crate) traceback: bool,
    /// Has no meaning here. Accepted for scripts of the original.
    #[arg(long, global = true, hide = true, value_name = "MODULE")]
    pub(crate) settings: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve HTTP, with a worker inside.
    #[cfg(feature = "web")]
    #[command(alias = "runserver")]
    Web(Web),
    /// Deliver alerts, or deploy to the Prometheus servers of the hosts named.
    Worker(Worker),
    /// Make the database, or bring it up to date.
    Migrate,
    /// Look through the settings for what will not work.
    Check,
    /// Make a user who may do everything.
    Createsuperuser(CreateSuperuser),
    /// Make, list and revoke access tokens.
    #[command(subcommand)]
    Token(Token),
    /// Put a Prometheus server on a shard; a missing shard is made.
    RegisterServer {
        /// Shard.
        shard: String,
        /// Host; also the name of the queue of the worker beside it.
        host: String,
        /// Port of the Prometheus API.
        port: u16,
    },
    /// Add a host to the farm of a project.
    RegisterHost {
        /// Project.
        project: String,
        /// Address or DNS name, without port.
        host: String,
    },
    /// Add an exporter to a project; disabled, unless told otherwise.
    RegisterJob {
        /// Project.
        project: String,
        /// Job.
        job: String,
        /// Port.
        port: u16,
        /// Path and query, where it is not /metrics.
        #[arg(default_value = "")]
        path: String,
        /// Scrape it from now on.
        #[arg(long)]
        enabled: bool,
    },
    /// Add an entry to the list of usual exporters.
    RegisterExporter {
        /// Job.
        job: String,
        /// Port.
        port: u16,
        /// Path and query, where it is not /metrics.
        #[arg(default_value = "")]
        path: String,
    },
    /// Print or write the targets.
    #[command(name = "export-targets", visible_alias = "targets")]
    Targets(Export),
    /// Print or write the rules.
    #[command(name = "export-rules", visible_alias = "rules")]
    Rules(ExportRules),
    /// Print or write the URLs to probe.
    #[command(name = "export-urls", visible_alias = "urls")]
    Urls(Export),
    /// Take over the rules of a Prometheus 2.x rule file.
    ImportRules(ImportRules),
    /// Take over targets: a file that Promgen exported, or any file of targets.
    #[command(name = "import-jobs", visible_alias = "import")]
    ImportJobs(ImportJobs),
    /// Make probes of the modules of a blackbox exporter.
    ImportProbe(ImportProbe),
    /// Export the whole tree as a document, or apply one.
    #[command(subcommand)]
    Tree(Tree),
    /// List farms, and decide where their hosts come from.
    #[command(subcommand)]
    Farm(Farm),
    /// Show how the Prometheus servers stand.
    Servers {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Look at alerts, ask why, send again.
    #[command(subcommand)]
    Alerts(Alerts),
    /// Old name of `alerts prune`.
    #[command(hide = true, alias = "prune-alerts")]
    AlertsPrune(Prune),
    /// Old name of `alerts index`.
    #[command(hide = true)]
    AlertsIndex {
        /// Do it.
        #[arg(long)]
        force: bool,
    },
    /// Old name of `alerts test`.
    #[command(hide = true, alias = "test-alert")]
    AlertsTest(TestAlert),
    /// Make a folder with a settings file to start from.
    Bootstrap,
    /// Change the password of a user.
    Changepassword {
        /// Login name.
        username: String,
        /// Read the password from standard input instead of asking.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users, shut them out, let them in again, make one of two.
    #[command(subcommand)]
    Users(UsersCommand),
    /// Add the usual exporters to the list that people pick from.
    #[command(name = "loaddata")]
    LoadData {
        /// What to load: `exporters`.
        #[arg(value_parser = ["exporters"])]
        what: String,
    },
    /// Wait for the database, bring it up to date, register the server that the environment names,
    /// and add the usual exporters: what a composition of containers does first.
    #[command(name = "docker-compose-bootstrap")]
    DockerComposeBootstrap {
        /// How long to wait for the database.
        #[arg(long, default_value = "1m", value_name = "DURATION")]
        wait: PromDuration,
    },
    /// Steps of installing the original that have no meaning here. Accepted for old scripts.
    #[command(hide = true, alias = "compilemessages")]
    Collectstatic {
        #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
        ignored: Vec<String>,
    },
    /// The Python shell of the original, which is not here.
    #[command(hide = true)]
    Shell {
        #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
        ignored: Vec<String>,
    },
    /// Look at everything that Promgen depends on, and say what to mend.
    Doctor {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// List the drivers and discovery sources of this program.
    Plugins {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Print the script that makes a shell complete commands and options.
    Completions {
        /// Shell.
        shell: Shell,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Web {
    /// Where to listen: HOST:PORT or unix:PATH.
    #[arg(short, long, default_value = "127.0.0.1:8000", value_name = "ADDRESS")]
    pub(crate) bind: String,
    /// Serve only; workers run elsewhere.
    #[arg(long)]
    pub(crate) no_worker: bool,
    /// Show the whole loop in this folder, with data of its own.
    #[arg(long, conflicts_with = "no_worker")]
    pub(crate) demo: bool,
    /// Has no meaning here: one process uses all processors. Accepted for old start scripts.
    #[arg(long, hide = true, value_name = "N")]
    pub(crate) workers: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Worker {
    /// Only these queues: `alerts`, or Prometheus hosts (HOST, or HOST:PORT where one has several).
    #[arg(short = 'Q', long, value_delimiter = ',', value_name = "NAME")]
    pub(crate) queues: Vec<String>,
    /// Log level, as the original's worker takes it.
    #[arg(short, long, value_name = "LEVEL")]
    pub(crate) loglevel: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateSuperuser {
    /// Login name.
    #[arg(long)]
    pub(crate) username: String,
    /// Address; it becomes the user's first personal notifier.
    #[arg(long, default_value = "")]
    pub(crate) email: String,
    /// Read the password from standard input instead of asking.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token and print it, once.
    Create {
        /// Whose rights it carries.
        #[arg(long)]
        user: String,
        /// What it may be used for: read, write, alerts.
        #[arg(long = "scope", required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
        /// How long it is good for, such as 90d.
        #[arg(long, value_name = "DURATION")]
        expires: Option<PromDuration>,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// List tokens, without the tokens themselves.
    List {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Make a token useless.
    Revoke {
        /// Its id, as `token list` shows it.
        id: i32,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Export {
    /// File to write, all at once; without it the output is printed.
    pub(crate) out: Option<PathBuf>,
    /// Have Prometheus reload after writing.
    #[arg(long, requires = "out")]
    pub(crate) reload: bool,
    /// Mode of the file, octal.
    #[arg(long, default_value = "644", value_parser = octal, value_name = "OCTAL")]
    pub(crate) mode: u32,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExportRules {
    #[command(flatten)]
    pub(crate) export: Export,
    /// In the text format of Prometheus 1.x.
    #[arg(long)]
    pub(crate) v1: bool,
}

fn octal(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode <= 0o777 => Ok(mode),
        _ => Err(format!("{text:?} is no file mode; write it like 644")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn old_and_new_names_of_exports_are_the_same_command() {
        for name in ["targets", "export-targets"] {
            let args =
                Args::try_parse_from(["promgen", name, "out.json", "--mode", "600"]).unwrap();
            let Command::Targets(export) = args.command else {
                panic!("{name}")
            };
            assert_eq!(export.mode, 0o600);
        }
    }

    #[test]
    fn the_originals_ways_of_starting_are_understood() {
        for line in [
            "promgen worker -l info --queues prometheus001",
            "promgen web -b 0.0.0.0:8000 --workers 4",
            "promgen register-server east p1 9090",
            "promgen register-job web node 9100 /metrics --enabled",
            "promgen prune-alerts --days 7 --force",
            "promgen alerts-prune --days 7",
            "promgen alerts-index",
            "promgen test-alert --service a --project b --shard c",
            "promgen alerts-test",
            "promgen loaddata exporters",
            "promgen docker-compose-bootstrap",
            "promgen collectstatic --noinput",
            "promgen compilemessages",
            "promgen --settings promgen.settings --no-color runserver --traceback",
            "promgen migrate --settings=promgen.settings",
            "promgen shell -c print(1)",
            "promgen farm refresh --all --dry-run",
            "promgen farm refresh a b --id 7",
            "promgen farm convert --id 7",
            "promgen import targets.json east",
            "promgen import-jobs https://promgen/api/v1/targets --dry-run",
            "promgen import-probe blackbox.yml --no-input",
        ] {
            Args::try_parse_from(line.split(' ')).unwrap();
        }
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in [
            "promgen",
            "promgen targets --reload",
            "promgen targets x --mode 9",
            "promgen register-server east p1 70000",
            "promgen import-rules",
            "promgen import-rules a.yml --service a --project b",
            "promgen token create --user a",
            "promgen farm refresh",
            "promgen farm refresh a --all",
            "promgen farm convert",
            "promgen farm convert a --id 7",
            "promgen token create --user a --scope everything",
            "promgen token create --user a --scope read --expires soon",
            "promgen alerts explain",
            "promgen alerts explain 1 --file x.json",
            "promgen loaddata users",
        ] {
            assert!(Args::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
