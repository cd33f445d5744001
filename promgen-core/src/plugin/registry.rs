//! The list of drivers that this program has.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    AuthDescription, DiscoveryDescription, LinkedAuth, LinkedDiscovery, LinkedMailer,
    LinkedNotifier, MailerDescription, NotifierDescription,
};

/// Why a registry could not be made. The program is wrongly put together; no input mends it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// Two plugins registered the same key.
    #[error("two plugins are registered as {key}; link only one of them")]
    Duplicate {
        /// The key.
        key: &'static str,
    },
}

/// Every driver that this program has, sorted by key.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    notifiers: BTreeMap<&'static str, &'static NotifierDescription>,
    discoveries: BTreeMap<&'static str, &'static DiscoveryDescription>,
    backends: BTreeMap<&'static str, &'static AuthDescription>,
    mailer: Option<&'static MailerDescription>,
}

impl Registry {
    /// The drivers that plugin crates registered and the linker kept.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when two of them have the same key.
    pub fn linked() -> Result<Self, RegistryError> {
        let mut builder = Self::builder();
        for linked in inventory::iter::<LinkedNotifier> {
            builder = builder.notifier(linked.0)?;
        }
        for linked in inventory::iter::<LinkedDiscovery> {
            builder = builder.discovery(linked.0)?;
        }
        for linked in inventory::iter::<LinkedAuth> {
            builder = builder.backend(linked.0)?;
        }
        for linked in inventory::iter::<LinkedMailer> {
            builder = builder.mailer(linked.0)?;
        }
        Ok(builder.build())
    }

    /// A registry put together by hand, without life before `main`.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    /// The notifier of that key.
    pub fn notifier(&self, key: &str) -> Option<&'static NotifierDescription> {
        self.notifiers.get(key).copied()
    }

    /// All notifiers, sorted by key.
    pub fn notifiers(&self) -> impl Iterator<Item = &'static NotifierDescription> + '_ {
        self.notifiers.values().copied()
    }

    /// The discovery source of that key.
    pub fn discovery(&self, key: &str) -> Option<&'static DiscoveryDescription> {
        self.discoveries.get(key).copied()
    }

    /// Whether a plugin reads its settings from the section of that key.
    pub fn knows_section(&self, key: &str) -> bool {
        self.notifier(key).is_some()
            || self.discoveries().any(|source| source.section == key)
            || self.backends().any(|backend| backend.section == key)
    }

    /// The login backend of that key.
    pub fn backend(&self, key: &str) -> Option<&'static AuthDescription> {
        self.backends.get(key).copied()
    }

    /// All login backends, sorted by key.
    pub fn backends(&self) -> impl Iterator<Item = &'static AuthDescription> + '_ {
        self.backends.values().copied()
    }

    /// What sends mails that are no alerts.
    pub fn mailer(&self) -> Option<&'static MailerDescription> {
        self.mailer
    }

    /// All discovery sources, sorted by key.
    pub fn discoveries(&self) -> impl Iterator<Item = &'static DiscoveryDescription> + '_ {
        self.discoveries.values().copied()
    }
}

/// Puts a [`Registry`] together.
#[derive(Debug, Default)]
pub struct RegistryBuilder(Registry);

impl RegistryBuilder {
    /// Adds a notifier.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when its key is taken.
    pub fn notifier(
        mut self,
        description: &'static NotifierDescription,
    ) -> Result<Self, RegistryError> {
        let key = description.key;
        match self.0.notifiers.insert(key, description) {
            None => Ok(self),
            Some(_) => Err(RegistryError::Duplicate { key }),
        }
    }

    /// Adds a discovery source.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when its key is taken.
    pub fn discovery(
        mut self,
        description: &'static DiscoveryDescription,
    ) -> Result<Self, RegistryError> {
        let key = description.key;
        match self.0.discoveries.insert(key, description) {
            None => Ok(self),
            Some(_) => Err(RegistryError::Duplicate { key }),
        }
    }

    /// Adds a login backend.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when its key is taken.
    pub fn backend(mut self, description: &'static AuthDescription) -> Result<Self, RegistryError> {
        let key = description.key;
        match self.0.backends.insert(key, description) {
            None => Ok(self),
            Some(_) => Err(RegistryError::Duplicate { key }),
        }
    }

    /// Adds the mailer.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when there is one already.
    pub fn mailer(
        mut self,
        description: &'static MailerDescription,
    ) -> Result<Self, RegistryError> {
        match self.0.mailer.replace(description) {
            None => Ok(self),
            Some(_) => Err(RegistryError::Duplicate {
                key: description.key,
            }),
        }
    }

    /// The finished registry.
    pub fn build(self) -> Registry {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::{NotifierKind, Pace};

    static ONE: NotifierDescription = NotifierDescription {
        key: "one",
        label: "One",
        help: "",
        fields: &[],
        settings: &[],
        check_value: None,
        pace: Pace::USUAL,
        kind: NotifierKind::FanOut,
    };

    #[test]
    fn a_key_that_is_taken_is_refused() {
        let builder = Registry::builder().notifier(&ONE).unwrap();
        let error = builder.notifier(&ONE).unwrap_err();
        assert_eq!(error, RegistryError::Duplicate { key: "one" });
    }
}
