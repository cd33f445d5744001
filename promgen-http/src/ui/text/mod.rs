//! The texts of the pages: one catalogue of Fluent messages, in English and Japanese.
//!
//! Keys begin with the area that they belong to (`services-register`). What a person typed comes in
//! as an argument and is escaped by the template like everything else.

mod catalogue;
#[cfg(test)]
mod covered;
mod described;
mod lang;
#[cfg(test)]
mod literals;
mod pattern;
mod said;

pub(crate) use lang::Lang;

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};
use promgen_core::model::Zone;

/// In which language and time zone somebody reads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    /// The language.
    pub(crate) lang: Lang,
    /// The time zone.
    pub(crate) zone: Zone,
}

impl Texts {
    /// A text without arguments. A key that is in no catalogue is shown as it is; a test keeps that
    /// from happening.
    pub(crate) fn say(&self, key: &'static str) -> Cow<'static, str> {
        catalogue::find(self.lang, key, None)
    }

    /// A text with arguments: `t.with("rules-imported", &[("count", 3.into())])`.
    pub(crate) fn with(
        &self,
        key: &'static str,
        args: &[(&'static str, FluentValue<'_>)],
    ) -> String {
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        catalogue::find(self.lang, key, Some(&args)).into_owned()
    }

    /// A text with the argument `name`.
    pub(crate) fn name(&self, key: &'static str, name: impl AsRef<str>) -> String {
        self.with(key, &[("name", name.as_ref().into())])
    }

    /// A text with the argument `count`.
    pub(crate) fn count(&self, key: &'static str, count: u64) -> String {
        self.with(key, &[("count", count.into())])
    }
}
