//! What was read last, so that one document is parsed once for all the farms in it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::groups::Farms;

/// The documents of a source as they were last, and their farms. It costs as much memory as they
/// have bytes, and a little more; without it, each of a thousand farms would parse all of them.
pub(super) struct Memo<T>(Mutex<Option<(Vec<T>, Arc<Farms>)>>);

impl<T: PartialEq> Memo<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The farms of these documents, by `parse` where they are not the same as before.
    pub(super) fn farms<E>(
        &self,
        documents: Vec<T>,
        parse: impl FnOnce(&[T]) -> Result<Farms, E>,
    ) -> Result<Arc<Farms>, E> {
        if let Some((_, farms)) = self.lock().as_ref().filter(|(same, _)| *same == documents) {
            return Ok(Arc::clone(farms));
        }
        let farms = Arc::new(parse(&documents)?);
        *self.lock() = Some((documents, Arc::clone(&farms)));
        Ok(farms)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Vec<T>, Arc<Farms>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Documents are long, and may hold what is nobody's business.
impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_documents_are_parsed_once() {
        let memo = Memo::new();
        let mut parsed = 0;
        let mut read = |documents: &[&'static str]| {
            let parse = |all: &[&str]| {
                parsed += 1;
                let mut farms = Farms::default();
                farms.add(
                    "f".to_owned(),
                    &all.iter().copied().map(str::to_owned).collect::<Vec<_>>(),
                );
                Ok::<_, ()>(farms)
            };
            let hosts = memo.farms(documents.to_vec(), parse).unwrap().hosts("f");
            (hosts.unwrap(), parsed)
        };
        assert_eq!(read(&["a"]), (vec!["a".to_owned()], 1));
        assert_eq!(read(&["a"]), (vec!["a".to_owned()], 1));
        assert_eq!(read(&["b"]), (vec!["b".to_owned()], 2));
    }

    #[test]
    fn what_cannot_be_parsed_is_not_kept() {
        let memo = Memo::new();
        assert_eq!(memo.farms(vec!["x"], |_| Err(7)).unwrap_err(), 7);
        assert_eq!(memo.farms(vec!["x"], |_| Err(8)).unwrap_err(), 8);
    }
}
