//! Reading YAML and JSON that people wrote, with the place of everything in it.
//!
//! A typed reader stops at its first error. Here a text becomes a tree of [`Node`]s first, each
//! with its line, and whoever reads it walks the tree with [`Fields`] and collects every
//! [`Problem`](crate::model::Problem) there is.

mod fields;
mod node;

pub(crate) use fields::Fields;
pub(crate) use node::{Node, Value, read};
