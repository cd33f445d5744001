//! A project with its service, shard and farm.

use promgen_core::app::projects::ProjectDetail;
use promgen_core::model::{Farm, Project, Shard};
use serde::Serialize;
use utoipa::ToSchema;

use super::services::ServiceSimple;

/// A project by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectRetrieve {
    id: i32,
    name: String,
    description: String,
    /// User name of who answers for it.
    #[schema(required)]
    owner: Option<String>,
    /// Id of that user.
    #[schema(required)]
    owner_id: Option<i32>,
    service: ServiceSimple,
    shard: ProjectShard,
    #[schema(required)]
    farm: Option<ProjectFarm>,
}

/// The shard of a project.
#[derive(Debug, Serialize, ToSchema)]
struct ProjectShard {
    id: i32,
    name: String,
    url: String,
    /// Whether the Prometheus proxy asks it.
    proxy: bool,
    /// Whether it takes further projects.
    enabled: bool,
    /// How many samples it is meant for.
    samples: u64,
    /// How many targets it is meant for.
    targets: u64,
}

/// The farm of a project.
#[derive(Debug, Serialize, ToSchema)]
struct ProjectFarm {
    id: i32,
    name: String,
    /// Key of its source; `promgen` for a local farm.
    source: String,
    /// Whether its hosts come from a discovery source.
    remote: bool,
    /// Name of the first project that it serves.
    #[schema(required)]
    project: Option<String>,
    /// Id of that project.
    #[schema(required)]
    project_id: Option<i32>,
    /// Ids of all projects that it serves and that one may see.
    projects: Vec<i32>,
}

impl From<ProjectDetail> for ProjectRetrieve {
    fn from(detail: ProjectDetail) -> Self {
        let project = detail.project;
        Self {
            id: project.id.0,
            name: project.name.to_string(),
            description: project.description,
            owner: detail.owner,
            owner_id: project.owner.map(|owner| owner.0),
            service: detail.service.into(),
            shard: detail.shard.into(),
            farm: detail.farm.map(ProjectFarm::from),
        }
    }
}

impl From<Shard> for ProjectShard {
    fn from(shard: Shard) -> Self {
        Self {
            id: shard.id.0,
            name: shard.name.to_string(),
            url: shard.url,
            proxy: shard.proxy,
            enabled: shard.enabled,
            samples: shard.samples,
            targets: shard.targets,
        }
    }
}

impl From<(Farm, Vec<Project>)> for ProjectFarm {
    fn from((farm, served): (Farm, Vec<Project>)) -> Self {
        let first = served.first();
        Self {
            remote: !farm.is_local(),
            id: farm.id.0,
            name: farm.name.to_string(),
            source: farm.source,
            project: first.map(|project| project.name.to_string()),
            project_id: first.map(|project| project.id.0),
            projects: served.iter().map(|project| project.id.0).collect(),
        }
    }
}
