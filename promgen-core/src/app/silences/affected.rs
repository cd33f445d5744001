//! What the matchers of a silence touch, and who may silence that.
//!
//! Project and service matchers narrow each other: `service="a", project=~".*"` touches the
//! projects of `a` and no others. Alerts of a service bear no project, so matchers that let an
//! alert without one pass touch the services too; and alerts that bear neither are nobody's.

use std::collections::BTreeSet;

use crate::alert::Conditions;
use crate::app::AppError;
use crate::app::policy::Access;
use crate::model::{Project, ProjectId, Role, Service, ServiceId};
use crate::store::Tx;

/// Most names in one sentence.
const NAMES: usize = 20;

/// All services and projects, with what whoever asks is on them.
#[derive(Debug)]
pub(super) struct Objects {
    pub(super) superuser: bool,
    pub(super) services: Vec<Mine<ServiceId>>,
    pub(super) projects: Vec<Mine<ProjectId>>,
}

/// A service or project, with the role of whoever asks.
#[derive(Debug)]
pub(super) struct Mine<Id> {
    pub(super) id: Id,
    pub(super) name: String,
    /// The service itself, or that of the project.
    pub(super) service: ServiceId,
    pub(super) role: Option<Role>,
}

/// What matchers touch.
#[derive(Debug)]
pub(super) struct Touched<'a> {
    pub(super) services: Vec<&'a Mine<ServiceId>>,
    pub(super) projects: Vec<&'a Mine<ProjectId>>,
    /// Whether alerts are touched that bear neither a service nor a project.
    nobodys: bool,
}

/// What is done to a silence, in the words of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Silence,
    Expire,
}

impl Objects {
    pub(super) async fn load(tx: &Tx, access: &Access) -> Result<Self, AppError> {
        let (services, projects) = tx.list_owners().await?;
        let service = |it: Service| Mine {
            id: it.id,
            service: it.id,
            role: access.on_service(it.id),
            name: it.name.into(),
        };
        let project = |it: Project| Mine {
            id: it.id,
            service: it.service,
            role: access.on_project(it.id, it.service),
            name: it.name.into(),
        };
        Ok(Self {
            superuser: access.is_superuser(),
            services: services.into_iter().map(service).collect(),
            projects: projects.into_iter().map(project).collect(),
        })
    }

    /// None at all, of somebody who may do everything.
    pub(super) fn of_superuser() -> Self {
        Self {
            superuser: true,
            services: Vec::new(),
            projects: Vec::new(),
        }
    }

    /// What the conditions touch.
    pub(super) fn touched(&self, conditions: &Conditions) -> Touched<'_> {
        let by_project = conditions.name("project");
        let without_project = conditions.let_pass("project", "");
        let passing = |service: &&Mine<_>| conditions.let_pass("service", &service.name);
        let services: Vec<_> = self.services.iter().filter(passing).collect();
        let ids: BTreeSet<ServiceId> = services.iter().map(|service| service.id).collect();
        let inside = |project: &&Mine<_>| {
            ids.contains(&project.service) && conditions.let_pass("project", &project.name)
        };
        let projects = if by_project {
            self.projects.iter().filter(inside).collect()
        } else {
            Vec::new()
        };
        let services_too = without_project && (by_project || conditions.name("service"));
        Touched {
            services: if services_too { services } else { Vec::new() },
            projects,
            nobodys: without_project && conditions.let_pass("service", ""),
        }
    }

    /// Whether the conditions touch anything that whoever asks may see.
    pub(super) fn sees(&self, conditions: &Conditions) -> bool {
        let touched = self.touched(conditions);
        self.superuser
            || touched.services.iter().any(|it| it.role.is_some())
            || touched.projects.iter().any(|it| it.role.is_some())
    }

    /// Why whoever asks may not do so, in sentences; empty when they may. Only names of what they
    /// may see are told.
    pub(super) fn refusal(&self, conditions: &Conditions, deed: Deed) -> Vec<String> {
        if self.superuser {
            return Vec::new();
        }
        let touched = self.touched(conditions);
        let nothing = touched.projects.is_empty() && touched.services.is_empty();
        let hidden = touched.projects.iter().any(|it| it.role.is_none())
            || touched.services.iter().any(|it| it.role.is_none());
        let mut sentences = Vec::new();
        sentences.extend(deed.refused("projects", &touched.projects));
        sentences.extend(deed.refused("services", &touched.services));
        if nothing || hidden || touched.nobodys {
            sentences.push(deed.of_strangers().to_owned());
        }
        sentences
    }
}

impl Deed {
    /// The sentence about those objects that may be seen and not be edited, if there are any.
    fn refused<Id>(self, kind: &str, objects: &[&Mine<Id>]) -> Option<String> {
        let seen_only = |it: &&&Mine<Id>| it.role.is_some_and(|role| role < Role::Editor);
        let names = objects.iter().filter(seen_only);
        let mut names: Vec<&str> = names.map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        let what = match self {
            Self::Silence => "silence alerts for",
            Self::Expire => "expire the silence that matches",
        };
        let which = match names.len() {
            0 => return None,
            1..=NAMES => format!("the following {kind}: {}", names.join(", ")),
            count => format!("{count} {kind}"),
        };
        Some(format!("You do not have permission to {what} {which}."))
    }

    /// The sentence about everything else. It must not tell whether a name exists.
    pub(super) fn of_strangers(self) -> &'static str {
        match self {
            Self::Silence => {
                "Only a superuser may silence alerts of other services and projects, or of none."
            }
            Self::Expire => {
                "Only a superuser may expire a silence that matches alerts of other services and \
                 projects, or of none."
            }
        }
    }
}

#[cfg(test)]
mod tests;
