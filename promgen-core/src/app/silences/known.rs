//! What whoever asks may see and silence of alerts, by the services and projects that those name.

use std::collections::{BTreeMap, BTreeSet};

use super::read::MISMATCH;
use super::recent::ActiveAlert;
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{ProjectId, Role, ServiceId};
use crate::store::Tx;

/// Of alerts with these labels, which whoever asks may silence: those of a service or project that
/// they may edit.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn may_silence(
    app: &App,
    actor: &Actor,
    alerts: &[BTreeMap<String, String>],
) -> Result<Vec<bool>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ListSilences, app.settings())?;
    let known = Known::load(&tx, alerts.iter()).await?;
    let may = |labels| known.may_silence(labels, &access);
    Ok(alerts.iter().map(may).collect())
}

/// Services and projects that alerts name.
#[derive(Debug, Default)]
pub(super) struct Known {
    services: BTreeMap<String, ServiceId>,
    /// With the service of each.
    projects: BTreeMap<String, (ProjectId, ServiceId)>,
}

impl Known {
    /// Those that some alerts name in their labels.
    pub(super) async fn load<'a>(
        tx: &Tx,
        alerts: impl Iterator<Item = &'a BTreeMap<String, String>> + Clone,
    ) -> Result<Self, AppError> {
        let named = |label: &'static str| -> Vec<String> {
            let names = alerts.clone().filter_map(|labels| labels.get(label));
            let names: BTreeSet<&String> = names.collect();
            names.into_iter().cloned().collect()
        };
        let (services, projects) = (named("service"), named("project"));
        if services.is_empty() && projects.is_empty() {
            return Ok(Self::default());
        }
        let (services, projects) = tx.owners_named(&services, &projects).await?;
        let service = services.into_iter().map(|it| (it.name.into(), it.id));
        let project = projects
            .into_iter()
            .map(|it| (it.name.into(), (it.id, it.service)));
        Ok(Self {
            services: service.collect(),
            projects: project.collect(),
        })
    }

    /// Whether an alert bears something that whoever asks may see.
    pub(super) fn shows(&self, alert: &ActiveAlert, access: &Access) -> bool {
        access.is_superuser() || self.role(&alert.labels, access).is_some()
    }

    /// The role of whoever asks on what an alert names, the greater of two.
    fn role(&self, labels: &BTreeMap<String, String>, access: &Access) -> Option<Role> {
        let service = labels.get("service");
        let service = service.and_then(|name| self.services.get(name));
        let project = labels.get("project");
        let project = project.and_then(|name| self.projects.get(name));
        let of_service = service.and_then(|id| access.on_service(*id));
        let of_project = project.and_then(|(id, of)| access.on_project(*id, *of));
        of_service.max(of_project)
    }

    /// Whether whoever asks may silence what bears these labels.
    fn may_silence(&self, labels: &BTreeMap<String, String>, access: &Access) -> bool {
        access.is_superuser() || self.role(labels, access) >= Some(Role::Editor)
    }

    /// The alert with what is wrong about its labels, for whoever asks.
    pub(super) fn told(&self, alert: &ActiveAlert, access: &Access) -> ActiveAlert {
        let mut alert = alert.clone();
        alert.may_silence = self.may_silence(&alert.labels, access);
        let labels = (alert.labels.get("service"), alert.labels.get("project"));
        if let (Some(service), Some(project)) = labels {
            let service = self.services.get(service);
            let text = match self.projects.get(project) {
                None => Some("Project from alert's labels is not found."),
                Some((_, of)) if service != Some(of) => Some(MISMATCH),
                Some(_) => None,
            };
            alert.warnings.extend(text.map(str::to_owned));
        }
        alert
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn labels_that_do_not_fit_together_are_told() {
        let known = Known {
            services: BTreeMap::from([
                ("shop".to_owned(), ServiceId(1)),
                ("bank".to_owned(), ServiceId(2)),
            ]),
            projects: BTreeMap::from([("web".to_owned(), (ProjectId(1), ServiceId(1)))]),
        };
        let nobody = Access::without_roles(&Actor::Anonymous, &Settings::default());
        let warnings = |service, project| {
            let alert = ActiveAlert::bearing(&[("service", service), ("project", project)]);
            known.told(&alert, &nobody).warnings.len()
        };
        assert_eq!(warnings("shop", "web"), 0);
        assert_eq!(warnings("bank", "web"), 1);
        assert_eq!(warnings("shop", "gone"), 1);
    }
}
