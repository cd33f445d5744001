//! Farms: where their hosts come from, and what changes when their source is asked.
//!
//! The hosts of a local farm are kept in Promgen; those of a remote one come from its discovery
//! source. A source is asked first, outside of any transaction; what it said then goes in as one
//! change. A source that is missing, fails, or answers no hosts never takes hosts from a farm.
//!
//! The source `promgen` is not a plugin: it stands for the local farms, offers their names, and is
//! never asked for hosts.

mod answer;
mod link;
mod list;
mod refresh;
mod source;

pub use self::link::{Linked, Unlinked, convert, link, unlink};
pub use self::list::{FarmReport, find, list};
pub use self::refresh::{Refreshed, preview, refresh};
pub use self::source::{Offers, Round, offered};
