//! What an import comes to.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::model::{Problem, Tree, has_errors};
use crate::tree::{Change, Summary};

/// An import that was worked out.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The whole tree afterwards. New objects have the ids -1, -2, … of their kind, in the order of
    /// the file, and others refer to them by those.
    pub target: Tree,
    /// What that comes to.
    pub report: ImportReport,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ImportReport {
    /// New objects, counted by kind.
    pub imported: BTreeMap<&'static str, usize>,
    /// What was there already, or could not be taken, counted by kind. Targets count their shard,
    /// service and farm once for each element of the file, as Promgen does.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Objects that were there and are changed: projects that move, farms that are renamed.
    pub changed: Vec<Change>,
    /// Shards, services and projects that are new: where one goes on from here.
    #[serde(skip)]
    pub founded: Vec<Change>,
    /// Findings that stopped nothing.
    pub warnings: Vec<Problem>,
}

impl ImportReport {
    pub(super) fn count_imported(&mut self, kind: &'static str) {
        *self.imported.entry(kind).or_default() += 1;
    }

    pub(super) fn count_skipped(&mut self, kind: &'static str) {
        *self.skipped.entry(kind).or_default() += 1;
    }

    /// Whether it leaves the tree as it is.
    pub fn is_empty(&self) -> bool {
        self.imported.is_empty() && self.changed.is_empty()
    }

    /// The report with the target that it is about; refused when one of the findings is an error.
    pub(super) fn finish(
        mut self,
        mut problems: Vec<Problem>,
        current: &Tree,
        target: Tree,
    ) -> Result<Imported, Vec<Problem>> {
        // In the order of the text; what has no place comes first.
        problems.sort_by_key(|problem| problem.place);
        if has_errors(&problems) {
            return Err(problems);
        }
        let Summary {
            created, changed, ..
        } = Summary::between(current, &target);
        self.changed = changed;
        let mut founded = created;
        founded.retain(|one| ["shard", "service", "project"].contains(&one.kind));
        self.founded = founded;
        self.warnings = problems;
        Ok(Imported {
            target,
            report: self,
        })
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changed {
            let fields = change.fields.join(", ");
            writeln!(f, "~ {} {} ({fields})", change.kind, change.name)?;
        }
        let counts = |counts: &BTreeMap<&'static str, usize>| {
            let list: Vec<String> = counts
                .iter()
                .map(|(kind, count)| format!("{kind}: {count}"))
                .collect();
            if list.is_empty() {
                "nothing".to_owned()
            } else {
                list.join(", ")
            }
        };
        write!(f, "Imported {}", counts(&self.imported))?;
        if !self.skipped.is_empty() {
            write!(f, "\nSkipped {}", counts(&self.skipped))?;
        }
        Ok(())
    }
}
