//! The arguments of `promgen tree`.

use std::path::PathBuf;

use clap::Subcommand;

use super::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Tree {
    /// Write the whole tree as a document.
    Export {
        /// File to write; without it the document is printed.
        file: Option<PathBuf>,
        /// Leave secrets unmasked.
        #[arg(long)]
        secrets: bool,
        /// Put ids in, so that names can be changed in the document.
        #[arg(long)]
        ids: bool,
    },
    /// Make the tree as a document says: all of it or nothing.
    Apply {
        /// File to read; - for standard input.
        file: PathBuf,
        /// Say what would be done, and do nothing.
        #[arg(long)]
        dry_run: bool,
        /// Remove what the lists of the document leave out.
        #[arg(long)]
        prune: bool,
        /// Make users that the document names and that do not exist.
        #[arg(long)]
        create_users: bool,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
}
