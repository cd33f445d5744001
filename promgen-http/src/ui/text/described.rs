//! What plugins say of themselves, in the language of whoever reads.
//!
//! Plugins speak English. For those that ship with Promgen a language has a message each, named by
//! their section of the settings with dashes for dots, with an attribute for each of their texts:
//! `label`, `help`, and of a form's field `value` also `value-label` and `value-help`. What it lacks
//! is shown as the plugin says it.

use std::borrow::Cow;

use promgen_core::plugin::{
    AuthDescription, DiscoveryDescription, Field, NotifierDescription, PluginReport, Registry,
};

use super::{Texts, catalogue};

impl Texts {
    /// What people call a notifier.
    pub(crate) fn notifier(&self, driver: &NotifierDescription) -> Cow<'static, str> {
        self.described(driver.key, "label", driver.label)
    }

    /// What a notifier is for.
    pub(crate) fn notifier_help(&self, driver: &NotifierDescription) -> Cow<'static, str> {
        self.described(driver.key, "help", driver.help)
    }

    /// Label and help of a field of a notifier's form.
    pub(crate) fn notifier_field(
        &self,
        driver: &NotifierDescription,
        field: &Field,
    ) -> [Cow<'static, str>; 2] {
        let part = |text: &str, own| {
            let part = format!("{}-{text}", field.name);
            self.described(driver.key, &part, own)
        };
        [part("label", field.label), part("help", field.help)]
    }

    /// What people call a source of farms.
    pub(crate) fn source(&self, source: &DiscoveryDescription) -> Cow<'static, str> {
        self.described(source.section, "label", source.label)
    }

    /// What people call a way to log in.
    pub(crate) fn backend(&self, backend: &AuthDescription) -> Cow<'static, str> {
        self.described(backend.section, "label", backend.label)
    }

    /// Label and help of any plugin.
    pub(crate) fn plugin(
        &self,
        registry: &Registry,
        plugin: &PluginReport,
    ) -> [Cow<'static, str>; 2] {
        let section = match plugin.kind {
            "discovery" => registry.discovery(plugin.key).map(|one| one.section),
            "login" => registry.backend(plugin.key).map(|one| one.section),
            _ => None,
        };
        let section = section.unwrap_or(plugin.key);
        [
            self.described(section, "label", plugin.label),
            self.described(section, "help", plugin.help),
        ]
    }

    fn described(&self, section: &str, part: &str, own: &'static str) -> Cow<'static, str> {
        let message = section.replace('.', "-");
        let found = catalogue::part(self.lang, &message, part);
        found.map_or(Cow::Borrowed(own), Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use promgen_core::plugin::{FieldKind, NotifierKind, Pace};
    use promgen_plugins as _;

    use super::super::Lang;
    use super::*;

    /// Every text of the plugins that ship with Promgen, as the catalogue names them.
    fn expected() -> BTreeSet<String> {
        let registry = Registry::linked().unwrap();
        let notifiers = registry.notifiers().map(|one| one.key);
        let sources = registry.discoveries().map(|one| one.section);
        let backends = registry.backends().map(|one| one.section);
        let sections = notifiers.chain(sources).chain(backends);
        let mut names: BTreeSet<String> = sections
            .flat_map(|section| ["label", "help"].map(|part| named(section, part)))
            .collect();
        for driver in registry.notifiers() {
            for field in driver.fields {
                let parts = ["label", "help"].map(|part| format!("{}-{part}", field.name));
                names.extend(parts.map(|part| named(driver.key, &part)));
            }
        }
        names
    }

    fn named(section: &str, part: &str) -> String {
        format!("{}.{part}", section.replace('.', "-"))
    }

    fn translated(source: &str) -> BTreeSet<String> {
        let mut message = String::new();
        let mut names = BTreeSet::new();
        for line in source.lines() {
            let (key, _) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            match key.trim().strip_prefix('.') {
                Some(part) => {
                    let name = format!("{message}.{part}");
                    assert!(names.insert(name.clone()), "{name} twice");
                }
                None => key.trim().clone_into(&mut message),
            }
        }
        names
    }

    #[test]
    fn every_text_of_the_plugins_that_ship_with_it_is_translated_and_no_other() {
        for lang in Lang::ALL {
            let Some(source) = catalogue::plugins(lang) else {
                assert_eq!(lang, Lang::En, "only plugins themselves speak {lang:?}");
                continue;
            };
            let (expected, translated) = (expected(), translated(source));
            let odd: Vec<_> = expected.symmetric_difference(&translated).collect();
            assert!(odd.is_empty(), "missing or without a plugin: {odd:?}");
        }
    }

    #[test]
    fn a_plugin_that_the_catalogue_lacks_speaks_for_itself() {
        static PIGEON: NotifierDescription = NotifierDescription {
            key: "com.example.pigeon",
            label: "Pigeon",
            help: "Sends a pigeon.",
            fields: &[Field {
                name: "value",
                label: "Loft",
                help: "Where it lives.",
                kind: FieldKind::Text,
                required: true,
            }],
            settings: &[],
            check_value: None,
            pace: Pace::USUAL,
            kind: NotifierKind::FanOut,
        };
        let registry = Registry::linked().unwrap();
        let email = registry.notifier("promgen.notification.email").unwrap();
        let texts = |lang| Texts {
            lang,
            ..Texts::default()
        };
        let (english, japanese) = (texts(Lang::En), texts(Lang::Ja));
        assert_eq!(english.notifier(email), "E-mail");
        assert_eq!(japanese.notifier(email), "メール");
        let [label, _] = japanese.notifier_field(email, &email.fields[0]);
        assert_eq!(label, "メールアドレス");
        assert_eq!(japanese.notifier(&PIGEON), "Pigeon");
        assert_eq!(japanese.notifier_help(&PIGEON), "Sends a pigeon.");
        let field = japanese.notifier_field(&PIGEON, &PIGEON.fields[0]);
        assert_eq!(field, ["Loft", "Where it lives."]);
    }
}
