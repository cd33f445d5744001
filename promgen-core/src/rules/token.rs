//! A tokenizer for `PromQL` that loses nothing and never fails.
//!
//! The macro needs to know what is a string, a comment or a selector's braces, and where. Spans of
//! neighbouring tokens touch, and together they are the whole text. Source of the lexical rules:
//! `promql/parser/lex.go` of Prometheus.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line breaks.
    Space,
    /// `#` up to the end of the line.
    Comment,
    /// A string in `"`, `'` or backticks, quotes included.
    Text,
    /// `<exclude>`, blanks inside allowed.
    Macro,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// An identifier, keyword, number or duration.
    Word,
    /// Anything else that the language knows.
    Operator,
    /// A string without end or with a character that no string may hold, or a character that the
    /// language does not know.
    Bad,
}

/// A token: its kind and its place, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it begins.
    pub start: usize,
    /// Where the next one begins.
    pub end: usize,
}

impl Token {
    /// Its text.
    pub fn text<'a>(&self, clause: &'a str) -> &'a str {
        clause.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether it is neither blank nor comment.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }
}

/// What Prometheus passes over between tokens; other blanks are errors there.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Either one ends a comment.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// Splits a clause into tokens.
///
/// ```
/// use promgen_core::rules::{TokenKind, tokenize};
/// let kinds: Vec<_> = tokenize("up{< exclude >}").iter().map(|token| token.kind).collect();
/// use TokenKind::*;
/// assert_eq!(kinds, [Word, OpenBrace, Macro, CloseBrace]);
/// ```
pub fn tokenize(clause: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(rest) = clause.get(start..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest);
        let end = start + length;
        tokens.push(Token { kind, start, end });
        start = end;
    }
    tokens
}

/// Kind and length of the first token of a text that is not empty.
fn next(rest: &str) -> (TokenKind, usize) {
    let Some(first) = rest.chars().next() else {
        return (TokenKind::Bad, 0);
    };
    let single = |kind| (kind, first.len_utf8());
    match first {
        '{' => single(TokenKind::OpenBrace),
        '}' => single(TokenKind::CloseBrace),
        '(' => single(TokenKind::OpenParen),
        ')' => single(TokenKind::CloseParen),
        '[' => single(TokenKind::OpenBracket),
        ']' => single(TokenKind::CloseBracket),
        ',' => single(TokenKind::Comma),
        '"' | '\'' | '`' => text(rest, first),
        '#' => (
            TokenKind::Comment,
            rest.find(LINE_ENDS).unwrap_or(rest.len()),
        ),
        '<' => macro_length(rest).map_or((TokenKind::Operator, 1), |n| (TokenKind::Macro, n)),
        c if BLANKS.contains(&c) => (TokenKind::Space, span(rest, |c| BLANKS.contains(&c))),
        c if is_word(c) => (TokenKind::Word, span(rest, is_word)),
        '+' | '-' | '*' | '/' | '%' | '^' | '=' | '!' | '>' | '~' | '@' => {
            single(TokenKind::Operator)
        }
        _ => single(TokenKind::Bad),
    }
}

fn span(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

/// Identifiers, numbers and durations. Names in other scripts stand in quotes, since Prometheus 3.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// Length of the macro that a text begins with.
fn macro_length(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('<')?.trim_start_matches([' ', '\t']);
    let inner = inner
        .strip_prefix("exclude")?
        .trim_start_matches([' ', '\t']);
    let after = inner.strip_prefix('>')?;
    Some(rest.len() - after.len())
}

/// Where the first macro stands in a text, whatever surrounds it.
pub(super) fn find_macro(text: &str) -> Option<usize> {
    text.match_indices('<')
        .find(|(at, _)| text.get(*at..).and_then(macro_length).is_some())
        .map(|(at, _)| at)
}

/// A string; in `"` and `'` a backslash escapes, and a line break ends it unfinished.
///
/// Prometheus takes a replacement character for broken UTF-8 and refuses the string.
fn text(rest: &str, quote: char) -> (TokenKind, usize) {
    let raw = quote == '`';
    let (mut escaped, mut kind) = (false, TokenKind::Text);
    for (at, c) in rest.char_indices().skip(1) {
        if c == char::REPLACEMENT_CHARACTER {
            kind = TokenKind::Bad;
        }
        match c {
            '\n' if !raw => return (TokenKind::Bad, at),
            _ if escaped => escaped = false,
            '\\' if !raw => escaped = true,
            c if c == quote => return (kind, at + c.len_utf8()),
            _ => {}
        }
    }
    (TokenKind::Bad, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(clause: &str) -> Vec<(TokenKind, &str)> {
        tokenize(clause)
            .into_iter()
            .map(|token| (token.kind, token.text(clause)))
            .collect()
    }

    #[test]
    fn strings_and_comments_hide_what_is_in_them() {
        assert_eq!(
            kinds("'<exclude>'`\\`#<exclude>\n<exclude>"),
            [
                (TokenKind::Text, "'<exclude>'"),
                (TokenKind::Text, "`\\`"),
                (TokenKind::Comment, "#<exclude>"),
                (TokenKind::Space, "\n"),
                (TokenKind::Macro, "<exclude>"),
            ]
        );
    }

    #[test]
    fn a_comparison_is_no_macro() {
        assert_eq!(kinds("a<b")[1], (TokenKind::Operator, "<"));
        assert_eq!(kinds("<excluded>")[0], (TokenKind::Operator, "<"));
    }

    #[test]
    fn what_has_no_end_is_bad_to_the_end_of_its_line() {
        assert_eq!(kinds("\"ab\nup")[0], (TokenKind::Bad, "\"ab"));
        assert_eq!(kinds("`ab\nup")[0], (TokenKind::Bad, "`ab\nup"));
        assert_eq!(kinds("'\\'")[0], (TokenKind::Bad, "'\\'"));
        assert_eq!(kinds("'\\\nup")[0], (TokenKind::Bad, "'\\"));
    }

    #[test]
    fn a_carriage_return_ends_a_comment_as_well() {
        assert_eq!(kinds("# x\r<exclude>")[2], (TokenKind::Macro, "<exclude>"));
    }

    #[test]
    fn what_prometheus_refuses_is_bad() {
        for clause in [
            "\u{c}",
            "\u{a0}",
            "é",
            "$x",
            ";",
            "'\u{fffd}'",
            "`\u{fffd}`",
        ] {
            assert_eq!(kinds(clause)[0].0, TokenKind::Bad, "{clause:?}");
        }
    }
}
