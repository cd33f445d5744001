//! Putting the answers of several shards together, in the order of the shards.
//!
//! | what | becomes |
//! | --- | --- |
//! | labels, values of a label | the sorted union |
//! | series, exemplars | each series once, the first shard's |
//! | a vector | each series once, the first shard's |
//! | a matrix | each series once, with the samples of all; of one time the first shard's |
//! | a scalar, a text | the first shard's |
//! | metadata | the union, each entry once |
//!
//! An answer that is not understood is left out as a whole, and a warning says so.

mod parts;
mod read;
mod samples;
mod union;
mod write;

use std::collections::HashSet;

use parts::Unread;
use union::Union;

use super::Question;
use super::budget::Budget;
use super::error::{Failure, ProxyError, ShardFailure};
use crate::app::AppError;

/// What a shard sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) shard: String,
    pub(super) url: String,
    pub(super) body: Vec<u8>,
}

/// The answers of the shards in their order, and what has to be known to put them together.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) question: Question,
    pub(super) answers: Vec<Result<Sent, ShardFailure>>,
    /// Of metadata, only that of these metrics is answered.
    pub(super) metrics: Option<HashSet<String>>,
    /// What is to be said beside the answer.
    pub(super) warnings: Vec<String>,
    /// The setting, for what is said when it is too small.
    pub(super) limit_bytes: usize,
}

impl Merge {
    /// Puts the answers together. The result is as large as they are at most, plus its notes.
    pub(super) fn run(mut self, budget: &Budget) -> Result<Vec<u8>, ProxyError> {
        let mut union = Union::new(&self.question.endpoint);
        let (mut notes, mut infos, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        for answer in &self.answers {
            let added = match answer {
                Err(failure) => Err(failure.clone()),
                Ok(sent) => match self.add(sent, &mut union, budget) {
                    Err(Unread::NoRoom) => return Err(self.no_room(budget)),
                    Err(Unread::Garbage(message)) => Err(sent.failed(message)),
                    Ok(added) => Ok(added),
                },
            };
            match added {
                Ok((warned, informed)) => {
                    notes.extend(warned);
                    infos.extend(informed);
                }
                Err(failure) => failures.push(failure),
            }
        }
        self.warnings
            .extend(failures.iter().map(ToString::to_string));
        if !failures.is_empty() && failures.len() == self.answers.len() {
            return Err(worst(failures));
        }
        self.warnings.append(&mut notes);
        if let Some(metrics) = &self.metrics {
            union.retain(|metric| is_of(metric, metrics));
        }
        let mut out = b"{\"status\":\"success\",\"data\":".to_vec();
        match union.write(&self.question, budget, &mut out) {
            Ok(false) => {}
            Ok(true) => self
                .warnings
                .push("results truncated due to limit".to_owned()),
            Err(Unread::NoRoom) => return Err(self.no_room(budget)),
            Err(Unread::Garbage(message)) => {
                return Err(AppError::Internal { message }.into());
            }
        }
        once(&mut self.warnings);
        once(&mut infos);
        write::end(&self.warnings, &infos, &mut out);
        Ok(out)
    }

    /// Adds an answer, and tells its warnings and infos.
    fn add<'a>(
        &self,
        sent: &'a Sent,
        union: &mut Union<'a>,
        budget: &Budget,
    ) -> Result<(Vec<String>, Vec<String>), Unread> {
        let answer = parts::read(&self.question.endpoint, &sent.body, budget)?;
        union.add(answer.parts).map_err(Unread::Garbage)?;
        Ok((answer.warnings, answer.infos))
    }

    fn no_room(&self, budget: &Budget) -> ProxyError {
        if budget.is_crowded() {
            return ProxyError::Crowded;
        }
        ProxyError::TooLarge {
            limit_bytes: self.limit_bytes,
        }
    }
}

impl Sent {
    fn failed(&self, message: String) -> ShardFailure {
        ShardFailure {
            shard: self.shard.clone(),
            url: self.url.clone(),
            what: Failure::Garbage { message },
        }
    }
}

/// Whether metadata is of one of these metrics: a histogram and a summary are one in the metadata
/// and several as series.
fn is_of(metric: &str, series: &HashSet<String>) -> bool {
    let suffixes = [
        "", "_bucket", "_count", "_sum", "_total", "_created", "_info",
    ];
    suffixes
        .iter()
        .any(|suffix| series.contains(&format!("{metric}{suffix}")))
}

/// The failure that is told when there is nothing else to tell: what the first shard said, of those
/// that said anything, else what happened to the first.
fn worst(failures: Vec<ShardFailure>) -> ProxyError {
    let said = |failure: &ShardFailure| matches!(failure.what, Failure::Refused(_));
    let at = failures.iter().position(said).unwrap_or(0);
    match failures.into_iter().nth(at) {
        Some(failure) => ProxyError::Shard(Box::new(failure)),
        None => ProxyError::App(AppError::Internal {
            message: "no shard failed".to_owned(),
        }),
    }
}

/// Each note once, in their order.
fn once(notes: &mut Vec<String>) {
    let mut seen = HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
}

#[cfg(test)]
mod tests;
