//! The arguments of `promgen import-rules`, `import-jobs` and `import-probe`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::Format;

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportRules {
    /// File to read; - for standard input.
    pub(crate) file: PathBuf,
    /// Whose rules they become, whatever their labels say.
    #[arg(long, value_name = "NAME", conflicts_with = "project")]
    pub(crate) service: Option<String>,
    /// Whose rules they become, whatever their labels say.
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) how: ImportMode,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportJobs {
    /// File or http(s) URL to read; - for standard input.
    #[arg(value_name = "FILE_OR_URL")]
    pub(crate) source: String,
    /// Shard for everything, whatever the file says.
    pub(crate) replace_shard: Option<String>,
    /// User who answers for new services and projects.
    #[arg(long, value_name = "USER")]
    pub(crate) owner: Option<String>,
    #[command(flatten)]
    pub(crate) how: ImportMode,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportProbe {
    /// Configuration of the blackbox exporter; - for standard input.
    #[arg(value_name = "CONFIG")]
    pub(crate) file: PathBuf,
    /// Do not ask: the name of a module is its description.
    #[arg(long)]
    pub(crate) no_input: bool,
    #[command(flatten)]
    pub(crate) how: ImportMode,
}

/// How an import goes about it.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct ImportMode {
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to print.
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
}
