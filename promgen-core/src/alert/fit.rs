//! Long texts for destinations that take short ones.

/// What a destination takes: so many pieces of so many units each.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    /// Units in one piece.
    pub units: usize,
    /// Pieces.
    pub pieces: usize,
    /// Units that a character takes, such as [`char::len_utf16`].
    pub width: fn(char) -> usize,
}

impl Fit {
    /// Cuts a text into pieces, between lines where a line is not longer than a piece. What does
    /// not fit is left out, and the last line says how many lines that are, and where all of them
    /// can be read: at `link`, unless that is empty. No piece is blank.
    pub fn cut(&self, text: &str, link: &str) -> Vec<String> {
        let (whole, rest) = self.pieces(text, self.units);
        if rest.trim().is_empty() {
            return whole.into_iter().map(str::to_owned).collect();
        }
        // With the most digits that the number can have.
        let longest = note(text.lines().count(), link);
        let reserved: usize = longest.chars().map(self.width).sum();
        let (shorter, rest) = self.pieces(text, self.units.saturating_sub(reserved));
        let mut pieces: Vec<String> = shorter.into_iter().map(str::to_owned).collect();
        if let Some(last) = pieces.last_mut() {
            last.push_str(&note(rest.lines().count(), link));
        }
        pieces
    }

    /// At most as many pieces as fit, and the rest of the text.
    fn pieces<'a>(&self, text: &'a str, units: usize) -> (Vec<&'a str>, &'a str) {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while !rest.trim().is_empty() && pieces.len() < self.pieces {
            let (piece, after) = self.first(rest, units);
            rest = after.trim_start_matches('\n');
            if !piece.trim().is_empty() {
                pieces.push(piece);
            }
        }
        (pieces, rest)
    }

    /// The first piece, which holds one character at least, and the rest.
    fn first<'a>(&self, text: &'a str, units: usize) -> (&'a str, &'a str) {
        let (mut used, mut line_end) = (0, None);
        for (at, c) in text.char_indices() {
            used += (self.width)(c);
            if c == '\n' && at > 0 {
                line_end = Some(at);
            }
            if used > units && at > 0 {
                return text.split_at(line_end.unwrap_or(at));
            }
        }
        (text, "")
    }
}

fn note(lines: usize, link: &str) -> String {
    let link = match link {
        "" => String::new(),
        link => format!(" All of them: {link}"),
    };
    format!("\nLines not shown: {lines}.{link}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fit(units: usize, pieces: usize) -> Fit {
        let width = char::len_utf16;
        Fit {
            units,
            pieces,
            width,
        }
    }

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        for text in ["a", "a\nb\n\nc \n", "𝄞"] {
            assert_eq!(fit(10, 1).cut(text, "http://p"), [text]);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_lines() {
        assert_eq!(
            fit(7, 9).cut("abc\ndef\nghi\njkl", ""),
            ["abc\ndef", "ghi\njkl"]
        );
        assert_eq!(
            fit(4, 9).cut("ab\n\n\ncdefghi\nj", ""),
            ["ab\n\n", "cdef", "ghi", "j"]
        );
        assert_eq!(fit(3, 9).cut("𝄞𝄞", ""), ["𝄞", "𝄞"], "two units each");
    }

    #[test]
    fn what_is_missing_is_counted_and_linked() {
        let text = "one line\n".repeat(100);
        let pieces = fit(100, 2).cut(&text, "http://p/alert/7");
        assert_eq!(pieces.len(), 2);
        let shown: usize = pieces.iter().map(|p| p.matches("one line").count()).sum();
        let last = pieces[1].lines().last().unwrap();
        let missing = 100 - shown;
        assert_eq!(
            last,
            format!("Lines not shown: {missing}. All of them: http://p/alert/7")
        );
        assert!(pieces.iter().all(|piece| piece.len() <= 100));
    }

    proptest! {
        #[test]
        fn no_piece_is_blank_or_long_and_nothing_is_lost(
            text in "[ab𝄞 \n]{0,200}", units in 2_usize..50,
        ) {
            let pieces = fit(units, usize::MAX).cut(&text, "");
            for piece in &pieces {
                prop_assert!(piece.encode_utf16().count() <= units, "{piece:?}");
                prop_assert!(!piece.trim().is_empty());
            }
            let dense = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(dense(&pieces.concat()), dense(&text));
        }
    }
}
