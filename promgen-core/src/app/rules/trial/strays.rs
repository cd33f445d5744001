//! Alerts that would not reach those whom they are about.
//!
//! Alerts go to whom their labels `service` and `project` name, and the rule puts its owner's there.
//! A series of another service under such a rule is told to the wrong people; one without either
//! label, under a rule of the site, to nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::AppError;
use crate::model::RuleOwner;
use crate::store::Tx;

/// Most names that are told.
const MOST_NAMES: usize = 10;

/// Series that would not go where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strays {
    /// How many bear neither a service nor a project, which nobody would hear about.
    pub nobodys: usize,
    /// How many bear the service or project of somebody else.
    pub foreign: usize,
    /// Labels of those, such as `service="other"`; the first few.
    pub labels: BTreeSet<(String, String)>,
}

/// Which series belong to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// A rule of the site is about everybody.
    Everybody,
    /// A rule of a service, about that and its projects.
    Service {
        name: String,
        projects: BTreeSet<String>,
    },
    /// A rule of a project.
    Project { name: String, service: String },
}

impl Home {
    /// Reads what belongs to an owner that is there.
    pub(super) async fn load(tx: &Tx, owner: RuleOwner) -> Result<Self, AppError> {
        let service = async |id| -> Result<String, AppError> {
            let found = tx.load_service(id).await?;
            let found = found.ok_or_else(|| AppError::not_found("service", &id))?;
            Ok(found.name.to_string())
        };
        Ok(match owner {
            RuleOwner::Site => Self::Everybody,
            RuleOwner::Service(id) => {
                let projects = tx.list_projects_of(id).await?;
                Self::Service {
                    name: service(id).await?,
                    projects: projects.iter().map(|one| one.name.to_string()).collect(),
                }
            }
            RuleOwner::Project(id) => {
                let project = tx.load_project(id).await?;
                let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
                Self::Project {
                    name: project.name.to_string(),
                    service: service(project.service).await?,
                }
            }
        })
    }

    /// Whether a label of a series says that it is somebody else's.
    fn is_foreign(&self, label: &str, value: &str) -> bool {
        match (self, label) {
            (Self::Service { name, .. } | Self::Project { service: name, .. }, "service")
            | (Self::Project { name, .. }, "project") => value != name,
            (Self::Service { projects, .. }, "project") => !projects.contains(value),
            _ => false,
        }
    }
}

impl Strays {
    /// Looks at one more series.
    pub(super) fn look(&mut self, home: &Home, labels: &BTreeMap<String, String>) {
        let bears = |label: &str| labels.get(label).is_some_and(|value| !value.is_empty());
        if *home == Home::Everybody && !bears("service") && !bears("project") {
            self.nobodys += 1;
        }
        let foreign = labels
            .iter()
            .filter(|(name, value)| !value.is_empty() && home.is_foreign(name, value));
        let foreign: Vec<_> = foreign.collect();
        self.foreign += usize::from(!foreign.is_empty());
        for (name, value) in foreign {
            if self.labels.len() < MOST_NAMES {
                self.labels.insert((name.clone(), value.clone()));
            }
        }
    }

    /// Whether every series goes where it belongs.
    pub fn is_empty(&self) -> bool {
        self.nobodys == 0 && self.foreign == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(home: &Home, series: &[&[(&str, &str)]]) -> Strays {
        let mut strays = Strays::default();
        for labels in series {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            strays.look(home, &labels.iter().map(own).collect());
        }
        strays
    }

    #[test]
    fn a_rule_of_the_site_needs_series_that_are_somebodys() {
        let strays = look(
            &Home::Everybody,
            &[
                &[("job", "x")],
                &[("service", "")],
                &[("project", "p")],
                &[("service", "a")],
            ],
        );
        assert_eq!((strays.nobodys, strays.foreign), (2, 0));
    }

    #[test]
    fn a_service_is_told_of_series_of_others() {
        let home = Home::Service {
            name: "a".to_owned(),
            projects: ["p".to_owned()].into(),
        };
        let strays = look(
            &home,
            &[
                &[("service", "a"), ("project", "p")],
                &[("job", "x")],
                &[("service", "b")],
                &[("service", "a"), ("project", "q")],
            ],
        );
        assert_eq!((strays.nobodys, strays.foreign), (0, 2));
        let wanted = [("project", "q"), ("service", "b")];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(strays.labels, wanted.into());
    }

    #[test]
    fn a_project_is_told_of_series_of_its_siblings() {
        let home = Home::Project {
            name: "p".to_owned(),
            service: "a".to_owned(),
        };
        let strays = look(
            &home,
            &[&[("project", "p")], &[("project", "q"), ("service", "a")]],
        );
        assert_eq!(strays.foreign, 1);
        assert!(!strays.is_empty());
    }
}
