//! Silences as Alertmanager takes them (`POST /api/v2/silences`): built, and not sent.

use std::fmt::Display;

use regex::{Regex, RegexBuilder};
use serde::{Serialize, Serializer};

use super::matcher::{MatchOperator, Matcher};
use crate::model::{Problem, PromDuration, Timestamp};

/// The comment of silences that nobody commented on.
const COMMENT: &str = "Silenced from Promgen";

/// The author of silences that nobody signed.
const AUTHOR: &str = "Promgen";

/// Largest regular expression, as text and as a program. It is matched in time linear to both, so
/// that this bounds what a silence costs with each alert.
const REGEX_BYTES: (usize, usize) = (4096, 1024 * 1024);

/// How long a silence holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Period {
    /// From the present on; in any unit that Prometheus knows, such as `90m` or `1d12h`.
    For(PromDuration),
    /// From one point in time to another.
    Between {
        /// Its first moment.
        start: Timestamp,
        /// Its end.
        end: Timestamp,
    },
}

/// A silence. Its JSON is the body that Alertmanager's API v2 takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// The silence that this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Alerts that all of them match are silenced.
    pub matchers: Vec<Matcher>,
    /// Its first moment, as RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    pub starts_at: Timestamp,
    /// Its end, as RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    pub ends_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// Why.
    pub comment: String,
}

/// Builds a silence. A blank comment or author becomes Promgen's own.
///
/// ```
/// use promgen_core::alert::{Period, matchers, silence};
/// use promgen_core::model::{PromDuration, Timestamp};
///
/// let matchers = matchers(r#"{service="shop", instance=~"web.*:[0-9]+"}"#).unwrap();
/// let period = Period::For(PromDuration::parse("1h30m").unwrap());
/// let silence = silence(matchers, &period, "maria", "", Timestamp(0)).unwrap();
/// assert_eq!(
///     serde_json::to_value(&silence).unwrap(),
///     serde_json::json!({
///         "matchers": [
///             {"name": "service", "value": "shop", "isRegex": false, "isEqual": true},
///             {"name": "instance", "value": "web.*:[0-9]+", "isRegex": true, "isEqual": true},
///         ],
///         "startsAt": "1970-01-01T00:00:00.000Z",
///         "endsAt": "1970-01-01T01:30:00.000Z",
///         "createdBy": "maria",
///         "comment": "Silenced from Promgen",
///     })
/// );
/// ```
///
/// # Errors
/// Every reason at once why Alertmanager would refuse it: no matchers, only matchers that alerts
/// without those labels match too, an expression that is none, an end that is not behind the start
/// and the present. An expression that is too large is refused as well.
pub fn silence(
    matchers: Vec<Matcher>,
    period: &Period,
    created_by: &str,
    comment: &str,
    now: Timestamp,
) -> Result<Silence, Vec<Problem>> {
    let mut problems = wrong(&matchers);
    let (starts_at, ends_at, field) = match period {
        Period::For(span) => {
            let span = std::time::Duration::from_millis(span.millis());
            (now, now.plus(span), "duration")
        }
        Period::Between { start, end } => (*start, *end, "endsAt"),
    };
    if ends_at <= starts_at {
        let problem = Problem::error(field, "is not behind the start", "give a later one");
        problems.push(problem);
    } else if ends_at <= now {
        problems.push(Problem::error(field, "is over", "give a later one"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Silence {
        id: None,
        matchers,
        starts_at,
        ends_at,
        created_by: or(created_by, AUTHOR),
        comment: or(comment, COMMENT),
    })
}

/// What is wrong with the matchers of a silence.
fn wrong(matchers: &[Matcher]) -> Vec<Problem> {
    let error = |message: &str, remedy: &str| Problem::error("matchers", message, remedy);
    if matchers.is_empty() {
        return vec![error("are missing", "say which alerts it is for")];
    }
    let (mut problems, mut all) = (Vec::new(), true);
    for matcher in matchers {
        match matches_without_label(matcher) {
            Ok(empty) => all &= empty,
            Err(why) => {
                all = false;
                let message = format!("{} has an expression that {why}", matcher.name);
                problems.push(error(&message, "correct it, or use ="));
            }
        }
    }
    if all {
        let message = "match every alert, for all of them match an empty value";
        problems.push(error(message, "add one that names something"));
    }
    problems
}

/// Whether an alert without the label is matched; the error says what is wrong with the expression.
fn matches_without_label(matcher: &Matcher) -> Result<bool, &'static str> {
    Ok(match matcher.operator {
        MatchOperator::Equal => matcher.value.is_empty(),
        MatchOperator::NotEqual => !matcher.value.is_empty(),
        MatchOperator::Regex => anchored(&matcher.value)?.is_match(""),
        MatchOperator::NotRegex => !anchored(&matcher.value)?.is_match(""),
    })
}

/// The expression for whole values, as Alertmanager reads it.
pub(super) fn anchored(text: &str) -> Result<Regex, &'static str> {
    let (text_bytes, program_bytes) = REGEX_BYTES;
    if text.len() > text_bytes {
        return Err("is too long");
    }
    let build = |text: &str| {
        // On its own first, so that no bracket closes one of ours.
        let build = |text: &str| RegexBuilder::new(text).size_limit(program_bytes).build();
        build(text).and_then(|_| build(&format!("^(?s:{text})$")))
    };
    // To Go, a brace that begins no repetition is a brace.
    let literal = || build(&text.replace('{', r"\{"));
    match build(text) {
        Err(regex::Error::CompiledTooBig(_)) => Err("is too large"),
        Err(_) => literal().map_err(|_| "is no regular expression"),
        Ok(regex) => Ok(regex),
    }
}

fn or(text: &str, default: &str) -> String {
    let text = text.trim();
    if text.is_empty() { default } else { text }.to_owned()
}

fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use super::super::matchers;
    use super::*;

    fn build(text: &str, period: &Period) -> Result<Silence, Vec<String>> {
        let built = silence(matchers(text).unwrap(), period, " ", "why", Timestamp(1000));
        built.map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    fn span(text: &str) -> Period {
        Period::For(PromDuration::parse(text).unwrap())
    }

    #[test]
    fn every_duration_of_prometheus_counts() {
        for (text, millis) in [
            ("1y", 31_536_000_000),
            ("1w", 604_800_000),
            ("1d2h", 93_600_000),
            ("5s", 5000),
            ("7ms", 7),
        ] {
            let silence = build("a=b", &span(text)).unwrap();
            assert_eq!(silence.ends_at.0 - silence.starts_at.0, millis, "{text}");
            assert_eq!(
                (&*silence.created_by, &*silence.comment),
                ("Promgen", "why")
            );
        }
    }

    #[test]
    fn what_alertmanager_refuses_is_refused() {
        let between = |start, end| Period::Between {
            start: Timestamp(start),
            end: Timestamp(end),
        };
        assert!(build("a=b", &between(0, 2000)).is_ok());
        for (text, period, fields) in [
            ("", span("0s"), &["matchers", "duration"][..]),
            ("a!=b, c=~\".*\", d=\"\"", span("1h"), &["matchers"]),
            ("a=b", between(2, 1), &["endsAt"]),
            ("a=b", between(1, 1000), &["endsAt"]),
        ] {
            assert_eq!(build(text, &period).unwrap_err(), fields, "{text}");
        }
    }

    #[test]
    fn s21_expressions_that_match_everything_are_refused_however_they_are_written() {
        let hour = span("1h");
        for text in [
            ".*", "", "a*", ".*.*", "|a", "a|", "(?:)", "^$", "(?s).*", "a?", "x{0}", "()",
            ".{0,9}",
        ] {
            let matcher = format!("a=~{}", crate::rules::quoted(text));
            assert_eq!(build(&matcher, &hour).unwrap_err(), ["matchers"], "{text}");
            let narrowed = format!("{matcher}, service=shop");
            assert!(build(&narrowed, &hour).is_ok(), "{text}");
        }
        for text in [".+", "a|b", "web.*", "x{1}", "a{b*", "[^a]"] {
            let matcher = format!("a=~{}", crate::rules::quoted(text));
            assert!(build(&matcher, &hour).is_ok(), "{text}");
        }
        assert!(build("a!~\".+\"", &hour).is_err());
        assert!(build("a!~\".*\"", &hour).is_ok());
    }

    #[test]
    fn s21_expressions_are_checked_in_bounded_time_and_space() {
        let hour = span("1h");
        let long = "a".repeat(5000);
        let nested = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
        for text in [
            "(a{1000}){1000}",
            "*",
            "(",
            ")",
            "a)(",
            "[",
            r"(a)\1",
            "(?=a)",
            &long,
            &nested,
        ] {
            let matcher = format!("a=~{}", crate::rules::quoted(text));
            assert_eq!(build(&matcher, &hour).unwrap_err(), ["matchers"], "{text}");
        }
        // Engines that go back would take longer than the universe has.
        let slow = anchored("(a+)+(a|aa)+b").unwrap();
        assert!(!slow.is_match(&"a".repeat(100_000)));
    }
}
