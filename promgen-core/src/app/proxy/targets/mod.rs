//! How targets are, from the Prometheus that scrapes them.
//!
//! Asked is the instant query of `up`, whose answer is as large as what one page shows. Why a target is
//! down is told only by the list of all targets of a server; that one is read when something is down,
//! piece by piece, and never kept. A shard that does not answer leaves the page whole: then nothing is
//! known, and that is said.

mod errors;
mod objects;
mod turn;
mod up;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::StreamExt as _;

use crate::app::hosts;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{Project, ProjectId, Service, Shard};
use crate::rules::quoted;
pub(in crate::app) use turn::Reasons;
use up::Series;

/// How long a server may take for each of the two questions. Whoever looks waits for it.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many shards are asked at once.
const AT_ONCE: usize = 8;

/// How the targets of a project or a host are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetsHealth {
    /// What Prometheus knows, by host, job and instance.
    pub targets: Vec<TargetHealth>,
    /// The shards that did not answer, with what happened.
    pub silent: Vec<String>,
}

/// How one target is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetHealth {
    /// Its host: the instance without its port.
    pub host: String,
    /// The label `job`.
    pub job: String,
    /// The label `instance`.
    pub instance: String,
    /// The label `project`.
    pub project: String,
    /// Whether the last scrape succeeded.
    pub up: bool,
    /// Why it did not, where the server told that in time.
    pub error: Option<String>,
}

impl TargetsHealth {
    /// The targets on a host.
    pub fn on<'a>(&'a self, host: &'a str) -> impl Iterator<Item = &'a TargetHealth> {
        self.targets
            .iter()
            .filter(move |target| target.host == host)
    }
}

/// What is asked of one shard.
struct Question {
    shard: Shard,
    query: String,
    /// The pairs of service and project that the actor may see; others are left out of the answer.
    pairs: BTreeSet<(String, String)>,
}

/// How the targets of a project are.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without a role on it. A
/// shard that does not answer is no error.
pub async fn project_health(
    app: &App,
    actor: &Actor,
    id: ProjectId,
) -> Result<TargetsHealth, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let missing = || AppError::not_found("project", &id);
    let project = tx.load_project(id).await?.ok_or_else(missing)?;
    access.require_on(Act::See, On::Project(&project), app.settings())?;
    let service = tx.load_service(project.service).await?;
    let service = service.ok_or_else(missing)?;
    let shard = tx.load_shard(project.shard).await?.ok_or_else(missing)?;
    drop(tx);
    let query = format!(
        "up{{service={},project={}}}",
        quoted(&service.name),
        quoted(&project.name)
    );
    let question = Question {
        shard,
        query,
        pairs: BTreeSet::from([pair(&service, &project)]),
    };
    Ok(ask_all(app, vec![question]).await)
}

/// How the targets on a host are, as far as the actor may see their projects.
///
/// # Errors
/// [`AppError::NotFound`] when no farm that the actor may see has the host.
pub async fn host_health(app: &App, actor: &Actor, name: &str) -> Result<TargetsHealth, AppError> {
    let picture = hosts::picture(app, actor, name).await?;
    let instance = quoted(&hosts::instances_on(name));
    let mut questions = Vec::new();
    for shard in picture.shards {
        let on_it = picture.projects.iter().filter(|one| one.shard == shard.id);
        let pairs = on_it.filter_map(|project| {
            let service = picture
                .services
                .iter()
                .find(|one| one.id == project.service)?;
            Some(pair(service, project))
        });
        questions.push(Question {
            pairs: pairs.collect(),
            query: format!("up{{instance=~{instance}}}"),
            shard,
        });
    }
    Ok(ask_all(app, questions).await)
}

fn pair(service: &Service, project: &Project) -> (String, String) {
    (service.name.to_string(), project.name.to_string())
}

async fn ask_all(app: &App, questions: Vec<Question>) -> TargetsHealth {
    let mut asking = Vec::new();
    for question in &questions {
        asking.push(ask(app, question));
    }
    let mut health = TargetsHealth::default();
    let mut answers = futures_util::stream::iter(asking).buffered(AT_ONCE);
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(targets) => health.targets.extend(targets),
            Err(silence) => health.silent.push(silence),
        }
    }
    health.targets.sort();
    health.targets.dedup();
    health
}

async fn ask(app: &App, question: &Question) -> Result<Vec<TargetHealth>, String> {
    let shard = &question.shard;
    let told = |failure| format!("{}: {failure}", shard.name);
    let series = up::ask(app, shard, &question.query).await.map_err(told)?;
    let seen = |one: &Series| question.pairs.contains(&one.pair());
    let series: Vec<Series> = series.into_iter().filter(seen).collect();
    let down = series.iter().filter(|one| !one.up).map(Series::key);
    let down: BTreeSet<_> = down.collect();
    let mut errors = BTreeMap::new();
    // A shard in trouble tells its reasons to one at a time: its whole list is large, and many look at
    // once. Without the reason a target is still seen to be down.
    let turn = (!down.is_empty())
        .then(|| app.reasons().begin(shard.id))
        .flatten();
    if turn.is_some() {
        match errors::ask(app, shard, &down).await {
            Ok(found) => errors = found,
            Err(error) => tracing::debug!(shard = %shard.name, %error, "no reasons were told"),
        }
    }
    drop(turn);
    let target = |one: Series| TargetHealth {
        error: errors.remove(&one.key()),
        host: host_of(&one.instance).to_owned(),
        up: one.up,
        job: one.job,
        instance: one.instance,
        project: one.project,
    };
    Ok(series.into_iter().map(target).collect())
}

/// The host of an instance.
fn host_of(instance: &str) -> &str {
    match instance.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => instance,
    }
}
