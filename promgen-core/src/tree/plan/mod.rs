//! Working out the tree as it should be after applying a document.
//!
//! The current tree is copied, the document's statements are made true in the copy, and, when
//! asked to, what its lists leave out is removed. All findings are collected; with one error among
//! them there is no plan.

mod below;
mod farms;
mod prune;
mod rules;
mod senders;
mod top;

use std::collections::{BTreeMap, BTreeSet};

use super::document::{At, Document};
use super::draft::Draft;
use super::summary::Summary;
use crate::model::{
    ExporterId, FarmId, HostId, PresetId, ProbeId, Problem, ProjectId, RuleId, RuleOwner, SenderId,
    SenderOwner, ServerId, ServiceId, ShardId, Timestamp, Tree, UrlId, User, UserId, has_errors,
};

/// How a document is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanOptions {
    /// Remove what the lists of the document leave out.
    pub prune: bool,
    /// Make users that the document names and that do not exist.
    pub create_users: bool,
    /// The present: when new users were made.
    pub now: Timestamp,
}

/// What applying a document comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The whole tree afterwards. New objects have the ids -1, -2, … of their kind, in the order of
    /// the document, and others refer to them by those.
    pub target: Tree,
    /// The difference to the current tree.
    pub summary: Summary,
    /// Findings that stop nothing.
    pub warnings: Vec<Problem>,
}

/// Works out the tree after applying a document to `current`.
///
/// # Errors
/// Every finding at once, with its place in the document.
pub fn plan(
    document: &Document,
    current: &Tree,
    options: &PlanOptions,
) -> Result<Plan, Vec<Problem>> {
    let mut planner = Planner {
        options: *options,
        draft: Draft::of(current),
        problems: Vec::new(),
        named: BTreeMap::new(),
        said: Said::default(),
    };
    planner.users(document);
    planner.top(document);
    planner.services(document);
    planner.orphan_farms(document);
    planner.all_rules(document);
    planner.follow_renames(current);
    planner.all_senders(document);
    if options.prune {
        planner.prune(document);
    }
    if has_errors(&planner.problems) {
        return Err(planner.problems);
    }
    let target = planner.draft.into_tree();
    let summary = Summary::between(current, &target);
    Ok(Plan {
        target,
        summary,
        warnings: planner.problems,
    })
}

struct Planner {
    options: PlanOptions,
    draft: Draft,
    problems: Vec<Problem>,
    /// Names that the document has used, by kind, to find those it uses twice.
    named: BTreeMap<(&'static str, String), usize>,
    said: Said,
}

/// What the document has mentioned, and which lists it holds whole.
#[derive(Debug, Default)]
struct Said {
    shards: BTreeSet<ShardId>,
    servers: BTreeSet<ServerId>,
    probes: BTreeSet<ProbeId>,
    presets: BTreeSet<PresetId>,
    services: BTreeSet<ServiceId>,
    projects: BTreeSet<ProjectId>,
    farms: BTreeSet<FarmId>,
    hosts: BTreeSet<HostId>,
    exporters: BTreeSet<ExporterId>,
    urls: BTreeSet<UrlId>,
    rules: BTreeSet<RuleId>,
    senders: BTreeSet<SenderId>,
    servers_of: BTreeSet<ShardId>,
    projects_of: BTreeSet<ServiceId>,
    hosts_of: BTreeSet<FarmId>,
    exporters_of: BTreeSet<ProjectId>,
    urls_of: BTreeSet<ProjectId>,
    rules_of: BTreeSet<RuleOwner>,
    senders_of: BTreeSet<SenderOwner>,
}

impl Planner {
    fn error(&mut self, at: &At, key: &str, message: impl Into<String>, remedy: &str) {
        let field = if key.is_empty() {
            at.path.clone()
        } else {
            format!("{}.{key}", at.path)
        };
        self.problems
            .push(Problem::error(field, message, remedy).at(at.place));
    }

    /// Notes that the document names something, and reports when it did so before.
    fn once(&mut self, kind: &'static str, name: &str, at: &At) {
        let line = at.place.line;
        if let Some(first) = self.named.insert((kind, name.to_owned()), line) {
            let message = format!("{kind} {name} stands here again, after line {first}");
            self.error(at, "", message, "keep one of them");
        }
    }

    /// Which object an entry is about: that of its id, which a new name renames, or that of its
    /// name, or a new one.
    fn subject<I: Copy + Eq>(
        &mut self,
        kind: &'static str,
        at: &At,
        id: Option<(I, bool)>,
        name: &str,
        named: Option<I>,
    ) -> Option<I> {
        match id {
            Some((_, false)) => {
                let message = format!("there is no {kind} of that id");
                self.error(at, "id", message, "leave the id out to make a new one");
                named
            }
            Some((id, true)) => {
                if named.is_some_and(|other| other != id) {
                    let message = format!("{kind} {name} exists already, under another id");
                    self.error(at, "name", message, "choose another name");
                }
                Some(id)
            }
            None => named,
        }
    }

    fn users(&mut self, document: &Document) {
        for user in document.users.iter().flatten() {
            self.once("user", &user.username, &user.at);
            let Some(id) = self.user(&user.username, &user.at, "username") else {
                continue;
            };
            if let (Some(email), Some(found)) = (&user.email, self.draft.users.get_mut(&id)) {
                found.email.clone_from(email);
            }
        }
    }

    /// The user of that name, made where that is wanted.
    fn user(&mut self, username: &str, at: &At, key: &str) -> Option<UserId> {
        if let Some(id) = self.draft.user_named(username) {
            return Some(id);
        }
        if !self.options.create_users {
            let message = format!("user {username} does not exist");
            self.error(
                at,
                key,
                message,
                "make the user first, or apply with --create-users",
            );
            return None;
        }
        let id = UserId(super::draft::provisional(&self.draft.users, |id| id.0));
        let user = User {
            id,
            username: username.to_owned(),
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            superuser: false,
            active: true,
            created: self.options.now,
            timezone: None,
            language: None,
        };
        self.draft.users.insert(id, user);
        Some(id)
    }
}
