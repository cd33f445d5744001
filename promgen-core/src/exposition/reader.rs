//! Lines out of pieces.

use super::line::{self, Line};
use super::{Dialect, Fault, Flaw};

/// Longest line that is kept until its end comes. A sample has some hundred bytes.
const LINE_BYTES: usize = 64 * 1024;

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposition {
    /// Samples, up to the line that cannot be read.
    pub samples: u64,
    /// That line.
    pub fault: Option<Fault>,
}

/// Reads a text that comes in pieces, of which it keeps an unfinished line at most.
#[derive(Debug, Default)]
pub struct Reader {
    dialect: Dialect,
    /// A line whose end has not come yet.
    begun: Vec<u8>,
    lines: u64,
    samples: u64,
    ended: bool,
    fault: Option<Fault>,
}

impl Reader {
    /// A reader that has read nothing yet.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            ..Self::default()
        }
    }

    /// Reads the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let mut pieces = piece.split_inclusive(|byte| *byte == b'\n');
        while self.fault.is_none()
            && let Some(piece) = pieces.next()
        {
            if self.begun.len() + piece.len() > LINE_BYTES {
                self.lines += 1;
                self.refuse(Flaw::TooLong);
            } else if let Some(end) = piece.strip_suffix(b"\n") {
                self.begun.extend_from_slice(end);
                self.end_of_line();
            } else {
                self.begun.extend_from_slice(piece);
            }
        }
    }

    /// Ends the text.
    pub fn finish(mut self) -> Exposition {
        if self.fault.is_none() && !self.begun.is_empty() {
            self.end_of_line();
        }
        if self.fault.is_none() && self.dialect == Dialect::OpenMetrics && !self.ended {
            self.lines += 1;
            self.refuse(Flaw::NoEnd);
        }
        Exposition {
            samples: self.samples,
            fault: self.fault,
        }
    }

    fn end_of_line(&mut self) {
        self.lines += 1;
        let line = std::mem::take(&mut self.begun);
        let read = match std::str::from_utf8(&line) {
            Ok(_) if self.ended => Err(Flaw::AfterEnd),
            Ok(line) => line::read(line, self.dialect),
            Err(_) => Err(Flaw::NotText),
        };
        match read {
            Ok(Line::Silent) => {}
            Ok(Line::Sample) => self.samples += 1,
            Ok(Line::End) => self.ended = true,
            Err(flaw) => self.refuse(flaw),
        }
    }

    fn refuse(&mut self, flaw: Flaw) {
        let line = self.lines;
        self.fault = Some(Fault { line, flaw });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(dialect: Dialect, pieces: &[&[u8]]) -> Exposition {
        let mut reader = Reader::new(dialect);
        for piece in pieces {
            reader.feed(piece);
        }
        reader.finish()
    }

    #[test]
    fn the_first_line_that_cannot_be_read_is_told_by_its_number() {
        let text = b"# HELP a b\na 1\nb 2\n<p>\nc 3\n";
        let fault = Fault {
            line: 4,
            flaw: Flaw::Name,
        };
        let read = read(Dialect::Text, &[text]);
        assert_eq!((read.samples, read.fault), (2, Some(fault)));
        assert_eq!(
            fault.to_string(),
            "line 4 does not begin with the name of a metric"
        );
    }

    #[test]
    fn bytes_and_lines_without_end_are_refused_where_they_stand() {
        let flaw = |pieces: &[&[u8]]| read(Dialect::Text, pieces).fault.map(|fault| fault.flaw);
        assert_eq!(flaw(&[b"a{b=\"\xff\"} 1\n"]), Some(Flaw::NotText));
        let long = vec![b'a'; LINE_BYTES];
        assert_eq!(flaw(&[b"a 1\n", &long, b"a 1\n"]), Some(Flaw::TooLong));
        assert_eq!(flaw(&[b"a 1\n", b"b 2"]), None);
    }

    #[test]
    fn open_metrics_says_where_it_ends() {
        let open = |text: &[u8]| read(Dialect::OpenMetrics, &[text]).fault;
        let fault = |line, flaw| Some(Fault { line, flaw });
        assert_eq!(open(b"a 1\n# EOF\n"), None);
        assert_eq!(open(b"a 1\n# EOF"), None);
        assert_eq!(open(b"a 1\n"), fault(2, Flaw::NoEnd));
        assert_eq!(open(b"a 1\n# EOF\na 2\n"), fault(3, Flaw::AfterEnd));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_a_text_is_cut(
            lines in prop::collection::vec("(a 1|b\\{c=\"d\"\\} 2|# x||\\PC{0,9})", 0..9),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let text = lines.join("\n");
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.sort_unstable();
            at.push(bytes.len());
            let mut from = 0;
            let mut pieces = Vec::new();
            for to in at {
                pieces.push(&bytes[from..to]);
                from = to;
            }
            prop_assert_eq!(read(Dialect::Text, &pieces), read(Dialect::Text, &[bytes]));
        }
    }
}
