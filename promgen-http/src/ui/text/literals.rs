//! The texts in double quotes of a source, for the tests that look through sources.

/// A text of a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal<'s> {
    /// The line that it begins on, counted from 1.
    pub(super) line: usize,
    /// What stands before it, back to the beginning of the source.
    pub(super) before: &'s str,
    /// The text, with its escapes undone.
    pub(super) text: String,
}

/// All texts of a source, but those of its tests and comments.
pub(super) fn literals(source: &str) -> Vec<Literal<'_>> {
    let source = without_tests(source);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = character(rest) {
            length
        } else if let Some((text, length)) = quoted(rest) {
            let before = &source[..at];
            let line = before.matches('\n').count() + 1;
            found.push(Literal { line, before, text });
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    found
}

/// The source before its module of tests, which stands last.
fn without_tests(source: &str) -> &str {
    let tests = source.find("#[cfg(test)]\nmod tests {");
    tests.map_or(source, |at| &source[..at])
}

/// Length of a character in quotes at the beginning; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let skipped = match inner.strip_prefix('\\') {
        Some(escaped) => 1 + escaped.chars().next()?.len_utf8(),
        None => inner.chars().next()?.len_utf8(),
    };
    let end = inner.get(skipped..)?.find('\'')?;
    let is_one = end == 0 || (inner.starts_with('\\') && end <= "{10ffff}".len());
    is_one.then_some(1 + skipped + end + 1)
}

/// A text at the beginning, and its length in the source.
fn quoted(rest: &str) -> Option<(String, usize)> {
    if let Some(raw) = rest.strip_prefix('r') {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw[marks..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(marks));
        let length = inner.find(&end)?;
        let all = 1 + marks + 1 + length + end.len();
        return Some((inner[..length].to_owned(), all));
    }
    let inner = rest.strip_prefix('"')?;
    let (mut text, mut chars) = (String::new(), inner.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, 1 + at + 1)),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                // The line goes on behind the blanks of the next one.
                '\n' => {
                    let blanks = chars.as_str();
                    let skipped = blanks.len() - blanks.trim_start().len();
                    chars = inner.char_indices();
                    let next = at + "\\\n".len() + skipped;
                    while chars.offset() < next && chars.next().is_some() {}
                }
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    None
}

#[test]
fn texts_are_found_with_their_lines() {
    let source = r##"//! "no"
let a = 'x'; let b = '"'; let c = '\''; let d = "a \"b\" \\";
fn f<'a>(x: &'a str) { format!("one \
    two {x}\n") }
let e = r#"raw "x" \"#;
#[cfg(test)]
mod tests { const A: &str = "no"; }
"##;
    let found = literals(source);
    let texts: Vec<_> = found
        .iter()
        .map(|one| (one.line, one.text.as_str()))
        .collect();
    assert_eq!(
        texts,
        [(2, "a \"b\" \\"), (3, "one two {x}\n"), (5, "raw \"x\" \\")]
    );
    assert!(found[1].before.ends_with("format!("));
}
