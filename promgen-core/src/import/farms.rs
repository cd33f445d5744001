//! Which farm a project gets by an import.

use std::collections::HashMap;

use crate::model::{Farm, FarmId, LOCAL_SOURCE, Name, ProjectId};
use crate::tree::draft::{Draft, provisional};

/// Farms by name and source, and how many projects each serves.
pub(super) struct Farms {
    named: HashMap<(String, String), Vec<FarmId>>,
    serves: HashMap<FarmId, usize>,
}

/// The farm that a project got.
pub(super) struct Placed {
    pub(super) id: FarmId,
    /// It was made.
    pub(super) is_new: bool,
    /// The farm that the project left to other projects.
    pub(super) left: Option<Name>,
}

impl Farms {
    pub(super) fn of(draft: &Draft) -> Self {
        let mut farms = Self {
            named: HashMap::new(),
            serves: HashMap::new(),
        };
        for farm in draft.farms.values() {
            farms.note(farm);
        }
        for id in draft.projects.values().filter_map(|project| project.farm) {
            *farms.serves.entry(id).or_default() += 1;
        }
        farms
    }

    fn note(&mut self, farm: &Farm) {
        let key = (farm.name.to_string(), farm.source.clone());
        self.named.entry(key).or_default().push(farm.id);
    }

    /// Gives a project the farm of that name and source: its own if that is it; else a remote farm
    /// of that name and source, or a local one that serves nobody; else its own, renamed, if it
    /// serves nobody else; else a new one.
    pub(super) fn place(
        &mut self,
        draft: &mut Draft,
        project: ProjectId,
        name: &Name,
        source: &str,
    ) -> Placed {
        let own = draft.projects.get(&project).and_then(|p| p.farm);
        let own = own.and_then(|id| draft.farms.get(&id)).cloned();
        if let Some(farm) = own
            .as_ref()
            .filter(|f| f.name == *name && f.source == source)
        {
            return Placed {
                id: farm.id,
                is_new: false,
                left: None,
            };
        }
        let shared = own.as_ref().filter(|farm| self.serves(farm.id) > 1);
        let left = shared.map(|farm| farm.name.clone());
        if let Some(id) = self.find(name, source) {
            self.link(draft, project, id);
            return Placed {
                id,
                is_new: false,
                left,
            };
        }
        let renamed = own.filter(|farm| self.serves(farm.id) == 1);
        let is_new = renamed.is_none();
        let new_id = FarmId(provisional(&draft.farms, |id| id.0));
        let id = renamed.map_or(new_id, |farm| self.forget(&farm));
        let farm = Farm {
            id,
            name: name.clone(),
            source: source.to_owned(),
        };
        self.note(&farm);
        draft.farms.insert(id, farm);
        self.link(draft, project, id);
        Placed { id, is_new, left }
    }

    fn serves(&self, farm: FarmId) -> usize {
        self.serves.get(&farm).copied().unwrap_or(0)
    }

    fn find(&self, name: &Name, source: &str) -> Option<FarmId> {
        let found = self.named.get(&(name.to_string(), source.to_owned()))?;
        let free = |id: &&FarmId| source != LOCAL_SOURCE || self.serves(**id) == 0;
        found.iter().find(free).copied()
    }

    fn forget(&mut self, farm: &Farm) -> FarmId {
        let key = (farm.name.to_string(), farm.source.clone());
        if let Some(named) = self.named.get_mut(&key) {
            named.retain(|id| *id != farm.id);
        }
        farm.id
    }

    fn link(&mut self, draft: &mut Draft, project: ProjectId, farm: FarmId) {
        let Some(project) = draft.projects.get_mut(&project) else {
            return;
        };
        if let Some(old) = project.farm.replace(farm) {
            let count = self.serves.entry(old).or_default();
            *count = count.saturating_sub(1);
        }
        *self.serves.entry(farm).or_default() += 1;
    }
}
