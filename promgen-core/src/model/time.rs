//! Time: points ([`Timestamp`]), spans as Prometheus writes them ([`PromDuration`]), and the clock.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// Stored as a 64-bit integer, because the three databases disagree about every native type.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "store", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This point moved into the future by `span`; the end of time when that overflows.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// This point moved into the past by `span`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// How long ago `earlier` was, zero when it lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-01-02T03:04:05.678Z`.
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// Where the time comes from. Passed in, never ambient, so that tests can turn the hands.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(Utc::now().timestamp_millis())
    }
}

/// Why a text is not a Prometheus duration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{text:?} is not a duration; write it like 30s, 5m or 1h30m, units in the order y w d h m s ms"
)]
pub struct DurationError {
    /// The text.
    pub text: String,
}

/// A span of time as Prometheus writes it: `30s`, `1h30m`, `0s`.
///
/// Keeps the text that the user wrote. Units are `y w d h m s ms`, largest first, each at most
/// once; `0` alone is legal. Source: `model.ParseDuration` of the Prometheus common library.
///
/// ```
/// use promgen_core::model::PromDuration;
/// assert_eq!(PromDuration::parse("1h30m").unwrap().millis(), 5_400_000);
/// assert!(PromDuration::parse("30m1h").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PromDuration(String);

/// Unit and its length in milliseconds, in the order in which they may be written.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl PromDuration {
    /// Checks a text and makes it a duration.
    ///
    /// # Errors
    /// [`DurationError`] when the text does not follow the form, or is longer than about 292 years.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        match span_millis(text) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(DurationError {
                text: text.to_owned(),
            }),
        }
    }

    /// Takes a text that was checked before it was stored.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The length in milliseconds.
    pub fn millis(&self) -> u64 {
        span_millis(&self.0).unwrap_or(0)
    }
}

fn span_millis(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    if text.is_empty() {
        return None;
    }
    let (mut rest, mut total, mut next_unit) = (text, 0_u64, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let word = rest.get(..letters)?;
        let at = UNITS.iter().position(|(unit, _)| *unit == word)?;
        if at < next_unit {
            return None;
        }
        next_unit = at + 1;
        let (_, millis) = UNITS.get(at)?;
        total = total.checked_add(count.checked_mul(*millis)?)?;
        rest = rest.get(letters..)?;
    }
    // Prometheus keeps nanoseconds in a signed 64-bit integer.
    (total <= u64::try_from(i64::MAX / 1_000_000).ok()?).then_some(total)
}

impl fmt::Display for PromDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PromDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PromDuration {
    type Error = DurationError;

    fn try_from(text: String) -> Result<Self, DurationError> {
        Self::parse(&text)
    }
}

impl From<PromDuration> for String {
    fn from(duration: PromDuration) -> Self {
        duration.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_prometheus_reads_them() {
        for (text, millis) in [
            ("0", 0),
            ("0s", 0),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("1d2h3m4s5ms", 93_784_005),
        ] {
            assert_eq!(
                PromDuration::parse(text).unwrap().millis(),
                millis,
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "5", "m", "5 m", "1m1h", "1m1m", "abc5mxyz", "-5m", "1.5h", "300y", "1日",
        ] {
            assert!(PromDuration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn timestamps_print_as_rfc3339() {
        assert_eq!(
            Timestamp(1_767_323_045_678).rfc3339(),
            "2026-01-02T03:04:05.678Z"
        );
    }
}
