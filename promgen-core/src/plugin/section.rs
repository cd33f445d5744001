//! A driver's own section of the settings.

use std::collections::BTreeMap;

use super::PluginError;
use super::form::is_http_url;
use crate::config::{Section, Settings};

/// The section under a driver's key. A section, key or text that is missing or empty reads as not
/// there. No complaint holds a value, for it may be a password.
#[derive(Debug, Clone, Copy)]
pub struct DriverSettings<'a> {
    key: &'static str,
    section: Option<&'a Section>,
}

impl<'a> DriverSettings<'a> {
    /// The section of the driver with this key.
    pub fn of(settings: &'a Settings, key: &'static str) -> Self {
        let section = settings.plugins.get(key);
        Self { key, section }
    }

    /// A text.
    ///
    /// # Errors
    /// [`PluginError`] for anything else.
    pub fn text(&self, name: &str) -> Result<Option<String>, PluginError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        match value.as_str() {
            Some("") => Ok(None),
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.error(name, "is not a text", "write one text, in quotes")),
        }
    }

    /// An `http` or `https` URL.
    ///
    /// # Errors
    /// [`PluginError`] for anything else.
    pub fn url(&self, name: &str) -> Result<Option<String>, PluginError> {
        let url = self.text(name)?;
        match &url {
            Some(text) if !is_http_url(text) => Err(self.not_a_url(name)),
            _ => Ok(url),
        }
    }

    /// A list of texts; one text stands for a list of one.
    ///
    /// # Errors
    /// [`PluginError`] for anything else.
    pub fn list(&self, name: &str) -> Result<Option<Vec<String>>, PluginError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let items = match value.as_sequence() {
            Some(items) => items.as_slice(),
            None => std::slice::from_ref(value),
        };
        let text = |item: &Section| item.as_str().map(str::to_owned);
        let texts: Option<Vec<String>> = items.iter().map(text).collect();
        let refused = || self.error(name, "is not a list of texts", "write it as [text, text]");
        texts.map(Some).ok_or_else(refused)
    }

    /// Refuses a section that has other keys than these, or is no mapping.
    ///
    /// # Errors
    /// [`PluginError`] that names the stranger.
    pub fn only(&self, known: &[&str]) -> Result<(), PluginError> {
        let Some(section) = self.section.filter(|section| !section.is_null()) else {
            return Ok(());
        };
        let remedy = match known {
            [] => "it has no settings; leave the section out".to_owned(),
            _ => format!("the keys are {}", known.join(", ")),
        };
        let refused = |message: String| PluginError {
            key: self.key.to_owned(),
            message,
            remedy: remedy.clone(),
        };
        let mapping = section.as_mapping();
        let mapping = mapping.ok_or_else(|| refused("the section is no mapping".to_owned()))?;
        let stranger = mapping
            .keys()
            .map(|key| key.as_str().unwrap_or_default())
            .find(|key| !known.contains(key));
        match stranger {
            None => Ok(()),
            Some(name) => Err(refused(format!("nothing is known about {name:?}"))),
        }
    }

    /// A mapping of texts to texts.
    ///
    /// # Errors
    /// [`PluginError`] for anything else.
    pub fn texts(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, PluginError> {
        let refused = || {
            self.error(
                name,
                "is not a mapping of texts",
                "write it as `name: text`",
            )
        };
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let entries = value.as_mapping().ok_or_else(refused)?;
        let text = |value: &Section| value.as_str().map(str::to_owned);
        entries
            .iter()
            .map(|(name, value)| Some((text(name)?, text(value)?)))
            .collect::<Option<_>>()
            .map(Some)
            .ok_or_else(refused)
    }

    /// A mapping of names to `http` or `https` URLs.
    ///
    /// # Errors
    /// [`PluginError`] for anything else.
    pub fn urls(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, PluginError> {
        let urls = self.texts(name)?;
        let strange = |(_, url): &(&String, &String)| !is_http_url(url);
        match urls.iter().flatten().find(strange) {
            Some((below, _)) => Err(self.not_a_url(&format!("{name}.{below}"))),
            None => Ok(urls),
        }
    }

    /// The complaint about one key of the section.
    pub fn error(&self, name: &str, message: &str, remedy: &str) -> PluginError {
        PluginError {
            key: self.key.to_owned(),
            message: format!("`{name}` {message}"),
            remedy: remedy.to_owned(),
        }
    }

    fn not_a_url(&self, name: &str) -> PluginError {
        self.error(
            name,
            "is not a URL",
            "write it like https://api.example.com",
        )
    }

    fn value(&self, name: &str) -> Option<&'a Section> {
        let value = self.section?.get(name)?;
        (!value.is_null()).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "promgen.notification.pigeon";

    fn settings(yaml: &str) -> Settings {
        let mut settings = Settings::default();
        let section = serde_yaml::from_str(yaml).unwrap();
        settings.plugins.insert(KEY.to_owned(), section);
        settings
    }

    #[test]
    fn what_is_not_there_is_no_mistake() {
        for settings in [
            Settings::default(),
            settings("~"),
            settings("{coop: ~}"),
            settings("{coop: ''}"),
        ] {
            let section = DriverSettings::of(&settings, KEY);
            assert_eq!(section.text("coop").unwrap(), None);
            assert_eq!(section.url("coop").unwrap(), None);
        }
        let none = Settings::default();
        assert_eq!(DriverSettings::of(&none, KEY).urls("coops").unwrap(), None);
    }

    #[test]
    fn what_is_strange_is_named_but_not_told() {
        let settings =
            settings("{coop: 4711, at: 'gopher://4711', coops: {b: x4711}, list: [4711]}");
        let section = DriverSettings::of(&settings, KEY);
        let refused = [
            section.text("coop").map(drop),
            section.url("at").map(drop),
            section.urls("coops").map(drop),
            section.texts("list").map(drop),
        ];
        for (result, name) in refused.into_iter().zip(["coop", "at", "coops.b", "list"]) {
            let error = result.unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}`")), "{error}");
            assert!(error.contains(KEY) && !error.contains("4711"), "{error}");
        }
        assert_eq!(section.texts("coops").unwrap().unwrap()["b"], "x4711");
    }
}
