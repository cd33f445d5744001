//! Version 2: ids in paths, pages, and the document that it is described by.

mod alerts;
mod deliveries;
mod exporters;
mod farm_hosts;
mod farm_sources;
mod farms;
mod groups;
mod holders;
mod logs;
mod members;
mod notifiers;
mod people;
mod probes;
mod project_detail;
mod projects;
mod roles;
mod rules;
mod servers;
mod services;
mod shard_servers;
mod shards;
mod silences;
mod sites;
mod tokens;
mod tree;
mod urls;

use crate::routes::Routes;

/// Its routes.
pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(alerts::routes())
        .merge(deliveries::routes())
        .merge(groups::routes())
        .merge(holders::routes())
        .merge(members::routes())
        .merge(people::routes())
        .merge(projects::routes())
        .merge(logs::routes())
        .merge(notifiers::routes())
        .merge(probes::routes())
        .merge(rules::routes())
        .merge(servers::routes())
        .merge(services::routes())
        .merge(silences::routes())
        .merge(sites::routes())
        .merge(tokens::routes())
        .merge(tree::routes())
        .merge(farms::routes())
        .merge(farm_hosts::routes())
        .merge(farm_sources::routes())
        .merge(exporters::routes())
        .merge(urls::routes())
        .merge(shards::routes())
        .merge(shard_servers::routes())
}
