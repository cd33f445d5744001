//! JSON as the original prints it: two blanks, sorted keys, everything beyond ASCII escaped.
//!
//! Written straight into the text: 120,000 targets are a few megabytes, and building values first
//! would take several times as long.

use std::fmt::Write as _;

/// Writes a string with its quotes.
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    if text
        .bytes()
        .all(|b| (0x20..0x80).contains(&b) && b != b'"' && b != b'\\')
    {
        out.push_str(text);
    } else {
        text.chars().for_each(|c| escape(out, c));
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        ' '..='\u{7f}' => out.push(c),
        _ => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                write!(out, "\\u{unit:04x}").ok();
            }
        }
    }
}

/// Writes one group of `file_sd`: labels in the order given (they come sorted), then targets.
pub(super) fn group<'a>(
    out: &mut String,
    labels: &[(&str, &str)],
    targets: impl Iterator<Item = &'a str>,
) {
    out.push_str(if out.is_empty() {
        "[\n  {\n    \"labels\": {"
    } else {
        ",\n  {\n    \"labels\": {"
    });
    for (at, (name, value)) in labels.iter().enumerate() {
        out.push_str(if at == 0 { "\n      " } else { ",\n      " });
        string(out, name);
        out.push_str(": ");
        string(out, value);
    }
    out.push_str("\n    },\n    \"targets\": [");
    let mut empty = true;
    for target in targets {
        out.push_str(if empty { "\n      " } else { ",\n      " });
        string(out, target);
        empty = false;
    }
    out.push_str(if empty { "]\n  }" } else { "\n    ]\n  }" });
}

/// Ends a list of groups.
pub(super) fn finish(mut out: String) -> String {
    out.push_str(if out.is_empty() { "[]" } else { "\n]" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_pure_ascii() {
        let mut out = String::new();
        string(&mut out, "日\u{1F600}\"\\\n\u{1}\u{7f}");
        assert_eq!(out, "\"\\u65e5\\ud83d\\ude00\\\"\\\\\\n\\u0001\u{7f}\"");
        assert_eq!(
            serde_json::from_str::<String>(&out).unwrap(),
            "日\u{1F600}\"\\\n\u{1}\u{7f}"
        );
    }

    #[test]
    fn groups_look_as_the_original_prints_them() {
        let mut out = String::new();
        group(
            &mut out,
            &[("a", "1"), ("b", "2")],
            ["x:1", "y:1"].into_iter(),
        );
        group(&mut out, &[("a", "1")], std::iter::empty());
        let expected = concat!(
            "[\n  {\n    \"labels\": {\n      \"a\": \"1\",\n      \"b\": \"2\"\n    },\n",
            "    \"targets\": [\n      \"x:1\",\n      \"y:1\"\n    ]\n  },\n",
            "  {\n    \"labels\": {\n      \"a\": \"1\"\n    },\n    \"targets\": []\n  }\n]"
        );
        assert_eq!(finish(out), expected);
        assert_eq!(finish(String::new()), "[]");
    }
}
