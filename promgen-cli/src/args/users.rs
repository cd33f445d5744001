//! The arguments of `promgen users`.

use clap::Subcommand;

use super::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// All users.
    List {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Shut a user out: end their logins, and refuse their tokens.
    Disable {
        /// Login name.
        username: String,
    },
    /// Let a user in again.
    Enable {
        /// Login name.
        username: String,
    },
    /// Give everything that one user has to another one, and delete the first.
    Merge {
        /// Login name of the user who goes.
        from: String,
        /// Login name of the user who stays.
        into: String,
    },
}
