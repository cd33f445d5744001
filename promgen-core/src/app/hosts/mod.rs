//! Hosts over all farms: listed, and one with everything that touches it.

mod list;
mod picture;

pub use list::{HostPlace, ListedHost, list};
pub use picture::{HostOverview, HostPicture, overview, picture};

use crate::rules::escape_regex;

/// The regular expression for the label `instance` of everything that is scraped on a host.
///
/// ```
/// use promgen_core::app::hosts::instances_on;
/// assert_eq!(instances_on("db1.example"), r"db1\.example:[0-9]*");
/// ```
pub fn instances_on(host: &str) -> String {
    format!("{}:[0-9]*", escape_regex(host))
}
