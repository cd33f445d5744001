//! YAML scalars that every reader takes for the string that was meant.
//!
//! Readers of YAML 1.1 and 1.2 disagree about what `yes`, `1:30` or `2026-01-01` are, so whatever
//! could be anything but a string is quoted. Plain where it is safe, single quotes where the text
//! is one printable line, double quotes with escapes otherwise.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::PromDuration;

/// Words that some reader takes for a truth value, nothing, or a number.
const RESERVED: &[&str] = &[
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf",
];

/// A string as a YAML scalar, for a place after `key: ` or `- `.
pub(crate) fn scalar(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        Cow::Borrowed(text)
    } else if !text.is_empty() && text.chars().all(is_printable) {
        Cow::Owned(format!("'{}'", text.replace('\'', "''")))
    } else {
        Cow::Owned(double_quoted(text))
    }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    if first.is_ascii_digit() {
        return PromDuration::parse(text).is_ok() && text != "0";
    }
    (first.is_alphabetic() || first == '_')
        && text.chars().all(is_printable)
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

/// Printable on one line in YAML 1.1 and 1.2.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            // Everything beyond is below U+10000. Writing to a String cannot fail.
            c => write!(out, "\\u{:04X}", u32::from(c)).unwrap_or_default(),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_something_else_is_quoted() {
        for text in [
            "yes",
            "No",
            "1",
            "0",
            "1:30",
            "2026-01-01",
            "~",
            "null",
            "",
            "1e3",
            "0x1",
            "=",
            "<<",
        ] {
            assert_ne!(scalar(text), text, "{text}");
        }
        for text in [
            "5m",
            "1h30m",
            "up{a=\"b\"} == 0",
            "http://a/b",
            "日本語",
            "rate(x[5m]) > 1",
        ] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn every_reader_reads_the_same_string_back() {
        let hostile = [
            "a: b",
            "a #b",
            "- a",
            "{{ $x }}",
            "it's",
            " a",
            "a ",
            "a\nb",
            "\u{85}\u{2028}\u{feff}",
            "\u{7f}\u{1}\0",
            "\u{1F600}",
            "a:",
            "? a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "\\n",
            "\u{fffe}",
            "'",
            "\"",
            "#",
            "yes",
            "1_000",
            ".5",
            "+1",
            "-1",
            "0o7",
            "12:30:45",
        ];
        for text in hostile {
            let document = format!("- a: {}\n", scalar(text));
            let read: serde_yaml::Value = serde_yaml::from_str(&document).unwrap();
            assert_eq!(read[0]["a"].as_str(), Some(text), "{document}");
            let read: Vec<std::collections::BTreeMap<String, String>> =
                serde_saphyr::from_str(&document).unwrap();
            assert_eq!(read[0]["a"], text, "{document}");
        }
    }
}
