//! One line.

use super::{Dialect, Flaw};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A comment, or nothing.
    Silent,
    /// A sample.
    Sample,
    /// The end of an `OpenMetrics` text.
    End,
}

/// Reads a line without its end.
pub(super) fn read(line: &str, dialect: Dialect) -> Result<Line, Flaw> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if dialect == Dialect::OpenMetrics && line == "# EOF" {
        return Ok(Line::End);
    }
    let mut rest = Rest(line);
    rest.blanks();
    if rest.0.is_empty() || rest.0.starts_with('#') {
        return Ok(Line::Silent);
    }
    sample(&mut rest, dialect)?;
    Ok(Line::Sample)
}

/// `name{label="value",…} value timestamp # {…} value timestamp`
fn sample(rest: &mut Rest<'_>, dialect: Dialect) -> Result<(), Flaw> {
    let named = rest.name();
    rest.blanks();
    let named_within = rest.eat('{') && rest.labels(!named)?;
    if !(named || named_within) {
        return Err(Flaw::Name);
    }
    rest.number().ok_or(Flaw::Value)?;
    if !rest.is_over() {
        rest.number().ok_or(Flaw::Timestamp)?;
    }
    rest.blanks();
    if rest.0.is_empty() {
        return Ok(());
    }
    if dialect == Dialect::Text {
        return Err(Flaw::Timestamp);
    }
    exemplar(rest).ok_or(Flaw::Exemplar)
}

fn exemplar(rest: &mut Rest<'_>) -> Option<()> {
    rest.blanks();
    let begun = rest.eat('#');
    rest.blanks();
    if !(begun && rest.eat('{')) {
        return None;
    }
    rest.labels(false).ok()?;
    rest.number()?;
    if !rest.is_over() {
        rest.number()?;
    }
    rest.0.trim().is_empty().then_some(())
}

/// What is left of a line.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, letter: char) -> bool {
        let after = self.0.strip_prefix(letter);
        self.0 = after.unwrap_or(self.0);
        after.is_some()
    }

    /// Whether there is nothing more, or an exemplar.
    fn is_over(&mut self) -> bool {
        self.blanks();
        self.0.is_empty() || self.0.starts_with('#')
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|letter| !belongs(letter));
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        word
    }

    /// A name of a metric or a label.
    fn name(&mut self) -> bool {
        let belongs = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
        let name = self.word(belongs);
        !name.is_empty() && !name.starts_with(|letter: char| letter.is_ascii_digit())
    }

    /// A text in double quotes, of which the first is eaten.
    fn quoted(&mut self) -> bool {
        let mut letters = self.0.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => drop(letters.next()),
                '"' => {
                    self.0 = self.0.get(at + 1..).unwrap_or_default();
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// Labels up to the brace that closes them. Answers whether the name of the metric was among
    /// them, which `nameless` allows: `{"name.of.it",label="value"}`.
    fn labels(&mut self, nameless: bool) -> Result<bool, Flaw> {
        let mut named = false;
        loop {
            self.blanks();
            if self.eat('}') {
                return Ok(named);
            }
            let in_quotes = self.eat('"');
            let read = if in_quotes {
                self.quoted()
            } else {
                self.name()
            };
            self.blanks();
            if !read {
                return Err(Flaw::Labels);
            }
            if self.eat('=') {
                self.blanks();
                if !(self.eat('"') && self.quoted()) {
                    return Err(Flaw::Labels);
                }
            } else if in_quotes && nameless && !named {
                named = true;
            } else {
                return Err(Flaw::Labels);
            }
            self.blanks();
            if !(self.eat(',') || self.0.starts_with('}')) {
                return Err(Flaw::Labels);
            }
        }
    }

    /// A number between blanks.
    fn number(&mut self) -> Option<f64> {
        self.blanks();
        self.word(|letter| !letter.is_whitespace()).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(line: &str) -> Result<Line, Flaw> {
        read(line, Dialect::Text)
    }

    #[test]
    fn samples_of_all_shapes_are_read() {
        for line in [
            "up 1",
            "up 1\r",
            "  up\t1 1395066363000",
            "http:requests_total{method=\"post\",code=\"200\"} 1027 1395066363000",
            "a{b=\"}\\\"\\\\\\n,\",} NaN",
            "a { b = \"c\" } +Inf",
            "a{} -Inf",
            "a 1.458255915e9",
            "{\"my.metric\",\"my.label\"=\"x\"} 1",
            "{\"my.metric\"} 1",
            "a{b=\"日本\"} 1",
        ] {
            assert_eq!(text(line), Ok(Line::Sample), "{line}");
        }
    }

    #[test]
    fn comments_and_empty_lines_count_for_nothing() {
        for line in ["", "   ", "\r", "# HELP a b", "#", " # x", "# EOF"] {
            assert_eq!(text(line), Ok(Line::Silent), "{line}");
        }
        assert_eq!(read("# EOF", Dialect::OpenMetrics), Ok(Line::End));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, flaw) in [
            ("<html>", Flaw::Name),
            ("1up 1", Flaw::Name),
            ("{a=\"b\"} 1", Flaw::Name),
            ("a", Flaw::Value),
            ("a{} x", Flaw::Value),
            ("a{b}", Flaw::Labels),
            ("a{b=c} 1", Flaw::Labels),
            ("a{b=\"c} 1", Flaw::Labels),
            ("a{b=\"c\" d=\"e\"} 1", Flaw::Labels),
            ("a{\"x\"} 1", Flaw::Labels),
            ("a 1 x", Flaw::Timestamp),
            ("a 1 2 3", Flaw::Timestamp),
            ("a 1 # {b=\"c\"} 1", Flaw::Timestamp),
        ] {
            assert_eq!(text(line), Err(flaw), "{line}");
        }
    }

    #[test]
    fn exemplars_are_for_open_metrics() {
        let open = |line| read(line, Dialect::OpenMetrics);
        assert_eq!(
            open("a_total 1 # {trace_id=\"x\"} 0.5 12.3"),
            Ok(Line::Sample)
        );
        assert_eq!(open("a_total 1 12.3 # {} 1"), Ok(Line::Sample));
        for line in ["a 1 # 1", "a 1 # {} x", "a 1 # {} 1 2 3", "a 1 2 3"] {
            assert_eq!(open(line), Err(Flaw::Exemplar), "{line}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_as_a_sample_is_read_as_one(
            name in "[a-zA-Z_:][a-zA-Z0-9_:]{0,20}",
            labels in prop::collection::vec(("[a-zA-Z_][a-zA-Z0-9_]{0,9}", "\\PC{0,20}"), 0..4),
            value in prop::num::f64::ANY,
            time in prop::option::of(any::<i64>()),
        ) {
            let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let labels = labels.iter().map(|(key, text)| format!("{key}=\"{}\"", escaped(text)));
            let labels: Vec<String> = labels.collect();
            let time = time.map(|time| format!(" {time}")).unwrap_or_default();
            let line = format!("{name}{{{}}} {value}{time}", labels.join(","));
            prop_assert_eq!(text(&line), Ok(Line::Sample), "{}", line);
        }

        #[test]
        fn no_comment_is_ever_refused(line in "\\PC{0,80}", open in any::<bool>()) {
            let dialect = if open { Dialect::OpenMetrics } else { Dialect::Text };
            let plain = line.trim_start_matches([' ', '\t']);
            if read(&line, dialect).is_err() {
                prop_assert!(!plain.is_empty() && !plain.starts_with('#'), "{:?}", line);
            }
        }
    }
}
