//! Values that must not be seen.

use std::fmt;

use serde::{Serialize, Serializer};

/// What stands in the place of a secret wherever one would be printed.
pub const MASKED: &str = "********";

/// A value that is never printed, logged or serialised; [`Secret::reveal`] is the only way in.
///
/// `Debug` and `Serialize` write a mask, so that an audit entry or a log line cannot leak it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Every call is a place to look at in a review.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASKED)
    }
}

impl<T> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASKED)
    }
}
