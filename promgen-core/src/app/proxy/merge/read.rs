//! Reading answers as far as they have to be understood, and no further: everything else stays the
//! text that it was, so that an answer takes little more memory than its bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Why an answer is not one.
pub(super) type Garbage = serde_json::Error;

/// What every answer of Prometheus is wrapped in.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'a> {
    pub(super) status: String,
    #[serde(borrow, default)]
    pub(super) data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) warnings: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) infos: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) error: Option<String>,
}

/// `data` of a query.
#[derive(Debug, Deserialize)]
pub(super) struct Queried<'a> {
    #[serde(rename = "resultType")]
    pub(super) kind: String,
    #[serde(borrow)]
    pub(super) result: &'a RawValue,
}

/// Which series something is about: the hash of its labels, in whatever order they stand.
pub(super) type Identity = [u8; 32];

/// Hands out the items of an array one by one; `null` has none.
pub(super) fn each<'a>(
    array: &'a RawValue,
    take: impl FnMut(&'a RawValue) -> Result<(), Garbage>,
) -> Result<(), Garbage> {
    if array.get() == "null" {
        return Ok(());
    }
    let mut deserializer = serde_json::Deserializer::from_str(array.get());
    deserializer.deserialize_seq(Items(take, PhantomData))
}

/// Hands out the entries of an object one by one.
pub(super) fn each_entry<'a>(
    object: &'a RawValue,
    take: impl FnMut(String, &'a RawValue) -> Result<(), Garbage>,
) -> Result<(), Garbage> {
    let mut deserializer = serde_json::Deserializer::from_str(object.get());
    deserializer.deserialize_map(Entries(take, PhantomData))
}

/// A text, without a copy where it has no escapes.
pub(super) fn text(raw: &RawValue) -> Result<Cow<'_, str>, Garbage> {
    let plain = raw
        .get()
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match plain {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str(raw.get()).map(Cow::Owned),
    }
}

/// The identity of a set of labels.
pub(super) fn identity(labels: &RawValue) -> Result<Identity, Garbage> {
    let labels: BTreeMap<String, String> = serde_json::from_str(labels.get())?;
    let mut hash = Sha256::new();
    for text in labels.iter().flat_map(|(name, value)| [name, value]) {
        hash.update(text.len().to_be_bytes());
        hash.update(text.as_bytes());
    }
    Ok(hash.finalize().into())
}

/// An answer that has another form than it must.
pub(super) fn unlike(message: &str) -> Garbage {
    Garbage::custom(message)
}

struct Items<'a, F>(F, PhantomData<&'a ()>);

impl<'a, F: FnMut(&'a RawValue) -> Result<(), Garbage>> Visitor<'a> for Items<'a, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            (self.0)(item).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct Entries<'a, F>(F, PhantomData<&'a ()>);

impl<'a, F: FnMut(String, &'a RawValue) -> Result<(), Garbage>> Visitor<'a> for Entries<'a, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut entries: A) -> Result<(), A::Error> {
        while let Some((name, value)) = entries.next_entry()? {
            (self.0)(name, value).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn labels_in_any_order_are_the_same_series() {
        let of = |text| identity(raw(text)).unwrap();
        assert_eq!(of(r#"{"a":"1","b":"2"}"#), of(r#"{"b":"2", "a":"1"}"#));
        assert_ne!(of(r#"{"a":"1b","c":""}"#), of(r#"{"a":"1","b":"c"}"#));
        assert!(identity(raw(r#"{"a":1}"#)).is_err());
    }

    #[test]
    fn items_stay_the_texts_they_were() {
        let mut found = Vec::new();
        let take = |item: &RawValue| {
            found.push(item.get().to_owned());
            Ok(())
        };
        each(raw(r#"[ 1.50 ,{"a" : 1}, null]"#), take).unwrap();
        assert_eq!(found, ["1.50", r#"{"a" : 1}"#, "null"]);
        assert!(each(raw("{}"), |_| Ok(())).is_err());
        assert!(each(raw("null"), |_| Err(unlike("no"))).is_ok());
        assert_eq!(text(raw(r#""a\u0062""#)).unwrap(), "ab");
        assert!(text(raw("1")).is_err());
    }
}
