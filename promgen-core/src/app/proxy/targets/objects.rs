//! Objects out of a large JSON document, one at a time.

/// Longest object that is kept until it is whole; of a longer one nothing is told.
const OBJECT_BYTES: usize = 64 * 1024;

/// Finds the objects that lie so deep in a document that comes in pieces. What is not JSON gives
/// pieces that are none, which whoever reads them finds out.
#[derive(Debug)]
pub(super) struct Objects {
    /// In how many objects and lists those lie that are wanted.
    at: usize,
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// The object that has begun.
    begun: Vec<u8>,
}

impl Objects {
    /// Objects within so many others.
    pub(super) fn at(depth: usize) -> Self {
        Self {
            at: depth,
            depth: 0,
            in_text: false,
            escaped: false,
            begun: Vec::new(),
        }
    }

    /// Reads the next piece; `each` gets every object that is whole with it.
    pub(super) fn feed(&mut self, piece: &[u8], mut each: impl FnMut(&[u8])) {
        for byte in piece {
            let before = self.depth;
            self.step(*byte);
            if before > self.at || self.depth > self.at {
                if self.begun.len() <= OBJECT_BYTES {
                    self.begun.push(*byte);
                }
                if self.depth == self.at {
                    if self.begun.len() <= OBJECT_BYTES {
                        each(&self.begun);
                    }
                    self.begun.clear();
                }
            }
        }
    }

    fn step(&mut self, byte: u8) {
        if self.in_text {
            let was_escaped = std::mem::take(&mut self.escaped);
            match byte {
                b'\\' => self.escaped = !was_escaped,
                b'"' if !was_escaped => self.in_text = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn found(pieces: &[&[u8]]) -> Vec<Value> {
        let mut objects = Objects::at(3);
        let mut found = Vec::new();
        for piece in pieces {
            objects.feed(piece, |object| {
                found.push(serde_json::from_slice(object).unwrap());
            });
        }
        found
    }

    fn document(targets: &Value) -> String {
        json!({"status": "success", "data": {"activeTargets": targets, "droppedTargets": []}})
            .to_string()
    }

    #[test]
    fn an_object_that_is_too_long_is_left_out_and_the_next_is_found() {
        let long = "x".repeat(OBJECT_BYTES);
        let text = document(&json!([{"a": long}, {"b": [1, {}]}]));
        assert_eq!(found(&[text.as_bytes()]), [json!({"b": [1, {}]})]);
    }

    proptest! {
        #[test]
        fn every_object_is_found_wherever_the_document_is_cut(
            texts in prop::collection::vec("[\\PC\"\\\\{}\\[\\]]{0,12}", 0..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let targets: Vec<Value> = texts
                .iter()
                .map(|text| json!({"labels": {"job": text}, "more": [text, {"x": text}]}))
                .collect();
            let text = document(&Value::Array(targets.clone()));
            let (head, tail) = text.as_bytes().split_at(cut.index(text.len()));
            prop_assert_eq!(found(&[head, tail]), targets);
        }
    }
}
