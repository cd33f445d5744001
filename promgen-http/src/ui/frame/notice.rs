//! What is said once, on the next page: in a cookie, for it concerns one browser alone.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use promgen_core::app::{AppError, Mention};
use promgen_core::model::{Problem, RuleId};
use serde::{Deserialize, Serialize};

use crate::extract::{Cookies, NOTICE_COOKIE, NewCookie};
use crate::ui::text::Texts;

/// How long it waits for the next page.
const PATIENCE: Duration = Duration::from_mins(1);

/// Fewer bytes than this has the value of a cookie: browsers keep 4 KiB of one, with its name and what
/// is said of it.
const MOST_BYTES: usize = 3_500;

/// How many are said on one page.
const MOST: usize = 3;

/// How many rules one of them names.
const MOST_RULES: usize = 20;

/// What kind of notice it is; shown by colour and by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// It was done.
    Success,
    /// Good to know.
    Info,
    /// Done, but look at it.
    Warning,
    /// Not done.
    Error,
}

impl Level {
    /// The class of its colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Success => "good",
            Self::Info => "note",
            Self::Warning => "warn",
            Self::Error => "bad",
        }
    }

    /// The key of its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Success => "frame-level-success",
            Self::Info => "frame-level-info",
            Self::Warning => "frame-level-warning",
            Self::Error => "frame-level-error",
        }
    }
}

/// A message to whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Its kind.
    pub(crate) level: Level,
    /// What is said: plain text.
    pub(crate) text: String,
    /// Rules that it is about: links after the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<(RuleId, String)>,
    /// How many rules there are besides.
    #[serde(default)]
    pub(crate) more: u64,
}

impl Notice {
    /// It was done.
    pub(crate) fn success(text: impl Into<String>) -> Self {
        Self::new(Level::Success, text.into())
    }

    /// Good to know.
    pub(crate) fn info(text: impl Into<String>) -> Self {
        Self::new(Level::Info, text.into())
    }

    /// Done, but look at it.
    pub(crate) fn warning(text: impl Into<String>) -> Self {
        Self::new(Level::Warning, text.into())
    }

    /// Not done.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self::new(Level::Error, text.into())
    }

    /// Not done, for something is wrong with what was asked for; any other error goes on.
    pub(crate) fn refused(error: AppError, t: &Texts) -> Result<Self, AppError> {
        match error {
            AppError::Invalid { problems } => {
                let said: Vec<String> = problems.iter().map(|one| t.told(one)).collect();
                Ok(Self::error(said.join("\n")))
            }
            other => Err(other),
        }
    }

    /// What is worth saying about something that was done.
    pub(crate) fn warnings<'p>(
        problems: impl IntoIterator<Item = &'p Problem>,
        t: &Texts,
    ) -> impl Iterator<Item = Self> {
        let problems = problems.into_iter();
        problems.map(|one| Self::warning(t.told(one)))
    }

    /// Which rules still mention a name after a rename; one notice for each name.
    pub(crate) fn mentions(t: &Texts, mentions: &[Mention]) -> Vec<Self> {
        let names = |one: &Mention| (one.old.clone(), one.new.clone());
        let told = mentions.chunk_by(|one, other| names(one) == names(other));
        let notice = |rules: &[Mention]| {
            let (old, new) = rules.first().map(names)?;
            let names = [("old", old.as_str().into()), ("new", new.as_str().into())];
            let rules = rules.iter();
            Some(Self {
                rules: rules.map(|one| (one.rule, placed(one))).collect(),
                ..Self::warning(t.with("frame-mentions", &names))
            })
        };
        told.filter_map(notice).collect()
    }

    fn new(level: Level, text: String) -> Self {
        Self {
            level,
            text,
            rules: Vec::new(),
            more: 0,
        }
    }

    /// What the page before left to be said. Nonsense says nothing.
    pub(super) fn read(cookies: Cookies<'_>) -> Vec<Self> {
        let found = cookies.find(NOTICE_COOKIE);
        let bytes = found.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Leaves notices to the next page, as many as a cookie holds.
    pub(crate) fn leave(notices: &[Self], secure: bool) -> NewCookie {
        let mut few: Vec<Self> = notices.iter().take(MOST).cloned().collect();
        for notice in &mut few {
            cut(&mut notice.text, MOST_BYTES);
            notice.more += notice.rules.len().saturating_sub(MOST_RULES) as u64;
            notice.rules.truncate(MOST_RULES);
        }
        let mut value = encoded(&few);
        while value.len() >= MOST_BYTES
            && let Some(most) = few.iter_mut().max_by_key(|notice| notice.rules.len())
            && most.rules.pop().is_some()
        {
            most.more += 1;
            value = encoded(&few);
        }
        while value.len() >= MOST_BYTES
            && let Some(longest) = few.iter_mut().max_by_key(|notice| notice.text.len())
        {
            let most = longest.text.len() * 7 / 8;
            cut(&mut longest.text, most);
            value = encoded(&few);
        }
        NewCookie::new(NOTICE_COOKIE, value, PATIENCE, secure)
    }

    /// The cookie, taken back.
    pub(super) fn forgotten(secure: bool) -> NewCookie {
        NewCookie::new(NOTICE_COOKIE, String::new(), Duration::ZERO, secure)
    }
}

/// A rule, and where it mentions the name.
fn placed(mention: &Mention) -> String {
    format!("{} ({})", mention.name, mention.at)
}

/// Leaves so many bytes of a text, and says where some are missing.
fn cut(text: &mut String, most: usize) {
    const MARK: char = '…';
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most.saturating_sub(MARK.len_utf8())));
        text.push(MARK);
    }
}

fn encoded(notices: &[Notice]) -> String {
    // Texts always serialise.
    let json = serde_json::to_vec(notices).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(json)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn read(value: &str) -> Vec<Notice> {
        let mut headers = HeaderMap::new();
        let cookie = format!("{NOTICE_COOKIE}={value}");
        headers.insert("cookie", cookie.parse().unwrap());
        Notice::read(Cookies(&headers))
    }

    #[test]
    fn what_is_left_is_read_once_more() {
        let notices = [
            Notice::success("done \u{202e}<b>; \"日本\""),
            Notice::error("x".repeat(5000)),
        ];
        let found = read(&Notice::leave(&notices, false).value);
        assert_eq!(found[0], notices[0]);
        assert!(found[1].text.starts_with("xxx") && found[1].text.ends_with('…'));
    }

    #[test]
    fn a_cookie_stays_small_whatever_is_said() {
        for text in ["x", "本", "\"", "\u{1}", "\u{1f600}"] {
            for count in [1, 2, 3, 9] {
                let notices = vec![Notice::error(text.repeat(9_000)); count];
                let value = Notice::leave(&notices, true).value;
                assert!(value.len() < MOST_BYTES, "{text:?}: {}", value.len());
                let found = read(&value);
                assert_eq!(found.len(), count.min(MOST));
                assert!(found.iter().all(|one| one.text.len() > 100), "{found:?}");
            }
        }
        let short = [Notice::info("本".repeat(300))];
        assert_eq!(read(&Notice::leave(&short, true).value), short);
    }

    #[test]
    fn rules_are_named_as_far_as_they_fit() {
        let rules = |count: i32| -> Vec<(RuleId, String)> {
            (0..count).map(|id| (RuleId(id), "n".repeat(120))).collect()
        };
        for (count, named) in [(2, 2), (300, 20)] {
            let notice = Notice {
                rules: rules(count),
                ..Notice::warning("look")
            };
            let found = read(&Notice::leave(&[Notice::success("done"), notice], false).value);
            let [_, told] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert!(told.rules.len() <= named && told.rules.len() > 1);
            assert_eq!(
                told.rules.len() as u64 + told.more,
                u64::from(count.unsigned_abs())
            );
        }
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in ["", "e30", "%%%", "W3t9XQ"] {
            assert_eq!(read(value), [], "{value}");
        }
    }
}
