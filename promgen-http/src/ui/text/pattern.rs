//! A sentence with holes, as `said.ftl` writes it: `{ $port } is not a port`.

/// Whether what stands in the hole of that name is a sentence itself, or a part of one.
pub(super) fn is_said(hole: &str) -> bool {
    hole.starts_with("said")
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// What always stands there.
    Literal(String),
    /// What the name in a `{ $name }` stands for. A name that begins with `word` stands for one word.
    Hole(&'static str),
}

/// A sentence that texts may fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

impl Pattern {
    /// Reads a pattern; `None` for what is written in no such way.
    pub(super) fn parse(source: &'static str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = source;
        while let Some((before, inner)) = rest.split_once('{') {
            literal.push_str(before);
            if let Some(quoted) = inner.strip_prefix('"') {
                let (text, after) = quoted.split_once("\"}")?;
                literal.push_str(text);
                rest = after;
            } else {
                let (name, after) = inner.split_once('}')?;
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Hole(name.trim().strip_prefix('$')?));
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Some(Self(pieces))
    }

    /// How many bytes of it are no holes: of two that a text fits, the one with more says more.
    pub(super) fn weight(&self) -> usize {
        let weights = self.0.iter().map(|piece| match piece {
            Piece::Literal(text) => text.len(),
            Piece::Hole(_) => 0,
        });
        weights.sum()
    }

    /// What stands in the holes of a text; `None` for one that does not fit as a whole.
    pub(super) fn values<'t>(&self, text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        // Most texts end otherwise, and need no further look.
        if let Some(Piece::Literal(end)) = self.0.last()
            && !text.ends_with(end.as_str())
        {
            return None;
        }
        let mut values = Vec::new();
        let fits = fit(&self.0, text, &mut values);
        // Two findings in a row are none about a thing with a long name.
        let two = matches!(self.0.first(), Some(Piece::Hole(_)))
            && values
                .first()
                .is_some_and(|(name, value)| !is_said(name) && value.contains("; "));
        (fits && !two).then_some(values)
    }

    /// The names of its holes.
    #[cfg(test)]
    pub(super) fn holes(&self) -> Vec<&'static str> {
        let names = self.0.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Hole(name) => Some(*name),
        });
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether two holes touch, so that nobody could tell where one of them ends.
    #[cfg(test)]
    pub(super) fn is_vague(&self) -> bool {
        let hole = |piece: &Piece| matches!(piece, Piece::Hole(_));
        self.0.windows(2).any(|pair| pair.iter().all(hole))
    }
}

/// Fits the pieces to the whole text; every hole is as short as it can be.
fn fit<'t>(pieces: &[Piece], text: &'t str, values: &mut Vec<(&'static str, &'t str)>) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return text.is_empty();
    };
    let name = match first {
        Piece::Literal(literal) => {
            return text
                .strip_prefix(literal.as_str())
                .is_some_and(|after| fit(rest, after, values));
        }
        Piece::Hole(name) => name,
    };
    let ends: Box<dyn Iterator<Item = usize>> = match rest.first() {
        Some(Piece::Literal(next)) => Box::new(text.match_indices(next.as_str()).map(|(at, _)| at)),
        _ => Box::new(std::iter::once(text.len())),
    };
    for end in ends {
        let (value, after) = text.split_at(end);
        if !takes(name, value) {
            continue;
        }
        // A hole that stands in a sentence twice says the same twice.
        if values
            .iter()
            .any(|(known, other)| known == name && *other != value)
        {
            continue;
        }
        values.push((name, value));
        if fit(rest, after, values) {
            return true;
        }
        values.pop();
    }
    false
}

/// Whether a hole may stand for a text.
fn takes(name: &str, value: &str) -> bool {
    let one_word = name.starts_with("word");
    let too_many = one_word && value.contains(char::is_whitespace);
    !(value.is_empty() || too_many)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values<'t>(pattern: &'static str, text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        Pattern::parse(pattern).unwrap().values(text)
    }

    #[test]
    fn holes_take_what_stands_between_the_words() {
        let pattern = "{ $port } is not from 1 to { $most }";
        let found = values(pattern, "0 is not from 1 to 65535");
        assert_eq!(found, Some(vec![("port", "0"), ("most", "65535")]));
        let found = values(pattern, "x is not from 1 to y is not from 1 to 9");
        let most = "y is not from 1 to 9";
        assert_eq!(found, Some(vec![("port", "x"), ("most", most)]));
        for other in ["", "0 is not from 1 to ", " is not from 1 to 9", "0 is not"] {
            assert_eq!(values(pattern, other), None, "{other:?}");
        }
    }

    #[test]
    fn a_value_may_hold_what_stands_behind_it() {
        let pattern = "farm { $farm } stands here twice";
        let found = values(pattern, "farm a stands here twice stands here twice");
        assert_eq!(found, Some(vec![("farm", "a stands here twice")]));
        let pattern = "{ $name } of { $name }";
        assert_eq!(values(pattern, "a of b"), None);
        assert!(values(pattern, "a of b of a of b").is_some());
    }

    #[test]
    fn a_word_is_one_and_a_finding_too() {
        assert!(values("give { $word }", "give labels").is_some());
        assert_eq!(values("give { $word }", "give a name"), None);
        assert_eq!(values("{ $name } is odd", "a is odd; b is odd"), None);
        assert!(values("{ $said } is odd", "a is odd; b is odd").is_some());
        assert!(values("so { $name } is odd", "so a; b is odd").is_some());
    }

    #[test]
    fn braces_are_written_in_quotes() {
        let pattern = r#"write {"{"}{"{"} { $name } {"}"}{"}"}"#;
        assert_eq!(values(pattern, "write {{ x }}"), Some(vec![("name", "x")]));
        assert_eq!(Pattern::parse("a { b"), None);
        assert_eq!(Pattern::parse("a { b }"), None);
    }
}
