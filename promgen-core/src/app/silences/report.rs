//! What each Alertmanager did, and why a silence did not come about.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::peer::PeerFailure;

/// A change that every Alertmanager made.
#[derive(Debug, Clone)]
pub struct Written {
    /// The silence's id at the first of them.
    pub id: String,
    /// What each did.
    pub outcomes: Vec<Outcome>,
}

impl Written {
    pub(super) fn of(outcomes: Vec<Outcome>) -> Self {
        let id = outcomes.iter().find_map(|outcome| outcome.id.clone());
        let id = id.unwrap_or_default();
        Self { id, outcomes }
    }
}

/// What one Alertmanager did of a change that was asked of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Its address, without user and password.
    pub alertmanager: String,
    /// What it did.
    pub did: Did,
    /// The silence there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The status of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What it said, or why it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What an Alertmanager did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// It made the silence.
    Created,
    /// It changed the silence.
    Updated,
    /// It ended the silence.
    Expired,
    /// It refused.
    Refused,
    /// It did not answer; what it did is unknown.
    NoAnswer,
    /// It did as asked, and then took it back because another one had not.
    TakenBack,
    /// It did as asked and could not take it back: the silence is there.
    Left,
}

impl Outcome {
    pub(super) fn done(alertmanager: &str, did: Did, id: impl Into<String>) -> Self {
        Self {
            alertmanager: alertmanager.to_owned(),
            did,
            id: Some(id.into()),
            status: None,
            error: None,
        }
    }

    /// The same about a silence.
    pub(super) fn about(self, id: &str) -> Self {
        let id = Some(id.to_owned());
        Self { id, ..self }
    }

    /// The same after it was undone, or was not.
    pub(super) fn undone(self, undone: Result<String, PeerFailure>) -> Self {
        match undone {
            Ok(id) => Self::done(&self.alertmanager, Did::TakenBack, id),
            Err(failure) => Self {
                did: Did::Left,
                error: Some(failure.message),
                ..self
            },
        }
    }

    pub(super) fn failed(alertmanager: &str, failure: PeerFailure) -> Self {
        Self {
            alertmanager: alertmanager.to_owned(),
            did: match failure.status {
                Some(_) => Did::Refused,
                None => Did::NoAnswer,
            },
            id: None,
            status: failure.status,
            error: Some(failure.message),
        }
    }

    /// Whether it kept the change from being whole.
    pub fn is_failure(&self) -> bool {
        matches!(self.did, Did::Refused | Did::NoAnswer)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.did {
            Did::Created => "made it",
            Did::Updated => "changed it",
            Did::Expired => "ended it",
            Did::Refused => "refused",
            Did::NoAnswer => "gave no answer",
            Did::TakenBack => "took it back",
            Did::Left => "made it and could not take it back",
        };
        write!(f, "{} {what}", self.alertmanager)?;
        match &self.error {
            Some(error) => write!(f, " ({error})"),
            None => Ok(()),
        }
    }
}

/// Why silences could not be read or written.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum SilenceError {
    /// The settings name no Alertmanager.
    #[error("no Alertmanager is configured")]
    NotConfigured,
    /// Whoever asks may not touch everything that the silence touches. Each text is a sentence.
    #[error("{}", .0.join(" "))]
    Forbidden(
        /// What is missing.
        Vec<String>,
    ),
    /// Not every Alertmanager did as it was asked; what each of them did.
    #[error("{}", told(.0))]
    Failed(
        /// One per Alertmanager, or per silence there, in the order of the settings.
        Vec<Outcome>,
    ),
}

impl SilenceError {
    /// What can be done about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotConfigured => "set alertmanager.url in promgen.yml",
            Self::Forbidden(_) => "narrow it down to what you may edit, or ask for the role editor",
            Self::Failed(_) => {
                "correct the request where one refused; where one gave no answer, check \
                 alertmanager.url and whether it runs, and try again"
            }
        }
    }

    /// The status with which the request itself was refused by all that failed, if that is so:
    /// then it is the request that is wrong, not an Alertmanager.
    pub fn refused_with(&self) -> Option<u16> {
        let Self::Failed(outcomes) = self else {
            return None;
        };
        let failures = outcomes.iter().filter(|outcome| outcome.is_failure());
        let mut statuses = failures.map(|outcome| outcome.status);
        let first = statuses.next()??;
        let client = |status: u16| (400..500).contains(&status);
        (client(first) && statuses.all(|status| status.is_some_and(client))).then_some(first)
    }
}

fn told(outcomes: &[Outcome]) -> String {
    let told: Vec<String> = outcomes.iter().map(ToString::to_string).collect();
    told.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: Option<u16>) -> Outcome {
        let message = "no".to_owned();
        Outcome::failed("http://am", PeerFailure { status, message })
    }

    #[test]
    fn a_refusal_by_all_that_failed_is_about_the_request() {
        let made = Outcome::done("http://b", Did::TakenBack, "x");
        for (outcomes, status) in [
            (vec![failed(Some(400)), made.clone()], Some(400)),
            (vec![failed(Some(404)), failed(Some(400))], Some(404)),
            (vec![failed(Some(400)), failed(None)], None),
            (vec![failed(Some(500))], None),
            (vec![made], None),
        ] {
            assert_eq!(SilenceError::Failed(outcomes).refused_with(), status);
        }
        assert_eq!(SilenceError::NotConfigured.refused_with(), None);
    }

    #[test]
    fn the_text_says_who_did_what() {
        let made = Outcome::done("http://b", Did::Left, "x");
        assert_eq!(
            SilenceError::Failed(vec![failed(None), made]).to_string(),
            "http://am gave no answer (no); http://b made it and could not take it back"
        );
    }
}
