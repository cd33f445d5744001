//! What the core and the plugins say, in the language of whoever reads.
//!
//! They speak English: problems and their remedies, errors, answers of what they asked. A language has
//! a message each in its `said.ftl`, under the name that the English sentence has in the English one.
//! A text that fits the English sentence is told by the other; what stood in its holes comes along as
//! it is, but for holes whose name begins with `said`: those are told in the same way. A text that fits
//! none is shown as it is. A test (`covered.rs`) looks for sentences that the files lack.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};
use promgen_core::model::{Problem, joined};

use super::pattern::{Pattern, is_said};
use super::{Lang, Texts, catalogue};

/// Longer texts are by others, such as the answer of a server, and would take long to compare.
const MOST_BYTES: usize = 2_000;

/// How often a text is taken apart, and at how many places that is tried: each way doubles the work.
const DEEPEST: usize = 6;
const MOST_MARKS: usize = 8;

/// What stands between two findings, or between one and what can be done about it.
const MARK: &str = "; ";

/// What ends a sentence, in every language of the catalogue but English.
const STOP: char = '。';

/// The English sentences with their names; those that say most come first.
static SENTENCES: LazyLock<Vec<(&'static str, Pattern)>> = LazyLock::new(|| {
    let mut all: Vec<_> = lines(Lang::En)
        .filter_map(|(id, source)| Some((id, Pattern::parse(source)?)))
        .collect();
    all.sort_by_key(|(_, pattern)| std::cmp::Reverse(pattern.weight()));
    all
});

/// The messages of a language: each has its name and its text on one line.
pub(super) fn lines(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = catalogue::said(lang).lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
}

/// The English sentence that a text fits, with what stands in its holes.
pub(super) fn fitting(text: &str) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
    SENTENCES
        .iter()
        .find_map(|(id, pattern)| Some((*id, pattern.values(text)?)))
}

impl Texts {
    /// What the core or a plugin says.
    pub(crate) fn said<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let told = (self.lang != Lang::En).then(|| told(self.lang, text));
        told.flatten().map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// What they say in several texts, each by itself.
    pub(crate) fn all_said(&self, texts: Vec<String>) -> Vec<String> {
        let said = |text: String| self.said(&text).into_owned();
        texts.into_iter().map(said).collect()
    }

    /// A problem, for people who see what it is about.
    pub(crate) fn advice(&self, problem: &Problem) -> String {
        if self.lang == Lang::En {
            return problem.advice();
        }
        let place = problem
            .place
            .map(|place| format!("{}:{}: ", place.line, place.column));
        let place = place.unwrap_or_default();
        format!("{place}{}", self.joined(&problem.message, &problem.remedy))
    }

    /// A problem with its field, where nothing else names that.
    pub(crate) fn told(&self, problem: &Problem) -> String {
        if problem.field.is_empty() {
            return self.advice(problem);
        }
        format!("{}: {}", problem.field, self.advice(problem))
    }

    /// A message, and what can be done about it.
    pub(crate) fn joined(&self, message: &str, remedy: &str) -> String {
        // The English message may say what can be done by itself, as a part of its sentence.
        if self.lang != Lang::En && message.contains(remedy) {
            return self.said(message).into_owned();
        }
        match (self.said(message), self.said(remedy)) {
            (Cow::Borrowed(message), Cow::Borrowed(remedy)) => joined(message, remedy),
            (message, remedy) => sentences(&message, &remedy),
        }
    }
}

/// A text in another language than English; `None` where nothing of it is known.
fn told(lang: Lang, text: &str) -> Option<String> {
    if text.len() > MOST_BYTES {
        return None;
    }
    if !text.contains('\n') {
        return line(lang, text, DEEPEST);
    }
    let told = |text| line(lang, text, DEEPEST);
    let lines: Vec<_> = text.lines().map(|text| (text, told(text))).collect();
    let known = lines.iter().any(|(_, told)| told.is_some());
    let line = |(text, told): (&str, Option<String>)| told.unwrap_or_else(|| text.to_owned());
    known.then(|| lines.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// A line, taken apart as often as `deep` says.
fn line(lang: Lang, text: &str, deep: usize) -> Option<String> {
    let deep = deep.checked_sub(1)?;
    whole(lang, text, deep)
        .or_else(|| halves(lang, text, deep))
        .or_else(|| named(lang, text, deep))
}

/// One sentence of the catalogue.
fn whole(lang: Lang, text: &str, deep: usize) -> Option<String> {
    let (id, values) = fitting(text)?;
    let mut args = FluentArgs::new();
    for (name, value) in values {
        let inner = is_said(name).then(|| line(lang, value, deep));
        let value = match inner.flatten() {
            Some(told) => Cow::Owned(told.trim_end_matches(STOP).to_owned()),
            None => Cow::Borrowed(value),
        };
        args.set(name, FluentValue::String(value));
    }
    Some(catalogue::find(lang, id, Some(&args)).into_owned())
}

/// What is wrong and what can be done about it, or two findings: `is taken; choose another`. A sentence
/// may have a semicolon of its own, so that the first half is the longest one that is known.
fn halves(lang: Lang, text: &str, deep: usize) -> Option<String> {
    let mut marks = text.rmatch_indices(MARK).take(MOST_MARKS);
    let known = marks.find_map(|(at, _)| {
        let first = whole(lang, text.get(..at)?, deep)?;
        Some((first, text.get(at + MARK.len()..)?))
    });
    if let Some((first, second)) = known {
        let rest = line(lang, second, deep);
        return Some(sentences(&first, rest.as_deref().unwrap_or(second)));
    }
    let (first, second) = text.split_once(MARK)?;
    let (about, rest) = (named(lang, first, deep), line(lang, second, deep));
    let known = about.is_some() || rest.is_some();
    known.then(|| {
        sentences(
            about.as_deref().unwrap_or(first),
            rest.as_deref().unwrap_or(second),
        )
    })
}

/// A finding behind what it is about: `hosts[3]: is not a host`.
fn named(lang: Lang, text: &str, deep: usize) -> Option<String> {
    let (about, finding) = text.split_once(": ")?;
    Some(format!("{about}: {}", line(lang, finding, deep)?))
}

/// Two sentences in a row.
fn sentences(first: &str, second: &str) -> String {
    let first = first.trim_end_matches([STOP, '.']);
    format!("{first}{STOP}{second}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use promgen_core::model::Place;

    use super::*;

    fn reader(lang: Lang) -> Texts {
        Texts {
            lang,
            ..Texts::default()
        }
    }

    #[test]
    fn both_files_have_the_same_sentences_with_the_same_holes() {
        let holes = |lang| -> BTreeMap<&str, Vec<&str>> {
            let read = |(id, source): (&'static str, &'static str)| {
                let pattern = Pattern::parse(source).unwrap_or_else(|| panic!("{source}"));
                (id, pattern.holes())
            };
            lines(lang).map(read).collect()
        };
        assert_eq!(holes(Lang::En), holes(Lang::Ja));
        for lang in Lang::ALL {
            let of_lines = lines(lang).count();
            assert_eq!(holes(lang).len(), of_lines, "a name stands there twice");
        }
    }

    #[test]
    fn every_line_is_a_sentence_and_no_sentence_stands_there_twice() {
        let mut seen = BTreeMap::new();
        for (id, source) in lines(Lang::En) {
            assert!(id.strip_prefix("said-").is_some(), "{id}");
            let pattern = Pattern::parse(source).unwrap();
            assert!(pattern.weight() > 0 && !pattern.is_vague(), "{source}");
            assert_eq!(seen.insert(source, id), None, "{source}");
        }
        for lang in Lang::ALL {
            for line in catalogue::said(lang).lines() {
                let fits = line.is_empty() || line.starts_with('#') || line.contains(" = ");
                assert!(fits, "{line}");
            }
        }
    }

    #[test]
    fn english_is_left_alone() {
        let problem = Problem::error("name", "is taken by another one", "choose another");
        let t = reader(Lang::En);
        assert_eq!(t.said("is empty"), "is empty");
        assert_eq!(t.advice(&problem), problem.advice());
        assert_eq!(t.told(&problem), problem.told());
    }

    #[test]
    fn problems_are_told_with_their_remedies() {
        let t = reader(Lang::Ja);
        let problem = Problem::error("name", "is taken by another one", "choose another");
        let advice = "既に使われています。別のものを選んでください。";
        assert_eq!(t.advice(&problem), advice);
        assert_eq!(t.told(&problem), format!("name: {advice}"));
        let placed = Problem::error("clause", "( is never closed", "close it");
        let placed = placed.at(Place { line: 2, column: 7 });
        assert_eq!(
            t.advice(&placed),
            "2:7: ( が閉じられていません。閉じてください。"
        );
        let whole = "\"x\" is not a duration; write it like 30s, 5m or 1h30m, units in the order \
                     y w d h m s ms";
        let told = "\"x\" は長さではありません。30s、5m、1h30m のように、単位を y w d h m s ms の順に\
                    書いてください。";
        let remedy = "write it like 30s, 5m or 1h30m";
        assert_eq!(t.joined(whole, remedy), told);
    }

    #[test]
    fn values_stay_as_they_are_and_what_is_said_in_a_sentence_is_told_too() {
        let t = reader(Lang::Ja);
        for (english, japanese) in [
            (
                "not allowed: this needs the role editor",
                "この操作は許可されていません。必要な権限: editor ロール。",
            ),
            (
                "10.0.0.1:9100: no answer within 5 s",
                "10.0.0.1:9100: 5 秒以内に応答がありませんでした。",
            ),
            (
                "http://a:1 refused (answers HTTP 400); http://b:1 made it",
                "http://a:1: 拒否されました（HTTP 400 が返されました）。http://b:1: 作成しました。",
            ),
            (
                "127.0.0.1 is out of bounds: 127.0.0.1 is this machine itself; `egress.allow` in the \
                 settings lets it pass",
                "127.0.0.1 への接続は許可されていません: 127.0.0.1 はこのマシン自身です。設定の \
                 `egress.allow` で許可できます。",
            ),
            (
                "Prometheus takes no reload; start it with --web.enable-lifecycle; the previous files \
                 are back",
                "Prometheus が再読み込みを受け付けません。--web.enable-lifecycle を付けて起動して\
                 ください。以前のファイルに戻しました。",
            ),
            (
                "error: name: is empty; write a name\nerror: x: odd",
                "error: name: 空です。名前を入力してください。\nerror: x: odd",
            ),
            (
                "user { $name } \"; <b> exists already",
                "ユーザー { $name } \"; <b> は既にあります。",
            ),
        ] {
            assert_eq!(t.said(english), japanese);
        }
    }

    #[test]
    fn what_nobody_knows_stays_as_it_is() {
        let t = reader(Lang::Ja);
        for text in [
            "",
            "HTTP 500",
            "Sends a pigeon; feed it",
            "x: y",
            "; ",
            ": ",
        ] {
            assert_eq!(t.said(text), text);
        }
        let odd = Problem::error("loft", "is odd", "mend it");
        assert_eq!(t.told(&odd), odd.told());
        for part in ["is empty; ", "a; ", "a: ", "a: b; ", "refused (", "no "] {
            let long = part.repeat(1_000);
            assert_eq!(t.said(&long), long);
            // Whoever writes such an answer must not cost a page its time.
            let long = part.repeat(MOST_BYTES / part.len());
            assert!(t.said(&long).len() >= MOST_BYTES / 2, "{part}");
        }
    }
}
