//! Block YAML, written straight into the text.
//!
//! Promgen's rules file is written by `PyYAML` with its defaults, and this emitter chooses the same
//! styles: plain where that is safe, single quotes where it is not, lines folded behind column 80.
//! Texts with line breaks or characters that YAML calls unprintable are in double quotes, on one
//! line. An own emitter because the bytes must not change with a library, and because readers of
//! YAML 1.1 (Prometheus' is one) and of 1.2 must read the same strings: a text that *either*
//! would take for a number, a date, a truth value or null is quoted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Lines are broken at the first lone blank behind this column.
const WIDTH: usize = 80;

/// A key of this many characters is written with `? `; shorter ones every reader takes as they
/// are (YAML's own limit is 1024 bytes).
const LONG_KEY: usize = 128;

/// Words that YAML 1.1 or 1.2 gives another meaning, in lower case.
const WORDS: [&str; 16] = [
    "y", "yes", "n", "no", "true", "false", "on", "off", "null", "~", "=", "<<", ".inf", "+.inf",
    "-.inf", ".nan",
];

/// A text as a scalar on one line, for a place after `key: ` or `- `.
pub(crate) fn scalar(text: &str) -> Cow<'_, str> {
    match Style::of(text) {
        Style::Plain => Cow::Borrowed(text),
        Style::Single => Cow::Owned(format!("'{}'", text.replace('\'', "''"))),
        Style::Double => Cow::Owned(double_quoted(text)),
    }
}

/// Writes the line `key: value`.
///
/// `lead` stands before the key: blanks, or blanks and the `- ` of a list item. Its width is the
/// indentation of the mapping.
pub(super) fn text(out: &mut String, lead: &str, key: &str, value: &str) {
    push_key(out, lead, key);
    out.push(' ');
    push_scalar(out, value, lead.len() + 2);
    out.push('\n');
}

/// Writes the line `key: value` for a number.
pub(super) fn number(out: &mut String, lead: &str, key: &str, value: u32) {
    push_key(out, lead, key);
    out.push(' ');
    out.push_str(&value.to_string());
    out.push('\n');
}

/// Writes the line `key:` of a list or mapping that follows.
pub(super) fn open(out: &mut String, lead: &str, key: &str) {
    push_key(out, lead, key);
    out.push('\n');
}

/// Writes a mapping of texts under a key; `key: {}` when it is empty.
pub(super) fn map(out: &mut String, lead: &str, key: &str, entries: &BTreeMap<String, String>) {
    push_key(out, lead, key);
    if entries.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push('\n');
    let inner = " ".repeat(lead.len() + 2);
    for (name, value) in entries {
        text(out, &inner, name, value);
    }
}

fn push_key(out: &mut String, lead: &str, key: &str) {
    out.push_str(lead);
    let long = key.len() >= LONG_KEY && key.chars().count() >= LONG_KEY;
    if long {
        out.push_str("? ");
    }
    out.push_str(&scalar(key));
    if long {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', lead.len()));
    }
    out.push(':');
}

fn push_scalar(out: &mut String, value: &str, indent: usize) {
    match Style::of(value) {
        Style::Plain => push_folded(out, value, indent),
        Style::Single => {
            out.push('\'');
            push_folded(out, &value.replace('\'', "''"), indent);
            out.push('\'');
        }
        Style::Double => out.push_str(&double_quoted(value)),
    }
}

/// How a text is written.
enum Style {
    Plain,
    Single,
    Double,
}

impl Style {
    fn of(text: &str) -> Self {
        // Nearly all texts are ASCII, of which processors look at sixteen bytes at a time.
        let printable = |ascii, byte| ascii & matches!(byte, b' '..=b'~');
        if !text.bytes().fold(true, printable) && !text.chars().all(is_printable) {
            Self::Double
        } else if is_plain(text) {
            Self::Plain
        } else {
            Self::Single
        }
    }
}

/// Whether a character may stand for itself: YAML's printable ones without line breaks, tabs and
/// the byte order mark.
fn is_printable(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{fffd}' | '\u{10000}'.. => true,
        _ => false,
    }
}

/// Whether a printable text is read back as the same string without quotes, in a block.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let bare_indicator =
        matches!(first, '-' | '?' | ':') && matches!(chars.next(), None | Some(' '));
    let indicator = "#,[]{}&*!|>'\"%@`".contains(first) || bare_indicator;
    let marker = text.starts_with("---") || text.starts_with("...");
    let ends = text.starts_with(' ') || text.ends_with([' ', ':']);
    let mut pairs = text.as_bytes().windows(2);
    let inside = pairs.any(|pair| matches!(pair, b": " | b" #"));
    !(indicator || marker || ends || inside || is_other_type(text))
}

/// Whether some reader takes the plain text for something that is not a string.
fn is_other_type(text: &str) -> bool {
    // The longest word has five letters; a look at the length spares most texts the rest.
    let word = text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    word || is_number(text) || is_date(text)
}

/// Whether the text looks like a number: decimal, with exponent, to base 60, 16, 8 or 2.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let based = ["0x", "0X", "0o", "0O", "0b", "0B"]
        .iter()
        .find_map(|prefix| unsigned.strip_prefix(prefix));
    if let Some(digits) = based {
        return digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_');
    }
    let numeric = |c: char| c.is_ascii_digit() || "_.:+-eE".contains(c);
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(numeric)
}

/// Whether the text begins like the dates of YAML 1.1: four digits and a dash.
fn is_date(text: &str) -> bool {
    match text.as_bytes() {
        [a, b, c, d, b'-', ..] => [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()),
        _ => false,
    }
}

/// Writes a text on one or more lines: behind [`WIDTH`], a lone blank between two words becomes a
/// line break, which readers fold back to a blank.
fn push_folded(out: &mut String, text: &str, indent: usize) {
    let mut column = column_of(out);
    if column + text.len() <= WIDTH {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.find(' ') {
        let (word, tail) = rest.split_at(at);
        let next = tail.trim_start_matches(' ');
        let blanks = tail.len() - next.len();
        out.push_str(word);
        column += word.chars().count();
        let inner = !(word.is_empty() || next.is_empty());
        if blanks == 1 && inner && column > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else {
            out.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        }
        rest = next;
    }
    out.push_str(rest);
}

/// How many characters stand in the last line.
fn column_of(out: &str) -> usize {
    let line = out.rsplit('\n').next().unwrap_or_default();
    line.chars().count()
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
            // No unprintable character needs more than four digits. Writing to a String cannot fail.
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
    fn what_some_reader_takes_for_another_type_is_quoted() {
        for text in [
            "yes",
            "No",
            "y",
            "ON",
            "null",
            "~",
            "=",
            "<<",
            "0",
            "-1",
            "+1",
            "1_000",
            "1:30",
            ".5",
            "5.",
            "1e3",
            "0x1F",
            "0o7",
            "-0b1",
            ".inf",
            "-.INF",
            ".nan",
            "2026-01-01",
            "2026-01-01 10:00:00 Z",
            "12:30:45.6",
        ] {
            assert_eq!(scalar(text), format!("'{text}'"));
        }
    }

    #[test]
    fn ordinary_texts_are_plain_as_pyyaml_writes_them() {
        for text in [
            "5m",
            "1d",
            "1h30m",
            "up{a=\"b\"} == 0",
            "http://a/b",
            "日本語",
            "a:b",
            "a#b",
            "-a",
            "?a",
            "it's",
            "say \"hi\" \\ ünïcode",
            "svc-000 » prj-000-00",
            "rate(x[5m]) > 1",
            "yesterday",
            "😀",
        ] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn what_has_a_meaning_in_yaml_is_quoted() {
        for text in [
            "", " a", "a ", "a:", "a: b", "a #b", "- a", "-", "? a", "---", "#a", "[a", "{{ $x }}",
            "@a",
        ] {
            assert_eq!(scalar(text), format!("'{text}'"));
        }
        assert_eq!(scalar("'a'"), "'''a'''");
        assert_eq!(scalar("a\n\t\"\\"), r#""a\n\t\"\\""#);
        assert_eq!(
            scalar("\u{7f}\u{85}\u{2028}\u{feff}"),
            r#""\u007F\u0085\u2028\uFEFF""#
        );
    }

    #[test]
    fn only_lone_blanks_become_line_breaks() {
        let folded = |value: &str| {
            let mut out = String::new();
            text(&mut out, "", "k", value);
            out
        };
        let long = "x".repeat(80);
        assert_eq!(
            folded(&format!("{long} y z")),
            format!("k: {long}\n  y z\n")
        );
        assert_eq!(folded(&format!("{long}  y")), format!("k: {long}  y\n"));
        assert_eq!(
            folded(&format!("{long}: y")),
            format!("k: '{long}:\n  y'\n")
        );
        assert_eq!(folded(&format!("{long} ")), format!("k: '{long} '\n"));
        let short = "x".repeat(77);
        assert_eq!(folded(&format!("{short} y")), format!("k: {short} y\n"));
    }
}
