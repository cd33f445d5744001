//! What goes away with shards, probes and rules, and what keeps the first two.

use super::tree::project_names;
use super::{FIRST, Fate, Loss, first, some};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Listed, ProjectFilter, Sort, rules};
use crate::model::{ProbeId, ProjectId, RuleId, ShardId};
use crate::store::{RuleFilter, UrlFilter, Visible};

/// What goes away with a shard; one that has projects stays.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard, [`AppError::Forbidden`] for whoever may not change the
/// site.
pub async fn of_shard(app: &App, actor: &Actor, id: ShardId) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ChangeSite, app.settings())?;
    let shard = tx.load_shard(id).await?;
    shard.ok_or_else(|| AppError::not_found("shard", &id))?;
    let on_it = ProjectFilter {
        shard_id: Some(id),
        ..ProjectFilter::default()
    };
    let projects = tx.page_projects(&Visible::All, &on_it, FIRST).await?;
    if projects.count > 0 {
        return Ok(Fate::Stays(vec![Loss::Projects(projects)]));
    }
    let servers = first(tx.list_servers_of(id).await?);
    Ok(Fate::Goes(some([Loss::Servers(servers)])))
}

/// Nothing goes away with a probe; one that URLs use stays.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown probe, [`AppError::Forbidden`] for whoever may not change the
/// site.
pub async fn of_probe(app: &App, actor: &Actor, id: ProbeId) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ChangeSite, app.settings())?;
    let probe = tx.load_probe(id).await?;
    probe.ok_or_else(|| AppError::not_found("probe", &id))?;
    let by_it = UrlFilter {
        probe: Some(id),
        ..UrlFilter::default()
    };
    let urls = tx
        .page_urls(&Visible::All, by_it, Sort::default(), FIRST)
        .await?;
    if urls.count == 0 {
        return Ok(Fate::Goes(Vec::new()));
    }
    let above: Vec<ProjectId> = urls.items.iter().map(|url| url.project).collect();
    let names = project_names(&tx, &above).await?;
    let placed = urls.filter_map(|url| {
        let name = names.get(&url.project)?.clone();
        Some((url, name))
    });
    Ok(Fate::Stays(vec![Loss::Urls(placed)]))
}

/// What is otherwise without a rule. Overrides that the actor may not see are counted, not named.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule, [`AppError::Forbidden`] for whoever may not write the
/// rules of its owner.
pub async fn of_rule(app: &App, actor: &Actor, id: RuleId) -> Result<Vec<Loss>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Edit, app.settings())?;
    let rule = tx.load_rule(id).await?;
    let rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
    rules::require_writer(app, &tx, &access, rule.owner).await?;
    let of_it = RuleFilter {
        parent: Some(id),
        ..RuleFilter::default()
    };
    let all = tx.page_rules(&Visible::All, &of_it, FIRST).await?;
    let seen = tx.page_rules(&access.visible(), &of_it, FIRST).await?;
    Ok(some([Loss::Overrides(Listed {
        count: all.count,
        items: seen.items,
    })]))
}
