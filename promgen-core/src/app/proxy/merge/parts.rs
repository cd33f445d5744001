//! What one shard answered, in the parts that are put together.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::read::{self, Envelope, Garbage, Identity, Queried};
use crate::app::proxy::Endpoint;
use crate::app::proxy::budget::Budget;

/// What a name costs in memory beside its text, in a list and then in a sorted set.
const NAME_BYTES: usize = 64;

/// The same for a series: its identity, in a list and then in a table.
const SERIES_BYTES: usize = 200;

/// Most notes that are passed on, and how long one may be; a shard with more has said enough.
const NOTES: (usize, usize) = (20, 1000);

/// An answer that is understood.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) parts: Parts<'a>,
    pub(super) warnings: Vec<String>,
    pub(super) infos: Vec<String>,
}

/// The parts of an answer.
#[derive(Debug)]
pub(super) enum Parts<'a> {
    /// Names of labels, or values of one.
    Names(Vec<Cow<'a, str>>),
    /// Things of which each belongs to a series.
    Series(Vec<(Identity, &'a RawValue)>),
    /// The result of a query, with its type.
    Result(Kind, Vec<(Identity, &'a RawValue)>),
    /// A result that is one value, with its type.
    Single(Kind, &'a RawValue),
    /// Metadata by metric.
    Metadata(Vec<(String, &'a RawValue)>),
}

/// The types of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Vector,
    Matrix,
    Scalar,
    Text,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Matrix => "matrix",
            Self::Scalar => "scalar",
            Self::Text => "string",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let known = [Self::Vector, Self::Matrix, Self::Scalar, Self::Text];
        known.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why an answer has no parts.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is not what Prometheus would answer.
    Garbage(String),
    /// There is no room for what has to be known about it.
    NoRoom,
}

impl From<Garbage> for Unread {
    fn from(error: Garbage) -> Self {
        Self::Garbage(format!("the answer is not Prometheus': {error}"))
    }
}

/// Takes an answer apart.
pub(super) fn read<'a>(
    endpoint: &Endpoint,
    body: &'a [u8],
    budget: &Budget,
) -> Result<Answer<'a>, Unread> {
    let envelope: Envelope<'a> = serde_json::from_slice(body)?;
    if envelope.status != "success" {
        let said = envelope.error.unwrap_or_default();
        return Err(Unread::Garbage(format!(
            "says {:?}: {said}",
            envelope.status
        )));
    }
    let notes = |raw: Option<&'a RawValue>| raw.map_or(Ok(Vec::new()), notes);
    let (warnings, infos) = (notes(envelope.warnings)?, notes(envelope.infos)?);
    // A list without items may be null, and a null is left out.
    let data = match envelope.data {
        Some(data) => data,
        None => serde_json::from_str("null")?,
    };
    let mut room = Room {
        budget,
        full: false,
    };
    let parts = parts(endpoint, data, &mut room);
    match parts {
        _ if room.full => Err(Unread::NoRoom),
        parts => Ok(Answer {
            parts: parts?,
            warnings,
            infos,
        }),
    }
}

fn parts<'a>(
    endpoint: &Endpoint,
    data: &'a RawValue,
    room: &mut Room<'_>,
) -> Result<Parts<'a>, Garbage> {
    match endpoint {
        Endpoint::Labels | Endpoint::LabelValues(_) => {
            let mut names = Vec::new();
            read::each(data, |item| {
                let name = read::text(item)?;
                room.take(NAME_BYTES + name.len())?;
                names.push(name);
                Ok(())
            })?;
            Ok(Parts::Names(names))
        }
        Endpoint::Series => items(data, room, read::identity).map(Parts::Series),
        Endpoint::Exemplars => items(data, room, exemplars_of).map(Parts::Series),
        Endpoint::Metadata => {
            let mut metrics = Vec::new();
            read::each_entry(data, |name, entries| {
                room.take(SERIES_BYTES + name.len())?;
                read::each(entries, |_| room.take(NAME_BYTES))?;
                metrics.push((name, entries));
                Ok(())
            })?;
            Ok(Parts::Metadata(metrics))
        }
        Endpoint::Query | Endpoint::QueryRange => result(data, room),
    }
}

fn result<'a>(data: &'a RawValue, room: &mut Room<'_>) -> Result<Parts<'a>, Garbage> {
    let found: Queried<'a> = serde_json::from_str(data.get())?;
    let kind = Kind::parse(&found.kind);
    let kind = kind.ok_or_else(|| read::unlike("resultType is none that Prometheus has"))?;
    match kind {
        Kind::Vector | Kind::Matrix => {
            let items = items(found.result, room, metric_of)?;
            Ok(Parts::Result(kind, items))
        }
        Kind::Scalar | Kind::Text => Ok(Parts::Single(kind, found.result)),
    }
}

fn items<'a>(
    list: &'a RawValue,
    room: &mut Room<'_>,
    identity: impl Fn(&'a RawValue) -> Result<Identity, Garbage>,
) -> Result<Vec<(Identity, &'a RawValue)>, Garbage> {
    let mut items = Vec::new();
    read::each(list, |item| {
        room.take(SERIES_BYTES)?;
        items.push((identity(item)?, item));
        Ok(())
    })?;
    Ok(items)
}

#[derive(Deserialize)]
struct OfMetric<'a> {
    #[serde(borrow)]
    metric: &'a RawValue,
}

fn metric_of(item: &RawValue) -> Result<Identity, Garbage> {
    let item: OfMetric<'_> = serde_json::from_str(item.get())?;
    read::identity(item.metric)
}

#[derive(Deserialize)]
struct OfSeries<'a> {
    #[serde(borrow, rename = "seriesLabels")]
    labels: &'a RawValue,
}

fn exemplars_of(item: &RawValue) -> Result<Identity, Garbage> {
    let item: OfSeries<'_> = serde_json::from_str(item.get())?;
    read::identity(item.labels)
}

fn notes(list: &RawValue) -> Result<Vec<String>, Garbage> {
    let (most, longest) = NOTES;
    let mut notes = Vec::new();
    read::each(list, |note| {
        if notes.len() < most {
            let note = read::text(note)?;
            notes.push(note.chars().take(longest).collect());
        }
        Ok(())
    })?;
    Ok(notes)
}

/// Room for what has to be known about an answer beside its text.
struct Room<'b> {
    budget: &'b Budget,
    full: bool,
}

impl Room<'_> {
    fn take(&mut self, bytes: usize) -> Result<(), Garbage> {
        if self.budget.take(bytes) {
            return Ok(());
        }
        self.full = true;
        Err(read::unlike("there is no room"))
    }
}
