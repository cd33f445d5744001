//! The schema, and how a database gets it.
//!
//! [`steps`] is the only truth about tables, columns, keys and indexes: plain data, one step per
//! migration, in the order of their names. A step that was released is never edited; a change is a
//! step of its own at the end. Each step can be applied again after it was cut short, because
//! `MariaDB` commits after every statement of a definition.
//!
//! [`runner`] compares what a database has recorded with the list and applies what is missing,
//! under the [`lock`]: any number of processes may start on an empty database at once.

mod ddl;
mod lock;
mod owners;
mod runner;
mod steps;
mod usernames;

pub use runner::Schema;
