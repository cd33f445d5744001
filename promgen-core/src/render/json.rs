//! Target groups as JSON, written straight into the text.
//!
//! The layout is that of Python's `json.dumps(value, indent=2, sort_keys=True)`, which is what
//! Promgen writes: two blanks, empty lists as `[]`, everything but printable ASCII as `\u` escapes
//! in lower case, no line break at the end. Keys are sorted because callers write them sorted.

use std::borrow::Cow;

/// Labels of a group as they stand in the text, in the order in which they are put.
#[derive(Debug, Default)]
pub(super) struct Labels(String);

impl Labels {
    /// Puts a label whose name is `prefix` and `name` together.
    pub(super) fn put(&mut self, prefix: &str, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str("\n      \"");
        self.0.push_str(&escaped(prefix));
        self.0.push_str(&escaped(name));
        self.0.push_str("\": \"");
        self.0.push_str(&escaped(value));
        self.0.push('"');
    }
}

/// A JSON array of target groups under construction.
pub(super) struct GroupList {
    out: String,
}

impl GroupList {
    /// An empty array in a text with room for `bytes`.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let mut out = String::with_capacity(bytes);
        out.push('[');
        Self { out }
    }

    /// Opens a group; its labels follow, in the order of their names.
    pub(super) fn open(&mut self) {
        self.separate('[', "\n  {\n    \"labels\": {");
    }

    /// Writes labels behind those that the group has, at least one.
    pub(super) fn labels(&mut self, labels: &Labels) {
        self.separate('{', &labels.0);
    }

    /// Ends the labels; the targets follow.
    pub(super) fn open_targets(&mut self) {
        self.out.push_str("\n    },\n    \"targets\": [");
    }

    /// Writes a target made of two halves, both as they stand in the text ([`escaped`]).
    pub(super) fn target(&mut self, host: &str, port: &str) {
        self.separate('[', "\n      \"");
        self.out.push_str(host);
        self.out.push_str(port);
        self.out.push('"');
    }

    /// Ends the targets and the group.
    pub(super) fn close(&mut self) {
        if !self.out.ends_with('[') {
            self.out.push_str("\n    ");
        }
        self.out.push_str("]\n  }");
    }

    /// Ends the array.
    pub(super) fn finish(mut self) -> String {
        if self.out.len() > 1 {
            self.out.push('\n');
        }
        self.out.push(']');
        self.out
    }

    /// Puts a comma unless the container was just opened, and begins the next element.
    ///
    /// Every element ends in `"` or `}`, so the last character tells.
    fn separate(&mut self, opening: char, next: &str) {
        if !self.out.ends_with(opening) {
            self.out.push(',');
        }
        self.out.push_str(next);
    }
}

/// The inside of a JSON string.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    // Nearly all of a hundred thousand host names are plain. Looking at all bytes, whatever the first ones
    // are, is what processors do sixteen at a time.
    if text
        .bytes()
        .fold(true, |plain, byte| plain & is_plain(byte))
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            other => push_unicode(&mut out, other),
        }
    }
    Cow::Owned(out)
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Writes a character as one or two (a surrogate pair) `\uXXXX`.
fn push_unicode(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            let digit = u32::from(*unit >> shift) & 0xf;
            out.extend(char::from_digit(digit, 16));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_python_escapes_them() {
        for (text, json) in [
            ("plain ~", "plain ~"),
            ("a\"b\\c/", "a\\\"b\\\\c/"),
            ("\n\r\t\u{8}\u{c}", "\\n\\r\\t\\b\\f"),
            ("\0\u{1f}\u{7f}\u{85}", "\\u0000\\u001f\\u007f\\u0085"),
            ("é日", "\\u00e9\\u65e5"),
            ("😀", "\\ud83d\\ude00"),
        ] {
            assert_eq!(escaped(text), json, "{text:?}");
        }
    }

    #[test]
    fn no_groups_give_an_empty_array() {
        assert_eq!(GroupList::with_capacity(0).finish(), "[]");
    }

    #[test]
    fn groups_are_laid_out_with_two_blanks() {
        let mut list = GroupList::with_capacity(0);
        list.open();
        let mut labels = Labels::default();
        labels.put("", "job", "node");
        labels.put("__param_", "x", "1");
        list.labels(&labels);
        list.open_targets();
        list.target("a", ":1");
        list.target("b", ":1");
        list.close();
        list.open();
        for name in ["job", "service"] {
            let mut labels = Labels::default();
            labels.put("", name, "[");
            list.labels(&labels);
        }
        list.open_targets();
        list.close();
        let expected = r#"[
  {
    "labels": {
      "job": "node",
      "__param_x": "1"
    },
    "targets": [
      "a:1",
      "b:1"
    ]
  },
  {
    "labels": {
      "job": "[",
      "service": "["
    },
    "targets": []
  }
]"#;
        assert_eq!(list.finish(), expected);
    }
}
