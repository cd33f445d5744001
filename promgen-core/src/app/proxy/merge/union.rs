//! The union of parts.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::value::RawValue;

use super::parts::{Kind, Parts, Unread};
use super::read::{self, Garbage, Identity};
use super::{samples, write};
use crate::app::proxy::budget::Budget;
use crate::app::proxy::{Endpoint, Question};

/// What the shards have said so far.
#[derive(Debug)]
pub(super) enum Union<'a> {
    Names(BTreeSet<Cow<'a, str>>),
    Series(Distinct<'a>),
    Result {
        kind: Option<Kind>,
        /// What a result without any shard would be.
        empty: Kind,
        series: Distinct<'a>,
        single: Option<&'a RawValue>,
    },
    Metadata(BTreeMap<String, Vec<&'a RawValue>>),
}

/// Things in their order, each with all that was said of it.
#[derive(Debug, Default)]
pub(super) struct Distinct<'a> {
    known: HashMap<Identity, usize>,
    items: Vec<(&'a RawValue, Vec<&'a RawValue>)>,
}

impl<'a> Distinct<'a> {
    /// What the first shard said of each.
    fn firsts(&self, most: usize) -> impl Iterator<Item = &'a str> {
        self.items.iter().take(most).map(|(item, _)| item.get())
    }

    fn extend(&mut self, items: Vec<(Identity, &'a RawValue)>) {
        for (identity, item) in items {
            self.add(identity, item);
        }
    }

    fn add(&mut self, identity: Identity, item: &'a RawValue) {
        match self.known.entry(identity) {
            Entry::Vacant(place) => {
                place.insert(self.items.len());
                self.items.push((item, Vec::new()));
            }
            Entry::Occupied(place) => {
                if let Some((_, others)) = self.items.get_mut(*place.get()) {
                    others.push(item);
                }
            }
        }
    }
}

impl<'a> Union<'a> {
    /// Nothing yet.
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        let result = |empty| Self::Result {
            kind: None,
            empty,
            series: Distinct::default(),
            single: None,
        };
        match endpoint {
            Endpoint::Labels | Endpoint::LabelValues(_) => Self::Names(BTreeSet::new()),
            Endpoint::Series | Endpoint::Exemplars => Self::Series(Distinct::default()),
            Endpoint::Query => result(Kind::Vector),
            Endpoint::QueryRange => result(Kind::Matrix),
            Endpoint::Metadata => Self::Metadata(BTreeMap::new()),
        }
    }

    /// Adds what a shard said; refuses a result of another type than that of the shards before it.
    pub(super) fn add(&mut self, parts: Parts<'a>) -> Result<(), String> {
        match (self, parts) {
            (Self::Names(all), Parts::Names(names)) => all.extend(names),
            (Self::Series(all), Parts::Series(items)) => all.extend(items),
            (Self::Result { kind, series, .. }, Parts::Result(of, items)) => {
                agree(kind, of)?;
                series.extend(items);
            }
            (Self::Result { kind, single, .. }, Parts::Single(of, value)) => {
                agree(kind, of)?;
                single.get_or_insert(value);
            }
            (Self::Metadata(all), Parts::Metadata(metrics)) => {
                for (metric, entries) in metrics {
                    all.entry(metric).or_default().push(entries);
                }
            }
            _ => return Err("the answer is of another kind than the question".to_owned()),
        }
        Ok(())
    }

    /// Keeps only the metadata of metrics that a test lets pass.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        if let Self::Metadata(metrics) = self {
            metrics.retain(|metric, _| keep(metric));
        }
    }

    /// Writes the data, and answers whether the caller's limit cut something off.
    pub(super) fn write(
        self,
        question: &Question,
        budget: &Budget,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unread> {
        let most = question.most("limit").unwrap_or(usize::MAX);
        match self {
            Self::Names(names) => {
                let quoted = names.iter().take(most).map(|name| write::quoted(name));
                write::list(quoted, out);
                Ok(names.len() > most)
            }
            Self::Series(series) => {
                write::list(series.firsts(most), out);
                Ok(series.items.len() > most)
            }
            Self::Result {
                kind,
                empty,
                series,
                single,
            } => {
                let kind = kind.unwrap_or(empty).as_str();
                let head = format!("{{\"resultType\":\"{kind}\",\"result\":");
                out.extend_from_slice(head.as_bytes());
                match single {
                    Some(single) => out.extend_from_slice(single.get().as_bytes()),
                    None if kind == Kind::Matrix.as_str() => {
                        write_ranges(&series, most, budget, out)?;
                    }
                    None => write::list(series.firsts(most), out),
                }
                out.push(b'}');
                Ok(single.is_none() && series.items.len() > most)
            }
            Self::Metadata(metrics) => {
                let each = question.most("limit_per_metric").unwrap_or(usize::MAX);
                write_metadata(&metrics, most, each, out)?;
                Ok(false)
            }
        }
    }
}

fn agree(kind: &mut Option<Kind>, of: Kind) -> Result<(), String> {
    let first = *kind.get_or_insert(of);
    if first == of {
        return Ok(());
    }
    Err(format!(
        "answers a {}, where shards before it answered a {}",
        of.as_str(),
        first.as_str()
    ))
}

fn write_ranges(
    series: &Distinct<'_>,
    most: usize,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<(), Unread> {
    out.push(b'[');
    for (number, (first, others)) in series.items.iter().take(most).enumerate() {
        if number > 0 {
            out.push(b',');
        }
        if others.is_empty() {
            out.extend_from_slice(first.get().as_bytes());
        } else {
            let parts = std::iter::once(first).chain(others).copied();
            samples::merge(&parts.collect::<Vec<_>>(), budget, out)?;
        }
    }
    out.push(b']');
    Ok(())
}

fn write_metadata(
    metrics: &BTreeMap<String, Vec<&RawValue>>,
    most: usize,
    each: usize,
    out: &mut Vec<u8>,
) -> Result<(), Garbage> {
    out.push(b'{');
    for (number, (metric, lists)) in metrics.iter().take(most).enumerate() {
        if number > 0 {
            out.push(b',');
        }
        out.extend_from_slice(write::quoted(metric).as_bytes());
        out.push(b':');
        let (mut known, mut entries) = (HashSet::new(), Vec::new());
        for list in lists {
            read::each(list, |entry| {
                if known.insert(entry.get()) {
                    entries.push(entry.get());
                }
                Ok(())
            })?;
        }
        write::list(entries.into_iter().take(each), out);
    }
    out.push(b'}');
    Ok(())
}
