//! Farms: where their hosts come from, and what changes when their source is asked.
//!
//! The hosts of a local farm are kept in Promgen; those of a remote one come from its discovery
//! source. A source is asked first, outside of any transaction; what it said then goes in as one
//! change. A source that is missing, fails, or answers no hosts never takes hosts from a farm.
//!
//! The source `promgen` is not a plugin: it stands for the local farms, offers their names, and is
//! never asked for hosts.

mod answer;
mod board;
mod edit;
mod link;
mod list;
mod refresh;
mod register;
mod served;
mod source;

pub use self::board::{FarmOverview, FarmRow, PlacedHost, board, host, overview};
pub(super) use self::edit::parse_hosts;
pub use self::edit::{add_hosts, delete, remove_host, rename};
pub use self::link::{Linked, Unlinked, convert, convert_remote, link, linkable, unlink};
pub use self::list::{FarmReport, find, list};
pub use self::refresh::{Refreshed, preview, refresh, sync};
pub(super) use self::register::put_local;
pub use self::register::{NewFarm, register};
pub use self::served::{Served, hosts, of_project, page, see};
pub use self::source::{FarmSource, Offers, Round, offered, sources};
pub use crate::store::FarmFilter;
