//! What people ask for: a silence by labels, or by matchers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::held::RawMatcher;
use crate::alert::{Matcher, Period, Silence, silence};
use crate::model::{Problem, PromDuration, Timestamp, Zone, has_errors};

/// The field of findings that are about the request as a whole.
pub(super) const WHOLE: &str = "";

/// Most matchers of one silence. Each is compared with every name that there is.
const MATCHERS: usize = 100;

/// A silence by labels, as the original's first form has it. A value that ends with `*` is a
/// regular expression.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelRequest {
    /// The labels of the alerts.
    pub labels: BTreeMap<String, String>,
    /// How long, from the present on; wins over the times.
    pub duration: Option<String>,
    /// Its first moment.
    pub starts_at: Option<String>,
    /// Its end.
    pub ends_at: Option<String>,
    /// Why.
    pub comment: Option<String>,
    /// Who; without it, whoever asks.
    pub created_by: Option<String>,
}

/// A silence by matchers, as Alertmanager has it. It bears the name of whoever asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MatcherRequest {
    /// The silence that is to be replaced.
    pub id: Option<String>,
    /// Alerts that all of them match are silenced.
    pub matchers: Vec<RawMatcher>,
    /// How long, from the present on; wins over the times.
    pub duration: Option<String>,
    /// Its first moment.
    pub starts_at: Option<String>,
    /// Its end.
    pub ends_at: Option<String>,
    /// Why.
    pub comment: Option<String>,
}

/// When and in which zone a request is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) zone: &'a Zone,
    pub(super) now: Timestamp,
}

/// The three fields that say how long.
struct Span<'a> {
    duration: &'a str,
    start: &'a str,
    end: &'a str,
}

impl LabelRequest {
    /// Whether a service or a project is among the labels.
    pub(super) fn names_an_owner(&self) -> bool {
        let labels = &self.labels;
        labels.contains_key("service") || labels.contains_key("project")
    }

    /// The silence that is asked for. `names_site_rule` tells whether the label `alertname` is the
    /// name of a rule of the site.
    ///
    /// The order of the checks and their words are the original's.
    pub(super) fn silence(
        &self,
        author: &str,
        moment: Moment<'_>,
        names_site_rule: bool,
    ) -> Result<Silence, Vec<Problem>> {
        let span = Span::new(
            self.duration.as_ref(),
            self.starts_at.as_ref(),
            self.ends_at.as_ref(),
        );
        let parsed = span.parse(moment.zone)?;
        if self.labels.is_empty() {
            let remedy = "give the labels of the alerts to silence";
            return Err(vec![whole("Missing labels for silence.", remedy)]);
        }
        if names_site_rule && !self.names_an_owner() {
            let message = "Unable to silence global rules with alertname alone.";
            return Err(vec![whole(message, "add a service or a project")]);
        }
        let period = parsed.period()?;
        let mut matchers = Vec::new();
        for (name, value) in &self.labels {
            let matcher = Matcher::of_label(name, value);
            matchers.push(matcher.map_err(|problem| vec![in_labels(problem)])?);
        }
        few(&matchers)?;
        let author = text(self.created_by.as_ref()).unwrap_or(author);
        let comment = self.comment.as_deref().unwrap_or_default();
        silence(matchers, &period, author, comment, moment.now)
    }
}

impl MatcherRequest {
    /// The silence that is to be replaced.
    pub(super) fn id(&self) -> Option<&str> {
        text(self.id.as_ref())
    }

    /// The silence that is asked for, without its id.
    ///
    /// The order of the checks and their words are the original's.
    pub(super) fn silence(
        &self,
        author: &str,
        moment: Moment<'_>,
    ) -> Result<Silence, Vec<Problem>> {
        let span = Span::new(
            self.duration.as_ref(),
            self.starts_at.as_ref(),
            self.ends_at.as_ref(),
        );
        let parsed = span.parse(moment.zone)?;
        if self.matchers.is_empty() {
            let remedy = "say which alerts it is for";
            return Err(vec![whole("Missing matchers for silence.", remedy)]);
        }
        let owned = |matcher: &RawMatcher| matches!(&*matcher.name, "service" | "project");
        if !self.matchers.iter().any(owned) {
            let message = "Silence must include a service or project matcher.";
            return Err(vec![whole(message, "add one of them")]);
        }
        let period = parsed.period()?;
        let mut matchers = Vec::new();
        for (index, raw) in self.matchers.iter().enumerate() {
            let matcher = raw.checked().ok_or_else(|| not_a_label(index, &raw.name));
            matchers.push(matcher?);
        }
        few(&matchers)?;
        let comment = self.comment.as_deref().unwrap_or_default();
        silence(matchers, &period, author, comment, moment.now)
    }
}

impl MatcherRequest {
    /// Everything that is wrong with it, for a form that shows each beside its field.
    /// [`silence`](Self::silence) tells it one after another, as the original does.
    pub(super) fn findings(&self, moment: Moment<'_>) -> Vec<Problem> {
        let span = Span::new(
            self.duration.as_ref(),
            self.starts_at.as_ref(),
            self.ends_at.as_ref(),
        );
        let period = span.parse(moment.zone).and_then(Parsed::period);
        let mut found = Vec::new();
        let mut matchers = Vec::new();
        for (index, raw) in self.matchers.iter().enumerate() {
            match raw.checked() {
                Some(matcher) => matchers.push(matcher),
                None => found.extend(not_a_label(index, &raw.name)),
            }
        }
        found.extend(few(&matchers).err().unwrap_or_default());
        let owned = |matcher: &RawMatcher| matches!(&*matcher.name, "service" | "project");
        if self.matchers.is_empty() {
            let remedy = "say which alerts it is for";
            found.push(whole("Missing matchers for silence.", remedy));
        } else if !self.matchers.iter().any(owned) {
            let message = "Silence must include a service or project matcher.";
            found.push(whole(message, "add one of them"));
        }
        let (period, unread) = match period {
            Ok(period) => (period, Vec::new()),
            Err(problems) => (Period::For(PromDuration::stored("1h")), problems),
        };
        if !matchers.is_empty() {
            let made = silence(matchers, &period, "", "", moment.now);
            found.extend(made.err().unwrap_or_default());
        }
        found.extend(unread);
        found
    }
}

/// The three fields, each read on its own.
struct Parsed {
    duration: Option<PromDuration>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl<'a> Span<'a> {
    fn new(
        duration: Option<&'a String>,
        start: Option<&'a String>,
        end: Option<&'a String>,
    ) -> Self {
        Self {
            duration: text(duration).unwrap_or_default(),
            start: text(start).unwrap_or_default(),
            end: text(end).unwrap_or_default(),
        }
    }

    fn parse(&self, zone: &Zone) -> Result<Parsed, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut time = |field: &str, text: &str| {
            let at = zone.read(text);
            if at.is_none() && !text.is_empty() {
                let remedy = "write it like 2017-12-14 00:01 or 2017-12-14T00:01:00+09:00";
                problems.push(Problem::error(field, "Invalid timestamp", remedy));
            }
            at
        };
        let (start, end) = (time("startsAt", self.start), time("endsAt", self.end));
        let duration = match self.duration {
            "" => None,
            text => PromDuration::parse(text)
                .map_err(|error| {
                    let remedy = "write it like 30s, 5m or 1h30m";
                    problems.insert(0, Problem::error("duration", error.to_string(), remedy));
                })
                .ok(),
        };
        if has_errors(&problems) {
            return Err(problems);
        }
        Ok(Parsed {
            duration,
            start,
            end,
        })
    }
}

impl Parsed {
    fn period(self) -> Result<Period, Vec<Problem>> {
        if let Some(duration) = self.duration {
            return Ok(Period::For(duration));
        }
        let (Some(start), Some(end)) = (self.start, self.end) else {
            let remedy = "give startsAt and endsAt, or a duration";
            return Err(vec![whole("Both start and end are required.", remedy)]);
        };
        if start > end {
            let message = "Start time and end time are mismatched.";
            return Err(vec![whole(message, "let it end after it starts")]);
        }
        Ok(Period::Between { start, end })
    }
}

fn few(matchers: &[Matcher]) -> Result<(), Vec<Problem>> {
    if matchers.len() <= MATCHERS {
        return Ok(());
    }
    let message = format!("more than {MATCHERS} matchers");
    Err(vec![whole(&message, "make several silences of it")])
}

fn whole(message: &str, remedy: &str) -> Problem {
    Problem::error(WHOLE, message, remedy)
}

fn in_labels(problem: Problem) -> Problem {
    Problem {
        field: "labels".to_owned(),
        ..problem
    }
}

fn not_a_label(index: usize, name: &str) -> Vec<Problem> {
    let message = format!("{name:?} is not a label name");
    let remedy = "use letters, digits and _, and do not begin with a digit";
    vec![Problem::error(
        format!("matchers[{index}].name"),
        message,
        remedy,
    )]
}

/// A text that says something.
fn text(given: Option<&String>) -> Option<&str> {
    given
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
