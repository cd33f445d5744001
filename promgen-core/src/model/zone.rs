//! Time zones, and the times that people write down.

use jiff::civil::DateTime;
use jiff::tz::{self, TimeZone};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Timestamp;

/// Why a text is not a time zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not a time zone; name one of the IANA database, such as Asia/Tokyo")]
pub struct ZoneError {
    /// The text.
    pub text: String,
}

/// A time zone of the IANA database, which is part of the program.
///
/// ```
/// use promgen_core::model::{Timestamp, Zone};
///
/// let tokyo = Zone::parse("Asia/Tokyo").unwrap();
/// let at = tokyo.read("2017-12-14 00:01").unwrap();
/// assert_eq!(at.rfc3339(), "2017-12-13T15:01:00.000Z");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Zone(TimeZone);

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// Finds a zone by its name, in any case.
    ///
    /// # Errors
    /// [`ZoneError`] for a name that the database does not have.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name).map(Self).map_err(|_| ZoneError {
            text: name.to_owned(),
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Writes a time as `2017-12-14 00:01:00`, on the clocks of this zone.
    pub fn write(&self, at: Timestamp) -> String {
        let zoned = jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(self.0.clone()));
        zoned.map_or_else(
            |_| at.rfc3339(),
            |zoned| zoned.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        )
    }

    /// The names of all zones, sorted.
    pub fn names() -> Vec<String> {
        let names = tz::db().available();
        let mut names: Vec<String> = names.map(|name| name.as_str().to_owned()).collect();
        names.sort_unstable();
        names
    }

    /// Reads a time: a date, or a date and a time with or without seconds, in the way of ISO 8601
    /// with `T` or a blank between them, or with slashes in the date; with an offset, with `Z`,
    /// `UTC` or `GMT`, or in this zone. `None` when the text is something else.
    ///
    /// Where the clocks were set back, the first of the two times is meant; one that they jumped
    /// over is as much later as they jumped. Source: the original's own lenient reader.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let text = tidy(text)?;
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(Timestamp(at.as_millisecond()));
        }
        // A date and time alone would be read without its offset.
        if names_a_zone(&text) {
            return None;
        }
        let civil: DateTime = text.parse().ok()?;
        let at = self.0.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(Timestamp(at.as_millisecond()))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, ZoneError> {
        Self::parse(&name)
    }
}

/// The text in the form that the reader knows: `2017-12-14 00:01+09:00`.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim();
    // Years with a sign lie far away from every alert.
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.is_ascii() {
        return None;
    }
    let zulu = ["UTC", "GMT", "utc", "gmt"]
        .into_iter()
        .find_map(|suffix| text.strip_suffix(suffix))
        .map(|before| format!("{}Z", before.trim_end()));
    let text = zulu.unwrap_or_else(|| text.to_owned());
    let text = text.replace(" +", "+").replace(" -", "-");
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => text.split_at_checked(at)?,
        None => (text.as_str(), ""),
    };
    Some(format!("{}{time}", date.replace('/', "-")))
}

/// Whether something follows the time of day: an offset, `Z`, or a name in brackets.
fn names_a_zone(text: &str) -> bool {
    let time = text.find(['T', 't', ' ']).and_then(|at| text.get(at + 1..));
    let marks = |c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',');
    time.is_some_and(|time| time.contains(marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_on_the_clocks_of_the_zone() {
        let at = Timestamp(1_513_177_260_000);
        assert_eq!(Zone::default().write(at), "2017-12-13 15:01:00");
        let tokyo = Zone::parse("Asia/Tokyo").unwrap();
        assert_eq!(tokyo.write(at), "2017-12-14 00:01:00");
        assert_eq!(tokyo.read(&tokyo.write(at)), Some(at));
        assert!(!tokyo.write(Timestamp(i64::MAX)).is_empty());
    }

    fn read(zone: &str, text: &str) -> Option<String> {
        Zone::parse(zone)
            .unwrap()
            .read(text)
            .map(Timestamp::rfc3339)
    }

    #[test]
    fn times_are_read_in_the_usual_ways_of_writing_them() {
        for (text, expected) in [
            ("2017-12-14 00:01", "2017-12-13T15:01:00.000Z"),
            ("2017-12-14T00:01", "2017-12-13T15:01:00.000Z"),
            (" 2017/12/14 00:01:02.5 ", "2017-12-13T15:01:02.500Z"),
            ("2017-12-14", "2017-12-13T15:00:00.000Z"),
            ("20171214T000102", "2017-12-13T15:01:02.000Z"),
            ("2017-12-14T00:01:02Z", "2017-12-14T00:01:02.000Z"),
            ("2017-12-14 00:01 UTC", "2017-12-14T00:01:00.000Z"),
            ("2017-12-14 00:01Z", "2017-12-14T00:01:00.000Z"),
            (
                "2017-12-14T00:01:02.345678+02:00",
                "2017-12-13T22:01:02.345Z",
            ),
            ("2017-12-14 00:01 -0130", "2017-12-14T01:31:00.000Z"),
        ] {
            assert_eq!(
                read("Asia/Tokyo", text).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "now",
            "1h",
            "00:01",
            "2017-13-14",
            "2017-02-30 00:01",
            "2017-12-14 25:00",
            "2017-12-14 00:01 JST",
            "2017-12-14 00:01 +99:00",
            "2017-12-14 00:01 and more",
            "-009999-01-01T00:00",
            "14.12.2017",
            "1513177260",
            "2017-12-14 00:0\u{0967}",
        ] {
            assert_eq!(read("Asia/Tokyo", text), None, "{text}");
        }
    }

    #[test]
    fn clocks_that_are_set_take_the_first_time_or_jump_on() {
        let at = |text| read("Europe/Berlin", text).unwrap();
        assert_eq!(at("2026-10-25 02:30"), "2026-10-25T00:30:00.000Z");
        assert_eq!(at("2026-03-29 02:30"), "2026-03-29T01:30:00.000Z");
        assert_eq!(at("2026-07-01 12:00"), "2026-07-01T10:00:00.000Z");
    }

    #[test]
    fn zones_are_found_by_name_alone() {
        assert_eq!(Zone::default().name(), "UTC");
        assert_eq!(Zone::parse("asia/tokyo").unwrap().name(), "Asia/Tokyo");
        for text in ["", "Tokyo", "+09:00", "JST-9", "../etc/passwd"] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
        let names = Zone::names();
        assert!(names.is_sorted() && names.contains(&"Asia/Tokyo".to_owned()));
        assert!(names.iter().all(|name| Zone::parse(name).is_ok()));
    }
}
