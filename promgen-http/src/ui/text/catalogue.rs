//! The messages of `locales/`, read once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::Lang;

/// The files of every language: one for each area.
macro_rules! areas {
    ($($area:literal)*) => {
        fn sources(lang: Lang) -> Vec<&'static str> {
            match lang {
                Lang::En => vec![$(include_str!(concat!("../../../locales/en/", $area, ".ftl"))),*],
                Lang::Ja => vec![$(include_str!(concat!("../../../locales/ja/", $area, ".ftl"))),*],
            }
        }
    };
}

areas! {
    "frame" "parts" "services" "projects" "exporters" "urls" "farms" "hosts" "shards" "probes"
    "rules" "imports" "search" "graph" "alerts" "silences" "notifiers" "servers" "charts" "home"
    "setup" "login" "password" "guide" "help" "profile" "groups" "members" "admin" "audit"
}

/// What plugins say of themselves, in the languages that they do not speak.
pub(super) fn plugins(lang: Lang) -> Option<&'static str> {
    match lang {
        Lang::En => None,
        Lang::Ja => Some(include_str!("../../../locales/ja/plugins.ftl")),
    }
}

/// What the core and the plugins say.
pub(super) fn said(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../../../locales/en/said.ftl"),
        Lang::Ja => include_str!("../../../locales/ja/said.ftl"),
    }
}

/// All of the files of a language.
fn all(lang: Lang) -> impl Iterator<Item = &'static str> {
    let others = plugins(lang).into_iter().chain([said(lang)]);
    sources(lang).into_iter().chain(others)
}

static BUNDLES: LazyLock<BTreeMap<&'static str, FluentBundle<FluentResource>>> =
    LazyLock::new(|| {
        Lang::ALL
            .into_iter()
            .map(|lang| (lang.code(), bundle(lang)))
            .collect()
    });

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let locale = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks around arguments would be copied along with names. Templates isolate what people typed
    // by <bdi> where direction matters.
    bundle.set_use_isolating(false);
    for source in all(lang) {
        // What cannot be read is left out here, and told by a test.
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource(resource).ok();
    }
    bundle
}

/// The message of a key, or the key where there is none.
pub(super) fn find(
    lang: Lang,
    key: &'static str,
    args: Option<&FluentArgs<'_>>,
) -> Cow<'static, str> {
    let bundle = BUNDLES.get(lang.code());
    let found = bundle.and_then(|bundle| {
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        // A text that borrows from its arguments cannot go further than they do.
        Some(match (text, args) {
            (Cow::Borrowed(text), None) => Cow::Borrowed(text),
            (text, _) => Cow::Owned(text.into_owned()),
        })
    });
    found.unwrap_or(Cow::Borrowed(key))
}

/// The text of an attribute of a message; none where there is no such thing.
pub(super) fn part(lang: Lang, message: &str, part: &str) -> Option<String> {
    let bundle = BUNDLES.get(lang.code())?;
    let pattern = bundle.get_message(message)?.get_attribute(part)?.value();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, None, &mut errors);
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use fluent_bundle::{FluentBundle, FluentResource};

    use super::*;

    fn keys(lang: Lang) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for source in sources(lang) {
            for line in source.lines() {
                if let Some((key, _)) = line.split_once('=')
                    && line.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    assert!(keys.insert(key.trim().to_owned()), "{} twice", key.trim());
                }
            }
        }
        keys
    }

    /// Every text in double quotes of a source that looks like the key of a message.
    fn mentioned(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                mentioned(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                found.extend(text.split('"').map(str::to_owned));
            }
        }
    }

    fn sources_and_templates() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = BTreeSet::new();
        mentioned(&root.join("src"), &mut found);
        mentioned(&root.join("templates"), &mut found);
        found
    }

    #[test]
    fn every_file_can_be_read() {
        for lang in Lang::ALL {
            for source in all(lang) {
                let resource = FluentResource::try_new(source.to_owned());
                let resource = resource.unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
                let mut bundle = FluentBundle::new(vec![lang.code().parse().unwrap()]);
                assert_eq!(bundle.add_resource(resource), Ok(()));
            }
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (english, japanese) = (keys(Lang::En), keys(Lang::Ja));
        let missing: Vec<_> = english.symmetric_difference(&japanese).collect();
        assert!(missing.is_empty(), "in one language only: {missing:?}");
    }

    #[test]
    fn no_message_is_without_a_use() {
        let used = sources_and_templates();
        let unused: Vec<String> = keys(Lang::En).difference(&used).cloned().collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn every_key_that_is_used_has_a_message() {
        let known = keys(Lang::En);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut missing = BTreeSet::new();
        walk(&root.join("src/ui"), &mut |text| {
            asked_for(text, &known, &mut missing);
        });
        walk(&root.join("templates"), &mut |text| {
            asked_for(text, &known, &mut missing);
        });
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn walk(folder: &Path, each: &mut dyn FnMut(&str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, each);
            } else {
                each(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    fn asked_for(text: &str, known: &BTreeSet<String>, missing: &mut BTreeSet<String>) {
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        let text = code.join("\n");
        for call in ["say(\"", "with(\"", "name(\"", "count(\""] {
            for part in text.split(call).skip(1) {
                let key = part.split('"').next().unwrap_or_default();
                let is_key = key.contains('-')
                    && key.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
                    });
                if is_key && !known.contains(key) {
                    missing.insert(key.to_owned());
                }
            }
        }
    }

    #[test]
    fn arguments_are_put_in_and_counted() {
        let texts = super::super::Texts::default();
        assert_eq!(texts.count("parts-count", 1), "1 entry");
        assert_eq!(texts.count("parts-count", 20), "20 entries");
        assert_eq!(texts.say("frame-services"), "Services");
    }
}
