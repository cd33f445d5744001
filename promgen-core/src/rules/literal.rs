//! String literals of `PromQL`, read and written.
//!
//! Source of the escapes: `util/strutil/quote.go` and `promql/parser/lex.go` of Prometheus.

/// Escapes a text for a string literal in the given quotes.
///
/// The replacement character is written as an escape, because Prometheus takes a bare one for
/// broken UTF-8 and refuses the rule.
pub(super) fn escape(text: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\0' => escaped.push_str("\\x00"),
            char::REPLACEMENT_CHARACTER => escaped.push_str("\\ufffd"),
            c => {
                if c == '\\' || c == quote {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
    }
    escaped
}

/// A text as a literal in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", escape(text, '"'))
}

/// The value of a literal with its quotes; `None` when it is no literal or has an unknown escape.
///
/// Byte escapes that give no UTF-8 become replacement characters.
pub(crate) fn unquote(literal: &str) -> Option<String> {
    let quote = literal.chars().next()?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    match quote {
        '`' => return Some(inner.to_owned()),
        '"' | '\'' => {}
        _ => return None,
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        if c == '\\' {
            rest = unescape(rest, quote, &mut bytes)?;
        } else {
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads what follows a backslash, and answers what is left.
fn unescape<'a>(text: &'a str, quote: char, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let c = text.chars().next()?;
    let rest = text.get(c.len_utf8()..)?;
    let plain = match c {
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        '\\' => b'\\',
        c if c == quote => u8::try_from(c).ok()?,
        '0'..='7' => {
            bytes.push(u8::try_from(number(text, 3, 8)?).ok()?);
            return text.get(3..);
        }
        'x' => {
            bytes.push(u8::try_from(number(rest, 2, 16)?).ok()?);
            return rest.get(2..);
        }
        'u' | 'U' => {
            let digits = if c == 'u' { 4 } else { 8 };
            let c = char::from_u32(number(rest, digits, 16)?)?;
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            return rest.get(digits..);
        }
        _ => return None,
    };
    bytes.push(plain);
    Some(rest)
}

fn number(text: &str, digits: usize, radix: u32) -> Option<u32> {
    let text = text.get(..digits)?;
    // A sign would be read as part of the number.
    let digits_only = text.chars().all(|c| c.is_digit(radix));
    digits_only.then(|| u32::from_str_radix(text, radix).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_of_prometheus_is_read() {
        for (literal, value) in [
            (r#""a\"b""#, "a\"b"),
            (r"'a\'b'", "a'b"),
            (r"`a\d`", r"a\d"),
            (r#""\\.\n\t\x41\101\u00e9\U0001f980""#, "\\.\n\tAAé🦀"),
            (r#""\xc3\xa9""#, "é"),
            (r#""\ufffd""#, "\u{fffd}"),
            ("\"\"", ""),
        ] {
            assert_eq!(unquote(literal).as_deref(), Some(value), "{literal}");
        }
    }

    #[test]
    fn unknown_escapes_and_what_is_no_literal_give_nothing() {
        for literal in [
            r#""\d""#,
            r#""\'""#,
            r#""\x+1""#,
            r#""\400""#,
            r#""\ud800""#,
            r#""\"#,
            "\"",
            "",
            "a",
        ] {
            assert_eq!(unquote(literal), None, "{literal}");
        }
    }

    #[test]
    fn what_is_escaped_reads_back() {
        let hostile = "a\"'`\\\n\r\t\0\u{fffd}\u{7}é🦀";
        for quote in ['"', '\''] {
            let literal = format!("{quote}{}{quote}", escape(hostile, quote));
            assert_eq!(unquote(&literal).as_deref(), Some(hostile));
            assert!(!literal.contains(['\n', '\u{fffd}']));
        }
    }
}
