//! The languages of the pages.

use promgen_core::model::Language;

/// A language that the catalogue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lang {
    /// English, whenever nothing else is asked for.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// Every language.
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// As `lang="…"` has it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of a code: `ja`, `ja-JP`.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let primary = code.split('-').next().unwrap_or_default().trim();
        Self::ALL
            .into_iter()
            .find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The language that somebody chose in their profile.
    pub(crate) fn of(language: Language) -> Self {
        match language {
            Language::English => Self::En,
            Language::Japanese => Self::Ja,
        }
    }

    /// What a browser likes best of what there is, as `Accept-Language` has it (RFC 9110, 12.5.4).
    pub(crate) fn negotiate(accepted: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in accepted.split(',') {
            let (code, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=");
            let quality = quality.map_or(1.0, |text| text.trim().parse::<f32>().unwrap_or(0.0));
            if let Some(lang) = Self::parse(code)
                && quality > best.0
            {
                best = (quality, lang);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_by_quality_and_then_by_order() {
        for (accepted, lang) in [
            ("", Lang::En),
            ("ja", Lang::Ja),
            ("ja-JP,ja;q=0.9,en-US;q=0.8", Lang::Ja),
            ("en-US,en;q=0.9,ja;q=0.8", Lang::En),
            ("fr, de;q=0.7, ja;q=0.1", Lang::Ja),
            ("en;q=0.2, ja;q=0.3", Lang::Ja),
            ("ja;q=0", Lang::En),
            ("*;q=nonsense,;;,", Lang::En),
        ] {
            assert_eq!(Lang::negotiate(accepted), lang, "{accepted}");
        }
    }
}
