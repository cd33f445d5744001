//! Silences as Alertmanager takes them (`POST /api/v2/silences`): built, and not sent.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use super::matcher::{MatchOperator, Matcher};
use crate::model::{Problem, PromDuration, Timestamp};

/// The comment of silences that nobody commented on.
const COMMENT: &str = "Silenced from Promgen";

/// The author of silences that nobody signed.
const AUTHOR: &str = "Promgen";

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
/// without those labels match too, an end that is not behind the start and the present.
pub fn silence(
    matchers: Vec<Matcher>,
    period: &Period,
    created_by: &str,
    comment: &str,
    now: Timestamp,
) -> Result<Silence, Vec<Problem>> {
    let mut problems = Vec::new();
    if matchers.is_empty() {
        let remedy = "say which alerts it is for";
        problems.push(Problem::error("matchers", "are missing", remedy));
    } else if matchers.iter().all(matches_without_label) {
        let message = "match every alert, for all of them match an empty value";
        let remedy = "add one that names something";
        problems.push(Problem::error("matchers", message, remedy));
    }
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

/// Whether an alert without the label is matched, as far as that shows without a regex engine.
fn matches_without_label(matcher: &Matcher) -> bool {
    match matcher.operator {
        MatchOperator::Equal => matcher.value.is_empty(),
        MatchOperator::NotEqual => !matcher.value.is_empty(),
        MatchOperator::Regex => matches!(matcher.value.as_str(), "" | ".*"),
        MatchOperator::NotRegex => !matches!(matcher.value.as_str(), "" | ".*"),
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
}
