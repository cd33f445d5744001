//! Decisions drawn from bytes.

/// Turns bytes into decisions, so that a fuzzer and a property test can share one generator.
///
/// When the bytes run out every further decision is the first choice; shorter input therefore
/// means a simpler case, which is what shrinking is after.
#[derive(Debug, Clone)]
pub struct Draw<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Draw<'a> {
    /// Decisions from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    /// A number from 0 to `bound`, without `bound`; 0 when that is 0.
    pub fn below(&mut self, bound: u8) -> u8 {
        let byte = self.bytes.next().copied().unwrap_or(0);
        byte.checked_rem(bound).unwrap_or(0)
    }

    /// One of the texts; empty when there are none.
    pub fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let at = self.below(u8::try_from(texts.len()).unwrap_or(u8::MAX));
        texts.get(usize::from(at)).copied().unwrap_or_default()
    }

    /// Up to `most` of the texts, one after the other.
    pub fn join(&mut self, texts: &[&str], most: u8) -> String {
        let count = self.below(most.saturating_add(1));
        (0..count).map(|_| self.pick(texts)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_bytes_the_first_choice_is_taken() {
        let mut draw = Draw::new(&[5]);
        assert_eq!(draw.pick(&["a", "b", "c"]), "c");
        assert_eq!(draw.pick(&["a", "b", "c"]), "a");
        assert_eq!(draw.join(&["a"], 3), "");
        assert_eq!((draw.below(0), draw.pick(&[])), (0, ""));
    }
}
