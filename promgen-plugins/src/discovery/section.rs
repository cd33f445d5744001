//! The section of a source in the settings.

use promgen_core::config::{Section, Settings};
use promgen_core::plugin::PluginError;

/// A section, with words for what is wrong in it.
pub(super) struct Reader<'s> {
    key: &'static str,
    section: Option<&'s Section>,
}

impl<'s> Reader<'s> {
    /// Opens a section; one that is absent has no keys.
    ///
    /// # Errors
    /// When it is no mapping, or has a key that is not `known`.
    pub(super) fn open(
        settings: &'s Settings,
        key: &'static str,
        known: &[&str],
    ) -> Result<Self, PluginError> {
        let section = settings.plugins.get(key).filter(|found| !found.is_null());
        let reader = Self { key, section };
        let Some(section) = section else {
            return Ok(reader);
        };
        let Some(mapping) = section.as_mapping() else {
            let keys = known.join(", ");
            return Err(reader.refuse("is no mapping", format!("write `key: value` for {keys}")));
        };
        let stranger = mapping
            .keys()
            .map(|key| key.as_str().unwrap_or_default())
            .find(|key| !known.contains(key));
        match stranger {
            None => Ok(reader),
            Some(stranger) => {
                let remedy = format!("the keys are {}", known.join(", "));
                Err(reader.refuse(&format!("nothing is known about {stranger:?}"), remedy))
            }
        }
    }

    /// One text, or a list of them; none when the key is absent.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, PluginError> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let items = match value.as_sequence() {
            Some(items) => items.as_slice(),
            None => std::slice::from_ref(value),
        };
        let text = |item: &Section| item.as_str().map(str::to_owned);
        let texts: Option<Vec<String>> = items.iter().map(text).collect();
        texts.ok_or_else(|| {
            let remedy = "write a text, or a list of texts, numbers in quotes";
            self.refuse(&format!("{key} is no text"), remedy)
        })
    }

    /// The value of a key; null counts as absent.
    pub(super) fn value(&self, key: &str) -> Option<&'s Section> {
        self.section?.get(key).filter(|value| !value.is_null())
    }

    /// An error about this section.
    pub(super) fn refuse(&self, message: &str, remedy: impl Into<String>) -> PluginError {
        PluginError {
            key: self.key.to_owned(),
            message: message.to_owned(),
            remedy: remedy.into(),
        }
    }
}
