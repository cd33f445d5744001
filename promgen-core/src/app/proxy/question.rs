//! What is asked, and what of it goes out.

use std::time::Duration;

use super::ProxyError;
use crate::model::PromDuration;
use crate::promql::{Limit, QueryError, enforce, enforce_selectors};

/// Parameters of a request in their order; a name may stand more than once.
pub type Parameters = Vec<(String, String)>;

/// Longest URL that is surely taken on the way to a shard; longer questions are posted where that
/// is possible.
const LONG_QUERY: usize = 4096;

/// A part of Prometheus' HTTP API that is answered from all shards.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// `/api/v1/labels`
    Labels,
    /// `/api/v1/label/{name}/values`
    LabelValues(String),
    /// `/api/v1/series`
    Series,
    /// `/api/v1/query`
    Query,
    /// `/api/v1/query_range`
    QueryRange,
    /// `/api/v1/query_exemplars`
    Exemplars,
    /// `/api/v1/metadata`
    Metadata,
}

impl Endpoint {
    /// The values of a label.
    ///
    /// # Errors
    /// [`ProxyError::Parameter`] for what is no label name. Nothing else may become a part of a
    /// path; names beyond ASCII come as `U__…`, which is one.
    pub fn label_values(name: String) -> Result<Self, ProxyError> {
        let first = |c: char| c.is_ascii_alphabetic() || c == '_';
        let legal = |c: char| first(c) || c.is_ascii_digit();
        if name.starts_with(first) && name.chars().all(legal) {
            return Ok(Self::LabelValues(name));
        }
        let message = format!("invalid label name: {name:?}");
        Err(ProxyError::Parameter { message })
    }

    /// The path at a shard, behind its own prefix.
    pub(super) fn path(&self) -> String {
        let last = match self {
            Self::Labels => "labels",
            Self::LabelValues(name) => return format!("/api/v1/label/{name}/values"),
            Self::Series => "series",
            Self::Query => "query",
            Self::QueryRange => "query_range",
            Self::Exemplars => "query_exemplars",
            Self::Metadata => "metadata",
        };
        format!("/api/v1/{last}")
    }

    fn may_be_posted(&self) -> bool {
        !matches!(self, Self::LabelValues(_) | Self::Metadata)
    }

    fn has_selectors(&self) -> bool {
        matches!(self, Self::Labels | Self::LabelValues(_) | Self::Series)
    }

    fn has_query(&self) -> bool {
        matches!(self, Self::Query | Self::QueryRange | Self::Exemplars)
    }
}

/// Parameters that mean the same to every Prometheus, beside the expressions. With a limit nothing
/// else goes out: what a server makes of other parameters is not known.
const KNOWN: [&str; 10] = [
    "time",
    "start",
    "end",
    "step",
    "timeout",
    "limit",
    "limit_per_metric",
    "lookback_delta",
    "stats",
    "metric",
];

/// A question for all shards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked for.
    pub endpoint: Endpoint,
    /// The parameters; those of the body stand before those of the URL, as Prometheus reads them.
    pub parameters: Parameters,
    /// Whether they came in a body.
    pub posted: bool,
    /// `Referer` of the request, which lets the owner of a shard find the dashboard.
    pub referer: Option<String>,
}

impl Question {
    /// The first value of a parameter, which is the one that counts.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        first(&self.parameters, name)
    }

    /// How many things are to be answered at most; zero, and what is no number, is for the shards
    /// to judge.
    pub(super) fn most(&self, name: &str) -> Option<usize> {
        let most = self.first(name)?.parse().ok()?;
        (most > 0).then_some(most)
    }

    /// How long a shard may take: the setting, or less where the caller wants it so.
    pub(super) fn deadline(&self, longest: Duration) -> Duration {
        let wanted = self.first("timeout").and_then(span);
        wanted.map_or(longest, |wanted| wanted.min(longest))
    }

    /// The parameters of each question that goes to every shard; without a limit they go out as
    /// they are.
    pub(super) fn narrowed(&self, limit: Option<&Limit>) -> Result<Vec<Parameters>, QueryError> {
        let Some(limit) = limit else {
            return Ok(vec![self.parameters.clone()]);
        };
        let known = KNOWN.into_iter().filter_map(|name| {
            let value = self.first(name)?;
            Some((name.to_owned(), value.to_owned()))
        });
        let mut base: Parameters = known.collect();
        if self.endpoint.has_selectors() {
            let given = self.parameters.iter().filter(|(name, _)| name == "match[]");
            let given: Vec<String> = given.map(|(_, value)| value.clone()).collect();
            let limited = enforce_selectors(&given, limit)?;
            base.extend(limited.into_iter().map(|one| ("match[]".to_owned(), one)));
        }
        if !self.endpoint.has_query() {
            return Ok(vec![base]);
        }
        let limited = enforce(self.first("query").unwrap_or_default(), limit)?;
        let with = |query| {
            let mut parameters = base.clone();
            parameters.push(("query".to_owned(), query));
            parameters
        };
        Ok(limited.into_iter().map(with).collect())
    }

    /// Whether so long a query goes into a body.
    pub(super) fn goes_into_body(&self, query: &str) -> bool {
        self.endpoint.may_be_posted() && (self.posted || query.len() > LONG_QUERY)
    }
}

fn first<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p str> {
    let found = parameters.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// Seconds, or a duration as Prometheus writes it.
fn span(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let span = PromDuration::parse(text).ok()?;
    Some(Duration::from_millis(span.millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(endpoint: Endpoint, parameters: &[(&str, &str)]) -> Question {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Question {
            endpoint,
            parameters: parameters.iter().map(own).collect(),
            posted: false,
            referer: None,
        }
    }

    #[test]
    fn s8_only_a_label_name_becomes_part_of_a_path() {
        for name in ["job", "_x9", "U__a_2e_b", "__name__"] {
            assert!(Endpoint::label_values(name.to_owned()).is_ok(), "{name}");
        }
        for name in [
            "", ".", "..", "a/b", "%2e%2e", "a;b", "é", "9a", "a?b", "a#b", "a:b",
        ] {
            assert!(Endpoint::label_values(name.to_owned()).is_err(), "{name}");
        }
    }

    #[test]
    fn a_caller_may_want_it_sooner_and_never_later() {
        let half_a_minute = Duration::from_secs(30);
        for (timeout, millis) in [
            ("5s", 5000),
            ("0.5", 500),
            ("1h", 30_000),
            ("soon", 30_000),
            ("-1", 30_000),
            ("NaN", 30_000),
        ] {
            let question = question(Endpoint::Query, &[("timeout", timeout)]);
            let deadline = question.deadline(half_a_minute);
            assert_eq!(deadline.as_millis(), millis, "{timeout}");
        }
    }

    #[test]
    fn s22_with_a_limit_only_what_is_understood_goes_out() {
        let limit = Limit {
            services: ["a".to_owned()].into(),
            ..Limit::default()
        };
        let parameters = [
            ("query", "up"),
            ("query", "down"),
            ("match[]", "up"),
            ("extra", "1"),
            ("time", "3"),
            ("time", "4"),
        ];
        let asked = question(Endpoint::Query, &parameters);
        assert_eq!(asked.narrowed(None).unwrap().concat(), asked.parameters);
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            asked.narrowed(Some(&limit)).unwrap(),
            [[own("time", "3"), own("query", r#"up{service=~"a"}"#)]]
        );
        let asked = question(Endpoint::Series, &parameters);
        assert_eq!(
            asked.narrowed(Some(&limit)).unwrap(),
            [[own("time", "3"), own("match[]", r#"up{service=~"a"}"#)]]
        );
        let labels = question(Endpoint::Labels, &[]);
        assert_eq!(
            labels.narrowed(Some(&limit)).unwrap(),
            [[own("match[]", r#"{service=~"a"}"#)]]
        );
        assert!(
            question(Endpoint::Query, &[])
                .narrowed(Some(&limit))
                .is_err()
        );
    }
}
